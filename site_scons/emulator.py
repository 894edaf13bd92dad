"""Command lines of the emulators."""


def qemu(options, images, disk=True, bios=None, extra=()):
    """QEMU's virt machine with our firmware, kernel and disk."""
    command = ['qemu-system-riscv64', '-machine', 'virt', '-nographic',
               '-smp', options['SMP'], '-m', options['MEM'],
               '-bios', str(bios or images['keel.bin'])]
    if disk:
        command += ['-drive', f'file={images["rootfs.img"]},format=raw,'
                    'if=none,id=d0', '-device', 'virtio-blk-device,drive=d0']
    return command + list(extra)
