"""Losses of power on the host (tests/ext4/cut.h): what is left mounts, is what
it may be, and e2fsck agrees; and disks that fail while commits are written.

POWER_CUTS=20000 in the environment makes about that many cuts over all layouts,
with other seeds, instead of some dozens of each."""
import itertools
import os
import re
import subprocess

import pytest

from keel.machine import built

# Several groups, for copies of the super block; logs that are soon full.
LAYOUTS = {
    'ext4-1k': ['-t', 'ext4', '-b', '1024'],
    'ext4-1k-tiny-journal': ['-t', 'ext4', '-b', '1024', '-J', 'size=1'],
    'ext4-4k': ['-t', 'ext4', '-b', '4096', '-g', '1024', '-J', 'size=4'],
    'ext4-4k-32bit': ['-t', 'ext4', '-b', '4096', '-g', '1024', '-J', 'size=4',
                      '-O', '^64bit'],
    'ext4-2k-no-csum': ['-t', 'ext4', '-b', '2048', '-g', '2048', '-J',
                        'size=2', '-O', '^metadata_csum,^64bit'],
    'ext4-gdt-csum': ['-t', 'ext4', '-b', '1024', '-J', 'size=1', '-O',
                      '^metadata_csum,uninit_bg'],
    'ext4-small-inodes': ['-t', 'ext4', '-b', '1024', '-g', '2048', '-I',
                          '128', '-J', 'size=1'],
    'ext3-1k': ['-t', 'ext3', '-b', '1024', '-J', 'size=1'],
    'ext3-4k': ['-t', 'ext3', '-b', '4096', '-g', '1024', '-J', 'size=4'],
    'ext2-1k': ['-t', 'ext2', '-b', '1024'],
    'ext2-4k': ['-t', 'ext2', '-b', '4096', '-g', '1024'],
}
# The same file system each time, hashes and checksums included.
UUID = '4b65656c-0000-4000-8000-000000000000'
ALWAYS = ['-q', '-F', '-U', UUID, '-E', f'hash_seed={UUID}']
CUTS = int(os.environ.get('POWER_CUTS', '0')) // len(LAYOUTS)


def run(tmp_path, layout, mode, seed, operations, every):
    """Make a file system and lose power while it changes: how many cuts."""
    image = str(tmp_path / 'image')
    subprocess.run(['mke2fs', *ALWAYS, *LAYOUTS[layout], image, '10M'],
                   check=True, capture_output=True,
                   env={**os.environ, 'E2FSPROGS_FAKE_TIME': '1700000000'})
    result = subprocess.run(
        [built('tests/ext4/check'), mode, image, str(seed), str(operations),
         str(every)],
        capture_output=True, text=True, timeout=600, errors='replace')
    assert result.returncode == 0, (
        f'seed {seed}\n' + result.stdout[-4000:] + result.stderr[-8000:])
    return int(re.search(r'(\d+) cuts', result.stdout)[1])


@pytest.mark.parametrize('layout', LAYOUTS)
def test_what_is_left_after_a_loss_of_power_is_whole(tmp_path, layout):
    if not CUTS:
        assert run(tmp_path, layout, 'cuts', 1, 150, 100)
        return
    done = 0
    for seed in itertools.count(100):
        if done >= CUTS:
            break
        done += run(tmp_path, layout, 'cuts', seed, 600, 15)


@pytest.mark.parametrize('layout', ['ext4-1k-tiny-journal', 'ext4-4k',
                                    'ext3-1k', 'ext2-1k'])
def test_a_disk_that_fails_in_commits_leaves_something_whole(tmp_path, layout):
    for seed in range(100, 100 + 1 + CUTS // 50):
        assert run(tmp_path, layout, 'break', seed, 150, 100)
