"""QEMU's virt machine with a console that tests talk to.

    with Machine(tmp_path, smp=2) as machine:
        machine.wait_prompt()
        output, status = machine.run('ls /')
        assert machine.poweroff() == 0

keel/console.py has the conversation.
"""
import os
import shutil

from keel.console import BUILD, DEBUG, TIMEOUT, Console, built

__all__ = ['BUILD', 'DEBUG', 'Machine', 'TIMEOUT', 'built']


class Machine(Console):
    """QEMU's virt machine; see the head of this file.

    bios: 'keel' (keel.bin), 'sbi' (sbi.bin with kernel), 'opensbi' (QEMU's own
    with kernel), or a path.  disk: a path, None, or 'copy' for a private copy
    of the root file system.
    """

    def __init__(self, tmp_path, bios='keel', kernel=None, disk='copy',
                 smp=1, mem='256M', append=None, icount=False, extra=(),
                 timeout=TIMEOUT):
        self.disk = self.private_disk(tmp_path) if disk == 'copy' else disk
        args = ['-machine', 'virt', '-nographic', '-monitor', 'none',
                '-chardev', 'stdio,id=console,signal=off',
                '-serial', 'chardev:console', '-smp', str(smp), '-m', mem]
        args += self.boot_args(bios, kernel, append)
        if self.disk:
            args += ['-drive', f'file={self.disk},format=raw,if=none,id=d0',
                     '-device', 'virtio-blk-device,drive=d0']
        if icount:
            args += ['-icount', 'shift=0,sleep=off']
        super().__init__(tmp_path, 'qemu-system-riscv64', args + list(extra),
                         timeout)

    @staticmethod
    def private_disk(tmp_path):
        """A copy of the root file system that the test may change."""
        copy = os.path.join(str(tmp_path), 'disk.img')
        if not os.path.exists(copy):
            shutil.copyfile(built('rootfs.img'), copy)
        return copy

    @staticmethod
    def boot_args(bios, kernel, append):
        """QEMU's options for firmware, kernel and command line."""
        if bios == 'keel' and (kernel or append is not None):
            bios = 'sbi'
        if bios == 'keel':
            return ['-bios', built('keel.bin')]
        path = {'sbi': built('sbi.bin'), 'opensbi': 'default'}.get(bios, bios)
        if kernel == 'none':
            return ['-bios', path]
        args = ['-bios', path, '-kernel', kernel or built('Image')]
        return args + (['-append', append] if append is not None else [])
