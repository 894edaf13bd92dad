"""Replaying the journal at mount, on the host (tests/ext4): of images whose
journals debugfs or keel/jbd2.py wrote, compared with e2fsck's replay."""
import random
import shutil
import struct
import subprocess

import pytest

from keel import jbd2, linux
from keel.jbd2 import Journal, debugfs
from keel.machine import Machine, built

LAYOUTS = {
    'ext4-4k': (4096, ['-t', 'ext4', '-b', '4096', '-g', '8192']),
    'ext4-1k': (1024, ['-t', 'ext4', '-b', '1024']),
    'ext4-1k-no-csum': (1024, ['-t', 'ext4', '-b', '1024', '-O',
                               '^metadata_csum,^64bit']),
    'ext4-2k-32bit': (2048, ['-t', 'ext4', '-b', '2048', '-O', '^64bit']),
    'ext3-1k': (1024, ['-t', 'ext3', '-b', '1024']),
}
V2, V3, WIDE = (jbd2.INCOMPAT_CSUM_V2, jbd2.INCOMPAT_CSUM_V3,
                jbd2.INCOMPAT_64BIT)
FEATURES = {'plain': 0, 'wide': WIDE, 'v2': V2, 'v2-wide': V2 | WIDE,
            'v3': V3, 'v3-wide': V3 | WIDE}


