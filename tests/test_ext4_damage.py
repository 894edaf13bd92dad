"""Images that are damaged on purpose, on the host (tests/ext4)."""
import os
import struct
import subprocess

import pytest

from keel.jbd2 import debugfs
from keel.machine import built

# Without checksums, which would hide what is behind them.
LAYOUTS = {
    'ext4-1k': ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum'],
    'ext4-1k-csum': ['-t', 'ext4', '-b', '1024'],
    'ext4-2k-meta-bg': ['-t', 'ext4', '-b', '2048', '-g', '2048', '-O',
                        '^metadata_csum,meta_bg,^resize_inode'],
    'ext4-4k-small-inodes': ['-t', 'ext4', '-b', '4096', '-I', '128', '-O',
                             '^metadata_csum'],
    'ext3-1k': ['-t', 'ext3', '-b', '1024'],
    'ext2-1k': ['-t', 'ext2', '-b', '1024'],
}
ROUNDS = int(os.environ.get('DAMAGES', 25))
BLOCK = 1024


def make_image(path, layout='ext4-1k', size='4M'):
    subprocess.run(['mke2fs', '-q', '-F', *LAYOUTS[layout], str(path), size],
                   check=True, capture_output=True)
    return path


def check(mode, image, seed=1, count=0, verbose=False):
    """Run the host's checker, which must not fail; what the kernel said."""
    env = {**os.environ, **({'VERBOSE': '1'} if verbose else {})}
    result = subprocess.run(
        [built('tests/ext4/check'), mode, str(image), str(seed), str(count)],
        capture_output=True, text=True, env=env, timeout=ROUNDS + 120,
        errors='replace')
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-8000:]
    return result.stdout


@pytest.mark.parametrize('layout', LAYOUTS)
def test_whatever_is_spoiled_it_ends_well(tmp_path, layout):
    """DAMAGES=n: that many images for each layout."""
    image = make_image(tmp_path / 'image', layout)
    check('random', image, 1, 500)
    debugfs(image, 'mkdir attrs', 'ea_set attrs user.a ' + 'x' * 300,
            write=True)
    check('walk', image, ROUNDS, ROUNDS)


def test_log_behind_a_lock_is_not_written_over(tmp_path):
    """The device could not be written at the mount, so nothing was replayed."""
    image = make_image(tmp_path / 'image', 'ext4-1k-csum')
    block = tmp_path / 'block'
    block.write_bytes(bytes(range(256)) * 4)
    debugfs(image, 'jo', f'jw -b 3000 {block}', 'jc', write=True)
    before = image.read_bytes()
    assert 'result: read-only' in check('unlock', image)
    assert image.read_bytes() == before
    assert 'result: writable' in check('replay', image)


def extent_node(depth, entries):
    """A node of an extent tree in a block: (first, start, length) of each."""
    node = struct.pack('<HHHHI', 0xf30a, len(entries), (BLOCK - 12) // 12,
                       depth, 0)
    for first, start, length in entries:
        node += (struct.pack('<IIHH', first, start, 0, 0) if depth else
                 struct.pack('<IHHI', first, length, 0, start))
    return node.ljust(BLOCK, b'\0')


def test_extents_beyond_the_range_of_their_node(tmp_path):
    """A leaf goes on where the next one begins."""
    unwritten = 32768
    image = make_image(tmp_path / 'image')
    leaves, data = 3000, 3100
    root = struct.pack('<HHHHI', 0xf30a, 2, 4, 1, 0) + b''.join(
        struct.pack('<IIHH', first, leaves + n, 0, 0)
        for n, first in enumerate([0, 1]))
    with open(image, 'r+b') as file:
        file.seek(leaves * BLOCK)
        file.write(extent_node(0, [(0, data, unwritten + 100)]))
        file.write(extent_node(0, [(1, data + 200, unwritten + 1)]))
    empty = tmp_path / 'empty'
    empty.write_bytes(b'')
    words = struct.unpack('<9I', root)
    debugfs(image, f'write {empty} file', 'sif file size 102400',
            'sif file blocks 400', f'setb {leaves} 400',
            *[f'sif file block[{n}] {word:#x}' for n, word in enumerate(words)],
            write=True)
    assert 'not where the index says' in check('visit', image, verbose=True)
