"""Power cuts while the K210 writes to its SD card.

A shell on the K210 writes files, each followed by fsync(2), and says so on the
console.  At some block write the power goes: what the card had not finished is
lost, in part and in any order.  Afterwards e2fsck must be able to make the file
system whole, and every file of which fsync(2) had returned must be there with
its contents.

The block in flight is written whole or not at all (--sd-whole): without a
journal, a directory whose block is half garbage has lost its names.

Where the power goes comes from a seed.  POWER_CUTS=100 in the environment
makes more of them than the few that always run.
"""
import os
import random
import re
import subprocess

import pytest

CUTS = int(os.environ.get('POWER_CUTS', '4'))
LAST_BLOCK = 4000
LINES = 300

# File n has the numbers from 1000 n on; every third one is removed again.
LOAD = ('mkdir /root/w; n=0; while :; do n=$((n+1)); '
        f'busybox seq $((n*1000)) $((n*1000+{LINES - 1})) >/tmp/x; '
        'dd if=/tmp/x of=/root/w/$n bs=4k conv=fsync 2>/dev/null && '
        'echo synced $n.; '
        '[ $((n%3)) = 0 ] && rm /root/w/$((n-1)); done')


def content(number):
    """What file number has."""
    return ''.join(f'{number * 1000 + line}\n'
                   for line in range(LINES)).encode()


def e2fsck(part, *options):
    """e2fsck's status."""
    return subprocess.run(['e2fsck', '-f', *options, part], check=False,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode


def read_file(part, name):
    """The contents of a file on the partition, by debugfs."""
    return subprocess.run(['debugfs', '-R', f'cat {name}', part], check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


@pytest.mark.parametrize('seed', range(1, CUTS + 1))
def test_what_was_synced_outlives_a_power_cut(boot, tmp_path, seed):
    cut = random.Random(seed).randrange(1, LAST_BLOCK)
    machine = boot(board='k210', prompt=False,
                   extra=['--seed', str(seed), '--sd-whole', '--sd-cut',
                          str(cut)])
    # An early cut comes before the prompt.
    machine.expect(r'# $|power')
    machine.send(LOAD + '\r')
    assert machine.wait_end() == 7
    synced = {int(n) for n in re.findall(r'synced (\d+)\.', machine.text())}
    removed = {n - 1 for n in range(3, max(synced, default=0) + 2, 3)}

    part = machine.partition(tmp_path)
    assert e2fsck(part, '-y') in (0, 1)
    assert e2fsck(part, '-n') == 0
    for number in sorted(synced - removed):
        assert read_file(part, f'/root/w/{number}') == content(number), (
            f'file {number} of {len(synced)} after a cut at block {cut}')
