"""Software that we did not write, on our firmware, and our kernel on another.

Debian's U-Boot comes with the host package u-boot-qemu, Debian 13's Linux with
the riscv64 packages that setup.sh keeps in its cache.
"""
import os
import re

import pytest

from keel import linux
from keel.firmware import firmwares
from keel.machine import Machine
from keel.packages import package_file

UBOOT = '/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin'
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

def linux_run(machine, command):
    """A command's output; it has to succeed."""
    output, status = linux.run(machine, command)
    assert status == 0, f'{command}: {output}'
    return output


def test_linux(start, tmp_path):
    machine = start(
        package_file('linux-image-*', 'boot/vmlinu*'), smp=4, mem='512M',
        append='console=ttyS0 loglevel=4',
        extra=['-initrd',
               linux.write_initramfs(tmp_path / 'initramfs', {})])
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
    machine.expect('restarting')
    machine.wait_prompt()
    assert machine.poweroff() == 0
