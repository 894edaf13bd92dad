"""Software that we did not write, on our firmware, and our kernel on another.

Debian's U-Boot comes with the host package u-boot-qemu, Debian 13's Linux with
the riscv64 packages that setup.sh keeps in its cache.
"""
import os
import re
import sys

import pytest

from keel.firmware import firmwares
from keel.machine import Machine
from keel.packages import package_file

UBOOT = '/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin'
SITE_SCONS = os.path.join(os.path.dirname(__file__), '..', 'site_scons')

# A shell without a line editor or prompts: a line in, its output, its status.
LINUX_INIT = b'''#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
echo '@ready'
while read -r command; do
	eval "$command"
	echo "@status:$?"
done
'''
# As Linux's log names what it found: arch/riscv/kernel/sbi.c and its users.
LINUX_FINDS = ['SBI specification v3.0', 'SBI TIME extension detected',
               'SBI IPI extension detected', 'SBI RFENCE extension detected',
               'SBI SRST extension detected', 'SBI DBCN extension detected',
               'SBI HSM extension detected', 'SBI PMU extension is available',
               'SBI SUSP extension detected']


@pytest.fixture
def start(tmp_path):
    """start(kernel, **options): a Machine with our firmware."""
    machines = []

    def start_machine(kernel, **options):
        machines.append(Machine(tmp_path, bios='sbi', kernel=kernel, disk=None,
                                **options))
        return machines[-1]

    yield start_machine
    for machine in machines:
        machine.__exit__(None, None, None)


# --- U-Boot ------------------------------------------------------------------

def uboot_prompt(machine):
    """Stop the countdown; wait for the prompt."""
    machine.expect('Hit any key to stop autoboot')
    machine.send('\n')
    machine.expect('=> ')


def uboot_run(machine, command):
    """A command's output."""
    machine.send(command + '\n')
    return machine.expect(r'([\s\S]*?)=> ').group(1)


def test_uboot(start):
    if not os.path.exists(UBOOT):
        pytest.skip(f'no {UBOOT}: run ./setup.sh')
    machine = start(UBOOT, smp=2)
    uboot_prompt(machine)
    sbi = uboot_run(machine, 'sbi')
    assert 'SBI 3.0' in sbi
    for name in ('Timer Extension', 'IPI Extension', 'RFENCE Extension',
                 'Hart State Management Extension', 'System Reset Extension',
                 'Performance Monitoring Unit Extension'):
        assert name in sbi
    info = uboot_run(machine, 'bdinfo')
    assert re.search(r'-> size +\S* *= 0x0+10000000', info)
    # It keeps clear of what the firmware reserves.
    assert re.search(r'reserved\[0\]\s*\[0x80000000-', info)
    machine.send('reset\n')
    uboot_prompt(machine)
    machine.send('poweroff\n')
    assert machine.wait_end() == 0


# --- Linux -------------------------------------------------------------------

def write_initramfs(path):
    """busybox and LINUX_INIT, with the build's own cpio writer."""
    if SITE_SCONS not in sys.path:
        sys.path.append(SITE_SCONS)
    from site_tools.images import cpio_entry
    with open(package_file('busybox-static', 'usr/bin/busybox'), 'rb') as file:
        busybox = file.read()
    entries = [
        cpio_entry(1, 'bin', 0o040755),
        cpio_entry(2, 'dev', 0o040755),
        cpio_entry(3, 'init', 0o100755, LINUX_INIT),
        cpio_entry(4, 'bin/busybox', 0o100755, busybox),
        cpio_entry(5, 'dev/console', 0o020600, b'', (5, 1)),
        cpio_entry(0, 'TRAILER!!!', 0),
    ]
    with open(path, 'wb') as archive:
        archive.write(b''.join(entries))
    return str(path)


def linux_run(machine, command):
    """A command's output; it has to succeed."""
    machine.send(command + '\n')
    match = machine.expect(r'([\s\S]*?)@status:(\d+)\r*\n')
    assert match.group(2) == '0', f'{command}: {match.group(1)}'
    return match.group(1)


def test_linux(start, tmp_path):
    machine = start(
        package_file('linux-image-*', 'boot/vmlinu*'), smp=4, mem='512M',
        append='console=ttyS0 loglevel=4',
        extra=['-initrd', write_initramfs(tmp_path / 'initramfs')])
    machine.expect('@ready')
    log = linux_run(machine, 'dmesg')
    for line in LINUX_FINDS:
        assert line in log, line
    assert 'smp: Brought up 1 node, 4 CPUs' in log
    assert 'mem' in linux_run(machine, 'cat /sys/power/state')
    cpu = '/sys/devices/system/cpu'
    linux_run(machine, f'echo 0 >{cpu}/cpu2/online')
    assert '0-1,3' in linux_run(machine, f'cat {cpu}/online')
    linux_run(machine, f'echo 1 >{cpu}/cpu2/online')
    assert '0-3' in linux_run(machine, f'cat {cpu}/online')
    linux_run(machine, 'taskset 4 sleep 0')
    machine.send('reboot -f\n')
    machine.expect('@ready')
    machine.send('poweroff -f\n')
    assert machine.wait_end() == 0


# --- our kernel on the firmware of others ------------------------------------

@pytest.mark.parametrize('name', ['OpenSBI 1.1', 'OpenSBI 1.6'])
def test_our_kernel_on(boot, name):
    path = firmwares()[name]
    if not path:
        pytest.skip(f'no {name}: run ./setup.sh')
    machine = boot(bios=path, smp=4)
    assert machine.check('grep -c "^processor" /proc/cpuinfo') == '4'
    machine.send('reboot\n')
    machine.wait_prompt()
    assert machine.poweroff() == 0
