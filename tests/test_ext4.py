"""ext4 on the host (tests/ext4), on images of mke2fs, judged by e2fsck."""
import subprocess

import pytest

from keel.machine import built

LAYOUTS = {
    'ext4-4k': ['-t', 'ext4', '-b', '4096'],
    'ext4-1k': ['-t', 'ext4', '-b', '1024'],
    'ext4-2k-gdt-csum': ['-t', 'ext4', '-b', '2048', '-O',
                         '^metadata_csum,uninit_bg'],
    'ext4-no-csum': ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum'],
    'ext4-meta-bg': ['-t', 'ext4', '-b', '1024', '-g', '1024', '-O',
                     'meta_bg,^resize_inode'],
    'ext4-small-inodes': ['-t', 'ext4', '-b', '4096', '-I', '128', '-O',
                          '^dir_index'],
    'ext2-1k': ['-t', 'ext2', '-b', '1024'],
    'ext3-4k': ['-t', 'ext3', '-b', '4096'],
}


def make_image(path, layout, size='48M'):
    subprocess.run(['mke2fs', '-q', '-F', *LAYOUTS[layout], str(path), size],
                   check=True, capture_output=True)
    return str(path)


def check(mode, image, seed, count):
    result = subprocess.run(
        [built('tests/ext4/check'), mode, image, str(seed), str(count)],
        capture_output=True, text=True, timeout=600, errors='replace')
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-8000:]


def assert_clean(image):
    result = subprocess.run(['e2fsck', '-fn', image], capture_output=True,
                            text=True, errors='replace')
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize('layout', LAYOUTS)
def test_random_operations_leave_a_clean_image(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout)
    check('random', image, 1, 3000)
    assert_clean(image)


def test_a_full_disk_is_an_error_and_nothing_worse(tmp_path):
    image = make_image(tmp_path / 'image', 'ext4-1k', '8M')
    check('random', image, 2, 3000)
    assert_clean(image)


@pytest.mark.parametrize('layout', ['ext4-1k', 'ext4-no-csum'])
def test_large_directories_are_proper_hash_trees(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout)
    check('names', image, 1, 12000)
    assert_clean(image)


@pytest.mark.parametrize('layout', ['ext4-1k', 'ext4-no-csum', 'ext2-1k'])
def test_damaged_images_do_no_harm(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout, '4M')
    check('random', image, 1, 500)
    check('walk', image, 1, 60)


@pytest.mark.parametrize('layout', ['ext4-1k', 'ext2-1k'])
def test_lack_of_memory_does_no_harm(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout)
    check('fault', image, 1, 1500)


@pytest.mark.parametrize('layout', ['ext4-4k', 'ext2-1k'])
def test_what_was_synced_survives_loss_of_power(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout)
    check('crash', image, 1, 1500)
    assert_clean(image)


@pytest.mark.parametrize('layout', ['ext4-4k', 'ext4-1k', 'ext2-1k', 'ext3-4k'])
def test_blocks_and_sizes_wait_for_commits(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout, '24M')
    check('order', image, 1, 0)
    assert_clean(image)


@pytest.mark.parametrize('layout', ['ext4-4k', 'ext4-1k', 'ext2-1k'])
def test_sync_waits_for_what_others_write_back(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout, '8M')
    check('sync', image, 2, 40)
    assert_clean(image)


@pytest.mark.parametrize('layout', ['ext4-4k', 'ext4-1k', 'ext2-1k'])
def test_replacing_a_file_leaves_the_old_or_the_new_one(tmp_path, layout):
    image = make_image(tmp_path / 'image', layout)
    check('replace', image, 1, 0)
    assert_clean(image)


@pytest.mark.parametrize('layout', ['ext4-1k', 'ext2-1k'])
def test_open_files_without_a_name_are_freed_after_loss_of_power(tmp_path,
                                                                 layout):
    image = make_image(tmp_path / 'image', layout)
    for seed in range(3):
        check('orphans', image, seed, 0)
        assert_clean(image)
