"""Power cuts while the K210 writes to its SD card.

A shell on the K210 writes files, each followed by fsync(2), and says so on the
console.  At some block write the power goes: what the card had not finished is
there or not, in any order, and one block of it is half written, with old bytes
or garbage behind.  Then the K210 boots from that card as it is: no e2fsck has
seen it.  It must mount it, find all that was synced, and write on; afterwards
e2fsck must have nothing to say.

Where the power goes comes from a seed.  POWER_CUTS=100 in the environment
makes more of them than the few that always run.
"""
import hashlib
import os
import random
import re
import subprocess

import pexpect
import pytest
from keel.k210 import POWER_CUT
from keel.k210_machine import DISK_OFFSET

CUTS = int(os.environ.get('POWER_CUTS', '1'))
# Blocks of mounting and of the first commits.
EARLY = range(1, 61) if 'POWER_CUTS' in os.environ else (3, 21)
LAST_BLOCK = 2000
REPLAY_BLOCK = 800
LINES = 300

# File n has the numbers from 1000 n on; every third one removes the one before
# it.  `current` is replaced by renaming, and nobody calls fsync(2) for it.
LOAD = ('mkdir /root/w; n=0; while :; do n=$((n+1)); '
        f'busybox seq $((n*1000)) $((n*1000+{LINES - 1})) >/tmp/x; '
        'cp /tmp/x /root/w/new && mv /root/w/new /root/w/current && '
        'dd if=/tmp/x of=/root/w/$n bs=4k conv=fsync 2>/dev/null && '
        'echo synced $n.; '
        '[ $((n%3)) = 0 ] && rm /root/w/$((n-1)); done')
# Changes nothing of what is looked at later.
IDLE = 'while :; do echo idle >/root/idle; sync; done'
SUMS = 'cd /root/w 2>/dev/null && busybox md5sum *; cd /'


def content(number):
    """What file number has."""
    return ''.join(f'{number * 1000 + line}\n'
                   for line in range(LINES)).encode()


def prefix_sums(number):
    """MD5 of all that file number may be until it is synced."""
    text = content(number)
    return {hashlib.md5(text[:size]).hexdigest()
            for size in range(len(text) + 1)}


def whole_sum(number):
    """MD5 of file number."""
    return hashlib.md5(content(number)).hexdigest()


def write_until_cut(boot, seed, block, load):
    """Run load until the power goes at that block; what the console said."""
    machine = boot(board='k210', prompt=False,
                   extra=['--seed', str(seed), '--sd-cut', str(block)])
    # An early cut comes before the prompt.
    if machine.expect([r'# $', pexpect.EOF]) is not pexpect.EOF:
        machine.send(load + '\r')
    assert machine.wait_end() == POWER_CUT
    return machine.text()


def last_synced(text):
    """The number of the last file that was synced."""
    return max(map(int, re.findall(r'synced (\d+)\.', text)), default=0)


def may_be_current(last):
    """MD5 of what `current` may be; only what replaces is whole at once."""
    if not last:
        return {None, *prefix_sums(1)}
    if last == 1:
        return {*prefix_sums(1), whole_sum(2)}
    return {whole_sum(last), whole_sum(last + 1)}


def check_files(sums, last):
    """Are the files as they may be when number last was synced?"""
    for number in range(1, last + 1):
        is_removed = number % 3 == 2
        if is_removed and number + 2 <= last:
            assert str(number) not in sums, 'a removal was lost'
        elif is_removed and number + 1 == last:
            assert sums.pop(str(number), None) in (None, whole_sum(number))
        else:
            assert sums.pop(str(number)) == whole_sum(number)
    # What was not synced yet may be there, and what is of it is true.
    assert sums.pop(str(last + 1), None) in {None, *prefix_sums(last + 1)}
    assert sums.pop('current', None) in may_be_current(last)
    assert sums.pop('new', None) in {None, *prefix_sums(last + 1)}
    assert not sums


def assert_usable(machine):
    """It writes on, and leaves nothing for e2fsck to do."""
    assert 'e2fsck' not in machine.text()
    machine.check('mkdir -p /root/w; echo more >/root/w/more; sync')
    assert machine.poweroff() == 0
    fsck = subprocess.run(
        ['e2fsck', '-fn', f'{machine.disk}?offset={DISK_OFFSET}'],
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = fsck.stdout.decode()
    assert fsck.returncode == 0 and 'Fix?' not in said, said


def boot_and_check(boot, last):
    """Boot from the card as the cut left it, and use it."""
    machine = boot(board='k210')
    check_files({name: md5 for md5, name in
                 re.findall(r'([0-9a-f]{32})  (\S+)', machine.check(SUMS))},
                last)
    assert_usable(machine)


@pytest.mark.parametrize('seed', range(1, CUTS + 1))
def test_what_was_synced_outlives_a_power_cut(boot, seed):
    block = random.Random(seed).randrange(1, LAST_BLOCK)
    text = write_until_cut(boot, seed, block, LOAD)
    boot_and_check(boot, last_synced(text))


@pytest.mark.parametrize('block', EARLY)
def test_a_cut_while_mounting(boot, block):
    text = write_until_cut(boot, block, block, LOAD)
    boot_and_check(boot, last_synced(text))


@pytest.mark.parametrize('seed', range(1, CUTS + 1))
def test_cuts_while_what_a_cut_left_is_replayed(boot, seed):
    rng = random.Random(seed)
    text = write_until_cut(boot, seed, rng.randrange(200, LAST_BLOCK), LOAD)
    for _ in range(rng.randrange(1, 4)):
        # As many early ones as late ones.
        block = int(REPLAY_BLOCK ** rng.random())
        later = write_until_cut(boot, seed, block, IDLE)
        assert 'e2fsck' not in later
    boot_and_check(boot, last_synced(text))


def test_garbage_instead_of_the_super_block(boot):
    """Its second sector tells that the copy is of this file system."""
    machine = boot(board='k210', append='root=none')
    assert machine.poweroff() == 0
    with open(machine.disk, 'r+b') as card:
        card.seek(DISK_OFFSET + 1024)
        card.write(random.Random(1).randbytes(512))
    machine = boot(board='k210')
    assert 'using the copy in group 1' in machine.check('dmesg')
    assert_usable(machine)
