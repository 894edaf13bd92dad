"""Debian's Linux on a Machine: an initramfs of ours, and a line-wise shell.

The kernel and its modules come from the package that setup.sh keeps in its
cache; the archive is written by the build's own cpio writer.
"""
import glob
import lzma
import os
import sys

from keel.packages import find_file

SITE_SCONS = os.path.join(os.path.dirname(__file__), '..', '..', 'site_scons')
PACKAGE = 'linux-image-*'
# What mounting ext4 on a virtio disk needs, in the order of loading.
DISK_MODULES = ['virtio_mmio', 'virtio_blk', 'crc32c_generic', 'libcrc32c',
                'crc16', 'mbcache', 'jbd2', 'ext4']

# A shell without a line editor or prompts: a line in, its output, its status.
INIT = b'''#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
for module in /modules/*; do
	[ -e "$module" ] && insmod "$module"
done
echo '@ready'
while read -r command; do
	eval "$command"
	echo "@status:$?"
done
'''


def kernel():
    """The path of Linux's image; None without the package."""
    return find_file(PACKAGE, 'boot/vmlinu*')


def modules():
    """{file name: bytes} of DISK_MODULES, named so that they sort in order."""
    tree = os.path.join(os.path.dirname(kernel()), '..', 'usr/lib/modules')
    files = {}
    for number, name in enumerate(DISK_MODULES):
        found = glob.glob(f'{tree}/*/kernel/**/{name}.ko.xz', recursive=True)
        with lzma.open(found[0]) as module:
            files[f'modules/{number:02}-{name}.ko'] = module.read()
    return files


def write_initramfs(path, files, init=INIT):
    """An initramfs of busybox, init and files ({path: bytes}); its path."""
    if SITE_SCONS not in sys.path:
        sys.path.append(SITE_SCONS)
    from site_tools.images import cpio_entry
    with open(find_file('busybox-static', 'usr/bin/busybox'), 'rb') as file:
        files = {'bin/busybox': file.read(), 'init': init, **files}
    folders = sorted({part for name in files for part in parents(name)}
                     | {'dev'})
    entries = [cpio_entry(number, name, 0o040755)
               for number, name in enumerate(folders, 1)]
    entries.append(cpio_entry(len(entries) + 1, 'dev/console', 0o020600, b'',
                              (5, 1)))
    for name, data in files.items():
        entries.append(cpio_entry(len(entries) + 1, name, 0o100755, data))
    entries.append(cpio_entry(0, 'TRAILER!!!', 0))
    with open(path, 'wb') as archive:
        archive.write(b''.join(entries))
    return str(path)


def parents(name):
    """The folders that a file's path goes through."""
    parts = name.split('/')[:-1]
    return {'/'.join(parts[:end]) for end in range(1, len(parts) + 1)}


def run(machine, command, timeout=None):
    """A command's output and status; machine has printed @ready before."""
    machine.send(command + '\n')
    match = machine.expect(r'([\s\S]*?)@status:(\d+)\r*\n', timeout)
    return match.group(1).replace('\r', ''), int(match.group(2))
