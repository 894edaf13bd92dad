"""Power cuts of a whole machine whose disk has a volatile write cache.

user/tests/t_power.c runs on four harts and says what it has synced.  QEMU logs
every write and flush; so afterwards the disk can be had as it may be at any
moment: what was flushed, and anything of the rest, down to single sectors.
From there e2fsck must be able to replay the journal and find nothing else
wrong, or our kernel boots; either way all that was synced is there, and what
was not yet is of one moment.

POWER_CUTS=100 in the environment makes more cuts than the few that always run.
"""
import os
import random
import shutil
import subprocess

import pytest
from keel import powerload, writelog
from keel.machine import Machine, built

CUTS = int(os.environ.get('POWER_CUTS', '10'))
BOOTS = int(os.environ.get('POWER_CUTS', '3'))
PROCESSES = 4
ROUNDS = 48
LOAD = '/root/power'


class Run:
    """What a load did: the log of its writes, and when it had synced what."""

    def __init__(self, directory):
        self.log_path = str(directory / 'writes.log')
        self.base = str(directory / 'base.img')
        self.synced = []        # (entries in the log, process, round)
        self.begin = 0          # entries before the load

    def disk_options(self, disk):
        """QEMU's options for a disk with a write cache and a log."""
        open(self.log_path, 'wb').close()
        return ['-blockdev', f'driver=file,node-name=file,filename={disk}',
                '-blockdev', 'driver=file,node-name=logfile,'
                f'filename={self.log_path}',
                '-blockdev', 'driver=blklogwrites,node-name=disk,file=file,'
                'log=logfile,log-super-update-interval=1',
                '-device', 'virtio-blk-device,drive=disk,write-cache=on']

    def note(self, match):
        """Something was synced, before these entries were counted."""
        self.synced.append((writelog.count_entries(self.log_path),
                            int(match.group(1)), int(match.group(2))))

    def synced_at(self, end):
        """Round last reported by each process when the log was so long."""
        rounds = {}
        for count, process, number in self.synced:
            if count <= end:
                rounds[process] = number
        return rounds

    def last_round(self, process):
        """No later round has begun, ever."""
        return max((number for _, who, number in self.synced
                    if who == process), default=powerload.FIRST) + 1

    def cut(self, directory, log, rng):
        """A disk after a cut, and what must be on it: (path, rounds)."""
        end = rng.randrange(self.begin, len(log.entries) + 1)
        image = str(directory / 'cut.img')
        shutil.copyfile(self.base, image)
        log.cut(image, end, rng)
        return image, self.synced_at(end)


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """A load, ended by taking its machine away."""
    directory = tmp_path_factory.mktemp('load')
    load = Run(directory)
    shutil.copyfile(built('rootfs.img'), load.base)
    disk = str(directory / 'disk.img')
    shutil.copyfile(load.base, disk)
    with Machine(directory, disk=None, smp=4,
                 extra=load.disk_options(disk)) as machine:
        machine.wait_prompt()
        load.begin = writelog.count_entries(load.log_path)
        machine.send(f'/usr/lib/tests/t_power {LOAD} {PROCESSES} 100000\n')
        for _ in range(PROCESSES * ROUNDS):
            load.note(machine.expect(r'synced (\d+) (\d+)\.'))
    return load


def e2fsck(image, *options):
    """What it says, and its status."""
    result = subprocess.run(['e2fsck', *options, image], check=False,
                            capture_output=True, text=True)
    return result.stdout + result.stderr, result.returncode


def assert_clean(image):
    """e2fsck finds nothing."""
    said, status = e2fsck(image, '-fn')
    assert status == 0, said


def check_files(run, directory, image, synced):
    """What was synced is in the image."""
    subprocess.run(['debugfs', '-R', f'rdump {LOAD} {directory}', image],
                   check=True, capture_output=True)
    for process, number in synced.items():
        powerload.check_process(str(directory / 'power' / str(process)),
                                process, number, run.last_round(process))


@pytest.mark.parametrize('seed', range(1, CUTS + 1))
def test_e2fsck_finds_what_was_synced(run, tmp_path, seed):
    log = writelog.WriteLog(run.log_path)
    image, synced = run.cut(tmp_path, log, random.Random(seed))
    said, status = e2fsck(image, '-y', '-E', 'journal_only')
    assert status in (0, 1), said
    assert_clean(image)
    check_files(run, tmp_path, image, synced)


@pytest.mark.parametrize('seed', range(1, BOOTS + 1))
def test_a_boot_finds_what_was_synced(run, boot, tmp_path, seed):
    log = writelog.WriteLog(run.log_path)
    image, synced = run.cut(tmp_path, log, random.Random(1000 + seed))
    machine = boot(smp=2, disk=image)
    assert 'e2fsck' not in machine.text()
    machine.check('echo more >/root/more; sync')
    assert machine.poweroff() == 0
    assert_clean(image)
    check_files(run, tmp_path, image, synced)
