"""What a boot costs: instructions, memory and image sizes of both stacks."""
import os
import re
import signal
import tempfile

from keel import linux
from keel.firmware import firmwares
from keel.machine import Machine, built

MEMORY_KIB = 256 * 1024
PLUGIN = 'bench/count.so'
# Some shells ask the terminal something behind it.
PROMPT = r'# (?:$|\x1b)'
# Mounts what programs expect, and becomes a shell with a prompt.
LINUX_INIT = b'''#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
exec /bin/busybox sh
'''
LINUX_LINES = {
    'Linux on OpenSBI 1.6': 'console=ttyS0',
    'Linux on OpenSBI 1.6, quiet, ciphers untested':
        'console=ttyS0 quiet cryptomgr.notests',
}


def counted(folder, **options):
    """Boot to the prompt: {when: [firmware, kernel, programs]}, instructions.

    'kernel' and 'program': at the first instruction of each; 'end': at the
    prompt.
    """
    log = os.path.join(folder, 'count.log')
    extra = [*options.pop('extra', []), '-icount', 'shift=0,sleep=on',
             '-plugin', built(PLUGIN), '-d', 'plugin', '-D', log]
    with Machine(folder, extra=extra, timeout=600, **options) as machine:
        machine.expect(PROMPT)
        machine.console.kill(signal.SIGTERM)
        machine.wait_end()
    with open(log, encoding='ascii') as lines:
        return {when: [int(number) for number in numbers.split()]
                for when, numbers in
                re.findall(r'count (\w+) (.*)', lines.read())}


def used_kib(folder, **options):
    """Memory that is not free at the prompt, firmware and kernel included."""
    with Machine(folder, timeout=600, **options) as machine:
        machine.expect(PROMPT)
        machine.send('cat /proc/meminfo\n')
        free = machine.expect(r'MemFree:\s+(\d+)').group(1)
    return MEMORY_KIB - int(free)


def linux_options(folder, append):
    """Machine()'s options for Linux and a shell."""
    archive = linux.write_initramfs(f'{folder}/initramfs', {},
                                    init=LINUX_INIT)
    return dict(bios=firmwares()['OpenSBI 1.6'] or 'opensbi',
                kernel=linux.kernel(), append=append, disk=None,
                extra=['-initrd', archive])


def measure(step):
    """({stack: counts as counted()}, {stack: KiB in use}); step(what)."""
    counts, used = {}, {}
    step('boot of Keel')
    with tempfile.TemporaryDirectory() as folder:
        counts['Keel'] = counted(folder)
        used['Keel'] = used_kib(folder)
    if not linux.kernel():
        return counts, used
    for name, append in LINUX_LINES.items():
        step(f'boot of {name}')
        with tempfile.TemporaryDirectory() as folder:
            counts[name] = counted(folder, **linux_options(folder, append))
            used[name] = used_kib(folder, **linux_options(folder, append))
    return counts, used


def image_sizes():
    """{what: bytes} of all files that take part."""
    paths = {f'firmware, {name}': path for name, path in firmwares().items()}
    paths['kernel, Keel'] = built('Image')
    paths['both and the device trees, Keel'] = built('keel.bin')
    paths['kernel, Linux (without its modules)'] = linux.kernel()
    return {what: os.path.getsize(path) for what, path in paths.items()
            if path}