def make_image(path, layout='ext4-1k', size='24M', journal=1):
    """A file system whose upper half is free, and its block size."""
    block_size, options = LAYOUTS[layout]
    journal = max(journal, block_size // 1024)
    subprocess.run(['mke2fs', '-q', '-F', '-J', f'size={journal}', *options,
                    str(path), size], check=True, capture_output=True)
    return path, block_size


def mount(image, mode='replay'):
    """Mount and unmount it: what became of it, and what the kernel said."""
    result = subprocess.run(
        [built('tests/ext4/check'), mode, str(image), '1'],
        env={'VERBOSE': '1'}, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    log, outcome = result.stdout.split('result: ')
    return outcome.strip(), log


def fsck_replays(image, tmp_path):
    """A copy that e2fsck has replayed, or None if it had reason to complain."""
    copy = tmp_path / 'judge'
    shutil.copy(image, copy)
    result = subprocess.run(['e2fsck', '-E', 'journal_only', '-y', str(copy)],
                            capture_output=True, text=True)
    return copy if result.returncode in (0, 1) else None


def differing_blocks(a, b, block_size):
    """All but the super block, and that of the journal."""
    left, right = a.read_bytes(), b.read_bytes()
    journal = Journal(a, block_size).places[0]
    return [n for n in range(len(left) // block_size)
            if left[n * block_size:(n + 1) * block_size] !=
            right[n * block_size:(n + 1) * block_size] and
            n not in (1024 // block_size, journal)]


def assert_replayed_as_by_fsck(image, block_size, tmp_path, transactions=None,
                               but=()):
    judge = fsck_replays(image, tmp_path)
    assert judge
    outcome, log = mount(image)
    assert outcome == 'writable', log
    assert set(differing_blocks(image, judge, block_size)) <= set(but)
    if transactions is not None:
        assert f'replayed {transactions} transactions' in log
    return log


def assert_refused(image):
    """Mounted read-only, without a byte changed."""
    before = image.read_bytes()
    outcome, log = mount(image)
    assert outcome == 'read-only: 30', log
    assert 'the journal cannot be used' in log
    assert image.read_bytes() == before


def assert_clean(image):
    result = subprocess.run(['e2fsck', '-fn', str(image)], capture_output=True,
                            text=True, errors='replace')
    assert result.returncode == 0, result.stdout


def contents(block_size, seed):
    return random.Random(seed).randbytes(block_size)


def free_blocks(image, block_size):
    """A place in the upper half, where nothing is."""
    return image.stat().st_size // block_size * 3 // 4


def two_transactions(journal, place):
    """Blocks, revokes, escapes; the second changes some of the first's."""
    size = journal.block_size
    escape = struct.pack('>I', jbd2.MAGIC) + contents(size, 9)[4:]
    journal.blocks([(place + n, contents(size, n)) for n in range(8)])
    journal.blocks([(place + 20, escape), (place + 21, contents(size, 21))])
    journal.commit()
    journal.revoke([place + 1, place + 2, place + 3])
    journal.blocks([(place + 3, contents(size, 33)), (place, escape)])
    journal.commit()


# --- journals of debugfs ---

@pytest.mark.parametrize('layout, csum', [
    (layout, csum) for layout in LAYOUTS for csum in ('', '-c -v 2', '-c')
    # There debugfs means checksums of the first kind, which nobody needs.
    if not csum or layout not in ('ext4-1k-no-csum', 'ext3-1k')])
def test_transactions_of_debugfs(tmp_path, layout, csum):
    image, size = make_image(tmp_path / 'image', layout)
    place = free_blocks(image, size)
    data = tmp_path / 'data'
    data.write_bytes(contents(size * 2, 1) + struct.pack('>I', jbd2.MAGIC) +
                     contents(size * 6 - 4, 2))
    debugfs(image, f'jo {csum}', f'jw -b {place}-{place + 7} {data}',
            f'jw -r {place + 3},{place + 5}',
            f'jw -b {place},{place + 10} {data}',
            f'jw -b {place + 3} {data}',
            f'jw -b {place + 12} -c {data}', 'jc', write=True)
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=4)
    assert image.read_bytes()[place * size:(place + 1) * size] == \
        data.read_bytes()[:size]


# --- journals of our own ---

@pytest.mark.parametrize('features', FEATURES)
@pytest.mark.parametrize('layout', ['ext4-1k', 'ext4-4k'])
def test_every_kind_of_tag(tmp_path, layout, features):
    image, size = make_image(tmp_path / 'image', layout)
    journal = Journal(image, size, FEATURES[features] | jbd2.INCOMPAT_REVOKE)
    two_transactions(journal, free_blocks(image, size))
    journal.finish()
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=2)


@pytest.mark.parametrize('features', ['plain', 'v3-wide'])
def test_log_that_wraps_around_with_its_numbers(tmp_path, features):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size, FEATURES[features] | jbd2.INCOMPAT_REVOKE)
    journal.begin(journal.end - 6, 0xfffffffe)
    for n in range(3):
        two_transactions(journal, free_blocks(image, size) + n * 3)
    journal.finish()
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=6)


def test_tags_that_all_have_a_uuid(tmp_path):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size)
    place = free_blocks(image, size)
    journal.blocks([(place + n, contents(size, n)) for n in range(30)], flags=0)
    journal.commit()
    journal.finish()
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=1)


def test_descriptors_that_are_full(tmp_path):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size, V3 | WIDE)
    place = free_blocks(image, size)
    most = (size - 12 - 4 - 16) // 16
    for _ in range(3):
        journal.blocks([(place + n, contents(size, n)) for n in range(most)])
    journal.commit()
    journal.finish()
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=1)


def test_super_block_of_version_1(tmp_path):
    image, size = make_image(tmp_path / 'image', 'ext3-1k')
    journal = Journal(image, size, version=1)
    place = free_blocks(image, size)
    journal.blocks([(place, contents(size, 1))])
    journal.commit()
    journal.finish()
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=1)
    assert_clean(image)


