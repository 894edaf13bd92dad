"""Command lines of the emulators."""
import k210_image
from SCons.Errors import UserError

K210SIM_QUIT = 4  # its exit status after Ctrl-A X


def qemu(options, images, disk=True, bios=None, extra=()):
    """QEMU's virt machine with our firmware, kernel and disk."""
    command = ['qemu-system-riscv64', '-machine', 'virt', '-nographic',
               '-smp', options['SMP'], '-m', options['MEM'],
               '-bios', str(bios or images['keel.bin'])]
    if disk:
        command += ['-drive', f'file={images["rootfs.img"]},format=raw,'
                    'if=none,id=d0', '-device', 'virtio-blk-device,drive=d0']
    return command + list(extra)


def k210_body(options, images):
    """keel.bin with APPEND= in its tree: the path of a copy."""
    path = images['k210/keel.img'].replace('keel.img', 'keel-append.bin')
    with open(images['keel.bin'], 'rb') as keel:
        try:
            body = k210_image.with_bootargs(keel.read(), options['APPEND'])
        except ValueError as error:
            raise UserError(f'APPEND=: {error}') from error
    with open(path, 'wb') as file:
        file.write(body)
    return path


def k210_flash(options, images):
    """The flash image; with APPEND= one of its own that has it."""
    if not options['APPEND']:
        return images['k210/keel.img']
    body = k210_body(options, images)
    path = body.replace('.bin', '.img')
    with open(body, 'rb') as source, open(path, 'wb') as image:
        image.write(k210_image.flash_image(source.read()))
    return path


def k210_package(options, images):
    """The package for kflash; with APPEND= one of its own that has it."""
    if not options['APPEND']:
        return images['k210/keel.kfpkg']
    body = k210_body(options, images)
    path = body.replace('.bin', '.kfpkg')
    k210_image.write_kfpkg(path, body)
    return path


def k210sim(options, images, extra=()):
    """Our simulator of the K210, with the SD card."""
    return [images['k210sim'], '--board', options['K210'],
            '--flash', k210_flash(options, images),
            '--sd', images['k210/sdcard.img'],
            '--symbols', images['keel.elf'],
            '--symbols', images['kernel.elf'], *extra]
