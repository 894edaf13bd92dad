"""Orphan files as a crash of Linux leaves them, on the host (tests/ext4): what
is in them is finished at the mount, as by e2fsck."""
import re
import struct
import subprocess

import pytest

from keel import jbd2
from keel.jbd2 import debugfs
from keel.machine import built

LAYOUTS = {
    'ext4-4k': ['-t', 'ext4', '-b', '4096', '-O', 'orphan_file'],
    'ext4-1k': ['-t', 'ext4', '-b', '1024', '-O', 'orphan_file'],
    'ext4-csum-seed': ['-t', 'ext4', '-b', '1024', '-O',
                       'orphan_file,metadata_csum_seed'],
    'ext4-no-csum': ['-t', 'ext4', '-b', '1024', '-O',
                     'orphan_file,^metadata_csum'],
}
MAGIC = 0x0b10ca04


class OrphanFile:
    """That of an image; fill() writes it as Linux would."""

    def __init__(self, image):
        self.image = image
        head = subprocess.run(['dumpe2fs', '-h', image], check=True,
                              capture_output=True, text=True).stdout
        self.has_csum = 'metadata_csum' in head
        self.size = int(re.search(r'Block size: +(\d+)', head)[1])
        self.ino = int(re.search(r'Orphan file inode: +(\d+)', head)[1])
        stat = debugfs(image, f'stat <{self.ino}>')
        generation = int(re.search(r'Generation: (\d+)', stat)[1])
        self.blocks = [int(n) for n in debugfs(
            image, f'blocks <{self.ino}>').split('\n')[1].split()]
        seed = re.search(r'Checksum seed: +(\w+)', head)
        with open(image, 'rb') as file:
            file.seek(1024 + 0x68)
            seed = (int(seed[1], 16) if seed else
                    jbd2.crc32c(0xffffffff, file.read(16)))
        self.seed = jbd2.crc32c(seed, struct.pack('<II', self.ino, generation))

    def fill(self, orphans, magic=MAGIC, spoil=0):
        """orphans: inode numbers by (block of the file, entry)."""
        for n, block in enumerate(self.blocks):
            entries = [0] * (self.size // 4 - 2)
            for (lblk, entry), ino in orphans.items():
                if lblk == n:
                    entries[entry] = ino
            data = struct.pack(f'<{len(entries)}I', *entries)
            csum = (jbd2.crc32c(self.seed, struct.pack('<Q', block) + data)
                    if self.has_csum else 0)
            with open(self.image, 'r+b') as file:
                file.seek(block * self.size)
                file.write(data + struct.pack('<II', magic, csum ^ spoil))
        debugfs(self.image, 'feature orphan_present', write=True)


def make_image(tmp_path, layout):
    """Two files without a name, and one longer than its size."""
    image, data = str(tmp_path / 'image'), tmp_path / 'data'
    data.write_bytes(bytes(range(256)) * 800)
    subprocess.run(['mke2fs', '-q', '-F', *LAYOUTS[layout], image, '16M'],
                   check=True, capture_output=True)
    debugfs(image, *[f'write {data} {name}' for name in 'abcd'], write=True)
    inodes = [int(re.search(r'Inode: (\d+)', debugfs(image, f'stat {name}'))[1])
              for name in 'abc']
    debugfs(image, *[command for name in 'ab'
                     for command in (f'sif {name} links_count 0',
                                     f'unlink {name}')],
            'sif c size 5000', write=True)
    return image, inodes


def mount(image, expected='writable'):
    result = subprocess.run(
        [built('tests/ext4/check'), 'mount', image, '1'],
        env={'VERBOSE': '1'}, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    log, outcome = result.stdout.split('result: ')
    assert outcome.strip() == expected
    return log


def fsck(image, *options):
    return subprocess.run(['e2fsck', *options, image], capture_output=True,
                          text=True, errors='replace')


def has_orphans(image):
    return 'orphan_present' in debugfs(image, 'stats')


@pytest.mark.parametrize('layout', LAYOUTS)
def test_orphans_in_the_file_are_finished(tmp_path, layout):
    image, (a, b, c) = make_image(tmp_path, layout)
    orphans = OrphanFile(image)
    last = orphans.size // 4 - 3
    orphans.fill({(0, 0): a, (0, last): c,
                  (len(orphans.blocks) - 1, 3): b})
    judge = str(tmp_path / 'judge')
    subprocess.run(['cp', image, judge], check=True)
    assert '3 orphans cleaned up' in mount(image)
    assert not has_orphans(image)
    result = fsck(image, '-fn')
    assert result.returncode == 0, result.stdout
    assert fsck(judge, '-fp').returncode in (0, 1)
    for field in ('Free blocks', 'Free inodes'):
        free = [re.search(field + r': +(\d+)', debugfs(disk, 'stats'))[1]
                for disk in (image, judge)]
        assert free[0] == free[1]


def test_orphans_of_file_and_list(tmp_path):
    """Both are in use: older kernels, and we, have the list."""
    image, (a, b, c) = make_image(tmp_path, 'ext4-1k')
    OrphanFile(image).fill({(0, 1): b, (1, 7): c})
    debugfs(image, f'ssv last_orphan {a}', write=True)
    assert '3 orphans cleaned up' in mount(image)
    result = fsck(image, '-fn')
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize('spoiled, message', [
    ({'magic': 1}, 'not of an orphan file'),
    ({'spoil': 1}, 'wrong checksum in the orphan file'),
    ({'ino': 4000000}, 'no such inode'),
    ({'ino': 3000}, 'an orphan is not in use'),
])
def test_a_damaged_orphan_file_is_left_to_fsck(tmp_path, spoiled, message):
    image, (a, b, c) = make_image(tmp_path, 'ext4-1k')
    ino = spoiled.pop('ino', b)
    OrphanFile(image).fill({(0, 1): a, (1, 7): ino, (1, 8): c}, **spoiled)
    log = mount(image)
    assert message in log and 'orphans are left over' in log
    assert has_orphans(image)
    assert fsck(image, '-fy').returncode in (0, 1)
    assert fsck(image, '-fn').returncode == 0
    assert 'cleaned up' not in mount(image)