def test_log_that_is_full_to_the_last_block(tmp_path):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size)
    place = free_blocks(image, size)
    for n in range((journal.end - 1) // 3):
        journal.blocks([(place + n % 7, contents(size, n))])
        journal.commit()
    assert journal.at == journal.first
    journal.finish()
    log = assert_replayed_as_by_fsck(image, size, tmp_path)
    # Each of the seven is written once.
    assert 'replayed 341 transactions, 7 blocks' in log


def test_a_second_loss_of_power_in_a_replay_does_no_harm(tmp_path):
    image, size = make_image(tmp_path / 'image')
    place = free_blocks(image, size)
    journal = Journal(image, size, V3)
    two_transactions(journal, place)
    journal.finish()
    # As if some had been written, and torn.
    data = bytearray(image.read_bytes())
    data[place * size:(place + 6) * size] = contents(6 * size, 77)
    image.write_bytes(data)
    judge = fsck_replays(image, tmp_path)
    assert mount(image)[0] == 'writable'
    assert differing_blocks(image, judge, size) == []
    assert mount(image)[0] == 'writable'
    assert differing_blocks(image, judge, size) == []


# --- damage ---

def three_transactions(image, size, features=V3 | WIDE):
    journal = Journal(image, size, features | jbd2.INCOMPAT_REVOKE)
    place = free_blocks(image, size)
    for n in range(3):
        journal.blocks([(place + n, contents(size, n)),
                        (place + 9, contents(size, n + 50))])
        journal.revoke([place + 5])
        journal.commit()
    return journal


@pytest.mark.parametrize('kind', ['DESCRIPTOR', 'REVOKE', 'COMMIT'])
def test_damaged_transaction_in_the_middle_is_refused(tmp_path, kind):
    image, size = make_image(tmp_path / 'image')
    journal = three_transactions(image, size)
    journal.finish()
    journal.spoil(journal.find(getattr(jbd2, kind), 2))
    assert_refused(image)


def test_damaged_block_of_a_transaction_is_refused(tmp_path):
    for number in (1, 3):
        image, size = make_image(tmp_path / 'image')
        journal = three_transactions(image, size)
        journal.finish()
        journal.spoil(journal.find(jbd2.DESCRIPTOR, number) + 1)
        assert_refused(image)


def test_damaged_commit_block_at_the_end_is_no_commit(tmp_path):
    image, size = make_image(tmp_path / 'image')
    journal = three_transactions(image, size)
    journal.finish()
    journal.spoil(journal.find(jbd2.COMMIT, 3))
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=2)


@pytest.mark.parametrize('kind', ['DESCRIPTOR', 'REVOKE'])
@pytest.mark.parametrize('features', ['plain', 'v3-wide'])
def test_damage_that_was_never_committed_is_left_out(tmp_path, kind, features):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size, FEATURES[features] | jbd2.INCOMPAT_REVOKE)
    place = free_blocks(image, size)
    journal.blocks([(place, contents(size, 1))])
    journal.commit()
    journal.revoke([place])
    journal.blocks([(1 << 31, contents(size, 2))])
    journal.finish()
    journal.spoil(journal.find(getattr(jbd2, kind), 2))
    assert_replayed_as_by_fsck(image, size, tmp_path, transactions=1)


@pytest.mark.parametrize('number', [1, 2, 3])
def test_commits_that_overtook_their_blocks(tmp_path, number):
    image, size = make_image(tmp_path / 'image')
    journal = three_transactions(image, size, V3 | jbd2.INCOMPAT_ASYNC)
    journal.finish()
    journal.spoil(journal.find(jbd2.DESCRIPTOR, number) + 1)
    if number < 3:
        assert_refused(image)
    else:
        outcome, log = mount(image)
        assert outcome == 'writable'
        assert 'replayed 2 transactions' in log


def senseless_place(journal, size, place):
    journal.blocks([(place, contents(size, 1)), (0xfffffff0, bytes(size))])


def place_in_the_journal(journal, size, place):
    journal.blocks([(journal.places[5], contents(size, 1))])


def endless_descriptors(journal, size, place):
    for _ in range(journal.end // 2):
        journal.blocks([(place, bytes(size))])


def too_many_revokes(journal, size, place):
    journal.revoke([place], count=size + 1)


@pytest.mark.parametrize('make', [senseless_place, place_in_the_journal,
                                  too_many_revokes])
@pytest.mark.parametrize('features', ['plain', 'v3-wide'])
def test_senseless_transaction_is_refused(tmp_path, make, features):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size, FEATURES[features] | jbd2.INCOMPAT_REVOKE)
    make(journal, size, free_blocks(image, size))
    journal.commit()
    journal.finish()
    assert_refused(image)


