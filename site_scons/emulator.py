"""Command lines of the emulators."""
import k210_image


def qemu(options, images, disk=True, bios=None, extra=()):
    """QEMU's virt machine with our firmware, kernel and disk."""
    command = ['qemu-system-riscv64', '-machine', 'virt', '-nographic',
               '-smp', options['SMP'], '-m', options['MEM'],
               '-bios', str(bios or images['keel.bin'])]
    if disk:
        command += ['-drive', f'file={images["rootfs.img"]},format=raw,'
                    'if=none,id=d0', '-device', 'virtio-blk-device,drive=d0']
    return command + list(extra)


def k210_flash(options, images):
    """The flash image; with APPEND= one of its own that has it."""
    if not options['APPEND']:
        return images['k210/keel.img']
    with open(images['keel.bin'], 'rb') as keel:
        body = k210_image.with_bootargs(keel.read(), options['APPEND'])
    path = images['k210/keel.img'].replace('keel.img', 'keel-append.img')
    with open(path, 'wb') as image:
        image.write(k210_image.flash_image(body))
    return path


def k210sim(options, images, extra=()):
    """Our simulator of the K210, with the SD card."""
    return [images['k210sim'], '--board', options['K210'],
            '--flash', k210_flash(options, images),
            '--sd', images['k210/sdcard.img'],
            '--symbols', images['keel.elf'],
            '--symbols', images['kernel.elf'], *extra]
