"""The image boots on every shape of machine, and ends as it should."""
import os
import re
import subprocess

import pytest

from keel.machine import DEBUG, built


def fsck(disk):
    """What e2fsck -fn says; asserts that it found nothing."""
    result = subprocess.run(['e2fsck', '-fn', disk], capture_output=True,
                            text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize('smp', [1, 2, 4, 8])
def test_boots_with_harts(boot, smp):
    machine = boot(smp=smp)
    assert machine.check('grep -c "^processor" /proc/cpuinfo') == str(smp)
    assert machine.poweroff() == 0


@pytest.mark.parametrize('mem', ['32M', '64M', '1G', '4G'])
def test_boots_with_memory(boot, mem):
    machine = boot(mem=mem)
    total_kib = int(re.search(r'MemTotal:\s+(\d+)',
                              machine.check('cat /proc/meminfo')).group(1))
    wanted = int(mem[:-1]) * (1024 if mem[-1] == 'M' else 1024 * 1024)
    # In debug builds the sanitizer's shadow takes an eighth.
    least = 0.85 - (0.125 if DEBUG else 0)
    assert wanted * least < total_kib <= wanted
    assert machine.poweroff() == 0


def test_boots_with_modern_virtio(boot):
    machine = boot(extra=['-global', 'virtio-mmio.force-legacy=false'])
    machine.check('test -d /etc')
    assert machine.poweroff() == 0


@pytest.mark.parametrize('bios', ['sbi', 'opensbi'])
def test_boots_as_a_kernel_of(boot, bios):
    machine = boot(bios=bios, smp=2, append='keel.test=1')
    assert 'keel.test=1' in machine.check('cat /proc/cmdline')
    assert machine.poweroff() == 0


def test_reboots(boot):
    machine = boot()
    machine.send('reboot\n')
    machine.expect('restarting')
    machine.wait_prompt()
    assert machine.text().count('# ') >= 2
    assert machine.poweroff() == 0


def test_files_survive_poweroff(boot, tmp_path):
    machine = boot(smp=2)
    machine.check('mkdir -p /root/kept/deep && echo one >/root/kept/deep/file')
    machine.check('ln -s deep/file /root/kept/link')
    machine.check('cp /bin/busybox /root/kept/copy')
    assert machine.poweroff() == 0
    fsck(machine.disk)

    machine = boot(smp=2)
    assert machine.check('cat /root/kept/link') == 'one'
    machine.check('cmp /bin/busybox /root/kept/copy || '
                  'busybox cmp /bin/busybox /root/kept/copy')
    machine.check('rm -r /root/kept')
    assert machine.poweroff() == 0
    fsck(machine.disk)


def test_boot_is_quick(boot):
    """
    Under 60 M guest instructions from reset to prompt.

    A nanosecond is an instruction here; what the hart spent waiting for the
    disk and for us is left out.  Before the kernel counts, the firmware has
    used less than 1.5 M (tests/sbi measures it).
    """
    machine = boot(icount=True)
    stats = machine.check('cat /proc/schedstat')
    busy_ns = int(re.search(r'cpu0( 0){6} (\d+)', stats).group(2))
    assert 0.5e6 < busy_ns < 58.5e6


@pytest.mark.skipif(DEBUG, reason='what checks itself is larger')
def test_images_fit_a_k210():
    assert os.path.getsize(built('keel.bin')) < 768 * 1024


def test_boots_what_the_device_tree_names(boot, tmp_path):
    """/chosen's riscv,kernel-start, where no loader says where the kernel is."""
    tree = str(tmp_path / 'virt.dtb')
    subprocess.run(['qemu-system-riscv64', '-machine',
                    f'virt,dumpdtb={tree}', '-m', '256M'], check=True,
                   capture_output=True)
    subprocess.run(['fdtput', '-t', 'x', tree, '/chosen',
                    'riscv,kernel-start', '0', '80400000'], check=True)
    machine = boot(bios='sbi', kernel='none', disk=None, extra=[
        '-dtb', tree, '-device',
        f'loader,file={built("Image")},addr=0x80400000,force-raw=on'])
    assert 'by /chosen' in machine.text()
    assert machine.poweroff() == 0