def test_descriptors_without_end_come_to_one(tmp_path):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size)
    journal.blocks([(free_blocks(image, size), contents(size, 1))])
    journal.commit()
    endless_descriptors(journal, size, free_blocks(image, size))
    journal.finish()
    outcome, log = mount(image)
    assert outcome == 'writable' and 'replayed 0 transactions' in log


@pytest.mark.parametrize('layout', ['ext4-1k', 'ext4-4k'])
@pytest.mark.parametrize('features', ['plain', 'v2-wide', 'v3-wide'])
def test_spoiled_logs_are_replayed_as_by_fsck_or_refused(tmp_path, layout,
                                                         features):
    image, size = make_image(tmp_path / 'good', layout)
    journal = Journal(image, size, FEATURES[features] | jbd2.INCOMPAT_REVOKE)
    for n in range(4):
        two_transactions(journal, free_blocks(image, size) + n * 5)
    journal.finish()
    spoiled = tmp_path / 'image'
    for seed in range(12):
        rand = random.Random(seed)
        shutil.copy(image, spoiled)
        journal.image = str(spoiled)
        for _ in range(rand.randint(1, 3)):
            kind, _, block = rand.choice(journal.records)
            journal.spoil(block, rand.randrange(12, 48))
        judge = fsck_replays(spoiled, tmp_path)
        outcome, log = mount(spoiled)
        if outcome == 'writable' and judge:
            assert differing_blocks(spoiled, judge, size) == [], (seed, log)
        else:
            assert outcome in ('writable', 'read-only: 30'), (seed, log)


@pytest.mark.parametrize('features', ['plain', 'v3-wide'])
def test_spoiled_journals_do_no_harm(tmp_path, features):
    image, size = make_image(tmp_path / 'image', size='6M')
    journal = Journal(image, size, FEATURES[features] | jbd2.INCOMPAT_REVOKE)
    for n in range(4):
        two_transactions(journal, free_blocks(image, size) + n * 5)
    journal.finish()
    subprocess.run([built('tests/ext4/check'), 'spoil', str(image), '1', '400'],
                   check=True, timeout=300)


# --- the journal's super block ---

def test_damaged_super_block_is_made_anew(tmp_path):
    image, size = make_image(tmp_path / 'image')
    journal = three_transactions(image, size)
    journal.finish()
    journal.spoil(0, at=0x20)
    outcome, log = mount(image, 'mount')
    assert outcome == 'writable'
    assert "the journal's super block is damaged: made anew" in log
    assert_clean(image)
    # It counts on from the number of the last block in the log.
    assert struct.unpack('>I', Journal(image, size).read(0)[24:28])[0] > 3


@pytest.mark.parametrize('offset, value, why', [
    (12, 2048, 'senseless super block of the journal'),   # s_blocksize
    (16, 100000, 'senseless super block of the journal'),  # s_maxlen
    (20, 0, 'senseless super block of the journal'),       # s_first
    (28, 99999, 'senseless super block of the journal'),   # s_start
    (40, 0x40, 'unknown features of the journal'),
    (40, jbd2.INCOMPAT_FAST_COMMIT, 'unknown features of the journal'),
    (40, jbd2.INCOMPAT_ASYNC, 'unknown features of the journal'),
    (44, 1, 'unknown features of the journal'),            # ro_compat
])
def test_senseless_super_block_is_refused(tmp_path, offset, value, why):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size)
    two_transactions(journal, free_blocks(image, size))
    journal.finish()
    data = journal.read(0)
    journal.write(0, data[:offset] + struct.pack('>I', value) +
                  data[offset + 4:])
    assert why in mount(image)[1]
    assert_refused(image)


