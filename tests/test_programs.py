"""The test programs of user/tests, in the booted system."""
import re
import subprocess

import pytest

PROGRAMS = ['t_proc', 't_jobs', 't_signal', 't_frame', 't_timer', 't_futex',
            't_sched', 't_mm', 't_file', 't_dir', 't_attr', 't_pipe',
            't_elf', 't_event', 't_tty', 't_badptr', 't_oom', 't_code']
FILE_PROGRAMS = ['t_file', 't_dir', 't_attr']


def run(machine, program, directory='/root'):
    """Run one; all of its cases passed."""
    output, status = machine.run(f'cd {directory}; /usr/lib/tests/{program}',
                                 timeout=1500)
    failed = [line for line in output.splitlines()
              if line.startswith('not ok')]
    assert not failed and status == 0, '\n'.join(failed) or output[-3000:]
    assert re.search(r'[1-9]\d* passed, 0 failed', output)


@pytest.mark.parametrize('program', PROGRAMS)
def test_program(boot, program):
    machine = boot(smp=2)
    run(machine, program)
    assert machine.poweroff() == 0


@pytest.mark.parametrize('smp', [2, 4])
def test_smp(boot, smp):
    machine = boot(smp=smp)
    run(machine, 't_smp')
    assert machine.poweroff() == 0


def test_files_on_tmpfs(boot):
    machine = boot()
    for program in FILE_PROGRAMS:
        run(machine, program, '/tmp')
    assert machine.poweroff() == 0


def test_root_survives_the_file_tests(boot):
    """e2fsck finds nothing after them."""
    from test_boot import fsck
    machine = boot(smp=2)
    for program in FILE_PROGRAMS + ['t_pipe']:
        run(machine, program)
    assert machine.poweroff() == 0
    fsck(machine.disk)


def test_remounts(boot, tmp_path):
    """Also while others change what is mounted; e2fsck finds nothing after."""
    from test_boot import fsck
    disk = str(tmp_path / 'second.img')
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext4', disk, '16M'],
                   check=True, capture_output=True)
    machine = boot(smp=4, extra=[
        '-drive', f'file={disk},format=raw,if=none,id=d1',
        '-device', 'virtio-blk-device,drive=d1'])
    disks = machine.run('ls /dev/vd?')[0].split()
    machine.run(f'export REMOUNT_DISK={disks[-1]}')
    run(machine, 't_remount')
    assert machine.poweroff() == 0
    fsck(disk)
