"""Broken disks and device trees: a clear message, and nothing is lost."""
import os
import subprocess

import pytest

from keel.gdbstub import GdbStub
from keel.machine import built


def rescue(machine):
    """The machine said why, and its rescue shell works."""
    assert 'rescue' in machine.text().lower()
    assert machine.check('echo $((6 * 7))') == '42'
    assert machine.check('ls /bin') != ''
    assert machine.poweroff() == 0


def make_disk(tmp_path, size):
    """An image of zeros."""
    path = tmp_path / 'bad.img'
    with open(path, 'wb') as image:
        image.truncate(size)
    return str(path)


def test_no_disk_gives_a_rescue_shell(boot):
    rescue(boot(disk=None))


def test_wrong_magic_gives_a_rescue_shell(boot, tmp_path):
    rescue(boot(disk=make_disk(tmp_path, 16 << 20)))


def test_tiny_disk_gives_a_rescue_shell(boot, tmp_path):
    rescue(boot(disk=make_disk(tmp_path, 512)))


def test_truncated_disk_gives_a_rescue_shell(boot, tmp_path):
    path = make_disk(tmp_path, 1 << 20)
    with open(built('rootfs.img'), 'rb') as whole, open(path, 'wb') as part:
        part.write(whole.read(1 << 20))
    rescue(boot(disk=path))


def test_unreadable_disk_gives_a_rescue_shell(boot, tmp_path):
    rules = tmp_path / 'blkdebug.conf'
    rules.write_text('[inject-error]\nevent = "read_aio"\nerrno = "5"\n')
    drive = f'blkdebug:{rules}:{built("rootfs.img")}'
    machine = boot(disk=None, extra=[
        '-drive', f'file={drive},format=raw,if=none,id=d0,readonly=on',
        '-device', 'virtio-blk-device,drive=d0'])
    rescue(machine)


def test_corrupt_root_directory_is_an_error_not_a_panic(boot, tmp_path):
    import shutil
    disk = str(tmp_path / 'corrupt.img')
    shutil.copyfile(built('rootfs.img'), disk)
    # Inode 2's extent header: its magic is gone.
    subprocess.run(['debugfs', '-w', '-R', 'sif <2> block[0] 0', disk],
                   check=True, capture_output=True)
    rescue(boot(disk=disk))


# --- Device trees ----------------------------------------------------------

@pytest.fixture
def tree(tmp_path):
    """The device tree of QEMU's machine, to be changed with fdtput."""
    path = str(tmp_path / 'virt.dtb')
    subprocess.run(['qemu-system-riscv64', '-machine',
                    f'virt,dumpdtb={path}', '-m', '256M'], check=True,
                   capture_output=True)
    return path


def fdtput(tree, *words):
    """Change the tree."""
    subprocess.run(['fdtput', *words[:-1], tree, words[-1]]
                   if words[0] == '-r' else ['fdtput', '-d', tree, *words],
                   check=True)


def nodes(tree, name):
    """Paths of the root's children that begin with name."""
    out = subprocess.run(['fdtget', '-l', tree, '/'], check=True, text=True,
                         capture_output=True).stdout.split()
    return [f'/{node}' for node in out if node.startswith(name)]


def test_no_memory_node_stops_with_a_message(boot, tree):
    for node in nodes(tree, 'memory'):
        fdtput(tree, '-r', node)
    machine = boot(prompt=False, disk=None, extra=['-dtb', tree])
    assert machine.wait_end() != 0
    assert 'memory' in machine.text()


def test_no_console_node_still_boots(boot, tree):
    """Without stdout-path the first UART is taken."""
    fdtput(tree, '/chosen', 'stdout-path')
    machine = boot(disk=None, extra=['-dtb', tree])
    rescue(machine)


@pytest.mark.parametrize('damage', ['magic', 'size', 'structure'])
def test_broken_tree_stops_with_a_failure(boot, tmp_path, damage):
    path = str(tmp_path / 'gdb.sock')
    gdb = GdbStub(path)
    machine = boot(prompt=False, disk=None,
                   extra=['-S', '-gdb', f'unix:{path},server=off'])
    gdb.accept()
    # QEMU's reset code ends with the words that it loads a1 from.
    address = int.from_bytes(gdb.read(0x1020, 8), 'little')
    assert gdb.read(address, 4) == bytes.fromhex('d00dfeed')
    if damage == 'magic':
        gdb.write(address, b'\0\0\0\0')
    elif damage == 'size':
        gdb.write(address + 4, b'\xff\xff\xff\xff')
    else:
        gdb.write(address + 0x38, b'\xff' * 64)
    gdb.resume()
    assert machine.wait_end(60) != 0
    assert 'device tree' in machine.text()