def test_log_that_nobody_asks_for_is_emptied(tmp_path):
    image, size = make_image(tmp_path / 'image')
    journal = Journal(image, size, V3)
    two_transactions(journal, free_blocks(image, size))
    journal.finish()
    debugfs(image, 'feature -needs_recovery', write=True)
    before = image.read_bytes()
    outcome, log = mount(image)
    assert outcome == 'writable'
    assert 'what is in the journal is not needed any more' in log
    (tmp_path / 'before').write_bytes(before)
    assert differing_blocks(image, tmp_path / 'before', size) == []
    sequence, start = struct.unpack('>II', journal.read(0)[24:32])
    assert start == 0 and sequence > 2


# --- where the journal is ---

def set_super(image, **fields):
    debugfs(image, *[f'ssv {name} {value}' for name, value in fields.items()],
            write=True)


@pytest.mark.parametrize('layout', ['ext4-1k', 'ext3-1k'])
def test_journal_is_found_by_its_inode(tmp_path, layout):
    image, size = make_image(tmp_path / 'image', layout)
    set_super(image, jnl_backup_type=0)
    journal = Journal(image, size)
    two_transactions(journal, free_blocks(image, size))
    journal.finish()
    # e2fsck brings a copy of the super block up to date.
    assert_replayed_as_by_fsck(image, size, tmp_path, 2, but=[8193])


@pytest.mark.parametrize('layout', ['ext4-1k', 'ext3-1k'])
def test_journal_is_found_without_its_inode(tmp_path, layout):
    """Its inode and all descriptors are spoiled; the log has them."""
    image, size = make_image(tmp_path / 'image', layout)
    data = bytearray(image.read_bytes())
    table = 2 if size == 1024 else 1
    inode = int(debugfs(image, 'imap <8>').split('located at block ')[1]
                .split(',')[0])
    journal = Journal(image, size)
    journal.blocks([(n, bytes(data[n * size:(n + 1) * size]))
                    for n in (table, inode)])
    journal.commit()
    journal.finish()
    data = bytearray(image.read_bytes())
    for n in (table, inode):
        data[n * size:(n + 1) * size] = contents(size, n)
    image.write_bytes(data)
    outcome, log = mount(image, 'mount')
    assert outcome == 'writable', log
    assert_clean(image)


def test_copy_that_is_wrong_is_not_written_to(tmp_path):
    image, size = make_image(tmp_path / 'image', 'ext4-1k-no-csum')
    place = free_blocks(image, size)
    for n in range(3):
        set_super(image, **{f'jnl_blocks[{n * 3 + 5}]': str(place + n * 10)})
    before = image.read_bytes()
    outcome, log = mount(image)
    assert outcome == 'read-only: 30'
    assert 'not where the super block has the journal' in log
    assert image.read_bytes() == before


def test_journal_on_another_device_is_refused(tmp_path):
    image, _ = make_image(tmp_path / 'image')
    set_super(image, journal_inum=0, journal_dev='0x801')
    assert 'the journal is on another device' in mount(image)[1]
    assert_refused(image)


# --- copies of the super block ---

def spoil_super(image, offset=0x30):
    data = bytearray(image.read_bytes())
    data[1024 + offset:1024 + offset + 16] = contents(16, 5)
    image.write_bytes(data)


@pytest.mark.parametrize('options', [
    ['-t', 'ext4', '-b', '1024'],
    ['-t', 'ext4', '-b', '2048'],
    ['-t', 'ext4', '-b', '2048', '-g', '8192'],
    ['-t', 'ext4', '-b', '4096', '-g', '8192'],
    ['-t', 'ext4', '-b', '1024', '-g', '2048'],
    ['-t', 'ext3', '-b', '1024'],
])
def test_copy_of_the_super_block_is_used(tmp_path, options):
    image = tmp_path / 'image'
    subprocess.run(['mke2fs', '-q', '-F', *options, str(image), '48M'],
                   check=True, capture_output=True)
    # ext3 has no checksum: its sizes must be senseless.
    spoil_super(image, 0x100 if 'ext4' in options else 0)
    outcome, log = mount(image, 'probe')
    assert outcome == 'writable'
    assert 'using the copy in group 1' in log
    # It was written to its own place, and there is nothing left to complain of.
    assert mount(image, 'probe')[1] == ''
    assert_clean(image)


