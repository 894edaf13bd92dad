"""Guests of the K210 simulator: build them, wrap them, run them."""
import hashlib
import os
import struct
import subprocess

from keel.machine import built

SOURCES = os.path.join(os.path.dirname(__file__), '..', 'k210sim')
CROSS = os.environ.get('CROSS', 'riscv64-unknown-elf-')
PARKED, MISUSE, USAGE, LIMIT, QUIT, DEADLOCK, FAILURE, POWER_CUT = range(8)


def link(directory, name, sources):
    """An ELF file of sources, which are paths or names in tests/k210sim."""
    target = os.path.join(directory, name)
    paths = [os.path.join(SOURCES, source) for source in sources]
    subprocess.run([f'{CROSS}gcc', '-march=rv64gc', '-mabi=lp64d', '-O2',
                    '-mcmodel=medany', '-ffreestanding', '-nostdlib',
                    '-static', '-Wl,--build-id=none', '-Wl,--no-relax',
                    '-Wl,--no-warn-rwx-segments', '-T',
                    os.path.join(SOURCES, 'guest.ld'), '-o', target, *paths],
                   check=True)
    return target


def flash_image(elf):
    """A flash image of an ELF file, as the boot ROM wants it."""
    body = f'{elf}.body'
    subprocess.run([f'{CROSS}objcopy', '-O', 'binary', elf, body], check=True)
    with open(body, 'rb') as file:
        data = file.read()
    return wrap(f'{elf}.image', data)


def wrap(path, body, flags=0):
    """Write header, body and SHA-256; the path."""
    data = struct.pack('<BI', flags, len(body)) + body
    with open(path, 'wb') as file:
        file.write(data + hashlib.sha256(data).digest())
    return path


def assemble(directory, text):
    """A flash image of assembly that hart 0 runs first; hart 1 parks."""
    source = directory / 'guest.S'
    source.write_text('.section .start, "ax"\n_start: .globl _start\n'
                      'csrr t0, mhartid\nbnez t0, park\n' + text +
                      '\npark: csrw mie, zero\n1: wfi\nj 1b\n')
    return flash_image(link(directory, 'guest', [source]))


def run_options(*options, timeout=120, typed=b''):
    """Run the simulator: status, standard output, standard error."""
    result = subprocess.run([built('tools/k210sim'), *map(str, options)],
                            input=typed, capture_output=True, timeout=timeout)
    return (result.returncode, result.stdout.decode('latin-1'),
            result.stderr.decode())


def run(image, *options, limit=200_000_000, timeout=120, typed=b''):
    """run_options() on a flash image, with a limit of instructions."""
    return run_options('--flash', image, '--limit', limit, *options,
                       timeout=timeout, typed=typed)