def test_torn_super_block_is_known_by_its_other_sector(tmp_path):
    image, _ = make_image(tmp_path / 'image')
    spoil_super(image)
    outcome, log = mount(image, 'probe')
    assert outcome == 'writable'
    assert 'using the copy in group 1' in log
    assert_clean(image)


@pytest.mark.parametrize('other', [b'\0' * 1024, contents(1024, 7)])
def test_super_block_without_magic_must_be_asked_for(tmp_path, other):
    image, _ = make_image(tmp_path / 'image')
    data = bytearray(image.read_bytes())
    data[1024:2048] = other
    image.write_bytes(data)
    before = image.read_bytes()
    assert mount(image, 'probe') == ('not mounted: 22', '')
    assert image.read_bytes() == before
    assert mount(image, 'mount')[0] == 'writable'
    assert_clean(image)


def test_journal_brings_the_super_block_back(tmp_path):
    """The copy says nothing of a journal to replay."""
    image, size = make_image(tmp_path / 'image')
    set_super(image, volume_name='new')
    journal = Journal(image, size, V3)
    # As it was before: the copies in the groups are older.
    debugfs(image, 'feature needs_recovery', write=True)
    journal.blocks([(1, image.read_bytes()[1024:2048])])
    journal.commit()
    journal.finish()
    spoil_super(image)
    outcome, log = mount(image, 'mount')
    assert outcome == 'writable' and 'replayed 1 transactions' in log
    assert image.read_bytes()[1024 + 0x78:1024 + 0x7c] == b'new\0'
    assert_clean(image)


def test_copy_in_another_place_does_not_count(tmp_path):
    """Such as in an image that lies in a file."""
    image, size = make_image(tmp_path / 'image')
    data = bytearray(image.read_bytes())
    at = 8193 * size
    data[at + 0x5a:at + 0x5c] = struct.pack('<H', 3)     # s_block_group_nr
    image.write_bytes(data)
    spoil_super(image, 0x100)
    assert mount(image, 'mount')[0] == 'not mounted: 117'


def test_damaged_super_block_without_copies(tmp_path):
    image, _ = make_image(tmp_path / 'image', size='6M')
    spoil_super(image, 0x100)
    assert mount(image, 'mount')[0] == 'not mounted: 117'
    spoil_super(image)
    assert mount(image, 'mount')[0] == 'not mounted: 22'


# --- journals of Linux ---

def test_log_of_linux(tmp_path):
    """Linux writes until its log has gone around, and QEMU ends."""
    if not linux.kernel():
        pytest.skip('no Linux: run ./setup.sh')
    image, size = make_image(tmp_path / 'image', 'ext4-4k', '48M')
    initramfs = linux.write_initramfs(tmp_path / 'initramfs', linux.modules())
    with Machine(tmp_path, bios='sbi', kernel=linux.kernel(), disk=str(image),
                 mem='512M', append='console=ttyS0 loglevel=1 quiet',
                 extra=['-initrd', initramfs]) as machine:
        machine.expect('@ready')
        for command in (
                'mkdir /mnt; mount -t ext4 /dev/vda /mnt; cd /mnt',
                'i=0; while [ $i -lt 100 ]; do mkdir -p d$i/a/b; '
                'echo $i >d$i/file; sync; [ $i -gt 1 ] && '
                'rm -r d$((i - 2)); i=$((i + 1)); done; sync',
                'exec 3>open; echo text >&3; rm open; ln -s d99 link; sync',
                'rm -r d99; echo more >file; touch nothing'):
            assert linux.run(machine, command)[1] == 0, command
    start = struct.unpack('>I', Journal(image, size).read(0)[28:32])[0]
    assert start > 1
    data = debugfs(image, 'logdump')
    assert data.count('commit block') > 1 and 'revoke table' in data
    outcome, log = mount(image, 'mount')
    assert outcome == 'writable'
    assert '1 orphan cleaned up' in log
    assert_clean(image)
