"""Power cuts of a whole machine whose disk has a volatile write cache.

user/tests/t_power.c runs on four harts and says what it has synced.  QEMU logs
every write and flush; so afterwards the disk can be had as it may be at any
moment: what was flushed, and anything of the rest, down to single sectors.
From there e2fsck must be able to replay the journal and find nothing else
wrong, or our kernel boots, perhaps to be cut off again meanwhile; either way all
that was synced is there, and what was not yet is of one moment.

POWER_CUTS=100 in the environment makes more cuts than the few that always run.
"""
import os
import random
import subprocess

import pytest
from keel import powerload
from keel.machine import Machine, built
from keel.writelog import LoggedDisk

CUTS = int(os.environ.get('POWER_CUTS', '10'))
BOOTS = int(os.environ.get('POWER_CUTS', '2'))
PROCESSES = 4
ROUNDS = 48
UNREAD = 200
DIRECTORY = '/root/power'


class Load:
    """What t_power did: its disk, and when it had synced what."""

    def __init__(self, directory):
        self.disk = LoggedDisk(directory, built('rootfs.img'))
        self.synced = []        # (entries in the log, process, round)
        self.begin = 0          # entries before it began

    def run(self, directory):
        """Run until enough was synced, and take the machine away."""
        with Machine(directory, disk=None, smp=4,
                     extra=self.disk.options()) as machine:
            machine.wait_prompt()
            self.begin = self.disk.count()
            machine.send('/usr/lib/tests/t_power '
                         f'{DIRECTORY} {PROCESSES} 100000\n')
            for _ in range(PROCESSES * ROUNDS):
                match = machine.expect(r'synced (\d+) (\d+)\.')
                # It was before these entries were counted.
                self.synced.append((self.disk.count(), int(match.group(1)),
                                    int(match.group(2))))

    def synced_at(self, end):
        """The last round that each process had reported by then."""
        rounds = {}
        for count, process, number in self.synced:
            if count <= end:
                rounds[process] = number
        return rounds

    def last_round(self, process):
        """No later round has ever begun, however late we read the reports."""
        return max((number for _, who, number in self.synced
                    if who == process), default=powerload.FIRST) + UNREAD

    def cut(self, image, rng):
        """Make a disk after a cut; what must be on it, as synced_at()."""
        end = rng.randrange(self.begin, self.disk.count() + 1)
        self.disk.cut(image, end, rng)
        return self.synced_at(end)

    def check_files(self, directory, image, synced):
        """What was synced is in the image."""
        subprocess.run(['debugfs', '-R', f'rdump {DIRECTORY} {directory}',
                        image], check=True, capture_output=True)
        for process, number in synced.items():
            powerload.check_process(
                os.path.join(directory, 'power', str(process)),
                process, number, self.last_round(process))


@pytest.fixture(scope='module', name='load')
def make_load(tmp_path_factory):
    """One for all cuts."""
    directory = tmp_path_factory.mktemp('load')
    load = Load(directory)
    load.run(directory)
    return load


def e2fsck(image, *options):
    """What it says, and its status."""
    result = subprocess.run(['e2fsck', *options, image], check=False,
                            capture_output=True, text=True)
    return result.stdout + result.stderr, result.returncode


def assert_clean(image):
    """e2fsck finds nothing but totals that are corrected by the way."""
    said, status = e2fsck(image, '-fn')
    assert status == 0, said
    return said


@pytest.mark.parametrize('seed', range(1, CUTS + 1))
def test_e2fsck_finds_what_was_synced(load, tmp_path, seed):
    image = str(tmp_path / 'cut.img')
    synced = load.cut(image, random.Random(seed))
    said, status = e2fsck(image, '-y', '-E', 'journal_only')
    assert status in (0, 1), said
    assert_clean(image)
    load.check_files(tmp_path, image, synced)


def boot_and_use(boot, image):
    """Boot from it, as it is, and write on."""
    machine = boot(smp=2, disk=image)
    assert 'e2fsck' not in machine.text()
    machine.check('echo more >/root/more; sync')
    assert machine.poweroff() == 0
    assert 'Fix?' not in assert_clean(image)


@pytest.mark.parametrize('seed', range(1, BOOTS + 1))
def test_a_boot_finds_what_was_synced(load, boot, tmp_path, seed):
    image = str(tmp_path / 'cut.img')
    synced = load.cut(image, random.Random(seed))
    boot_and_use(boot, image)
    load.check_files(tmp_path, image, synced)


@pytest.mark.parametrize('seed', range(1, BOOTS + 1))
def test_a_cut_while_recovering(load, boot, tmp_path, seed):
    rng = random.Random(seed)
    image = str(tmp_path / 'cut.img')
    synced = load.cut(image, rng)
    disk = LoggedDisk(tmp_path, image)
    machine = boot(smp=2, disk=None, extra=disk.options())
    machine.check('echo idle >/root/idle; sync')
    machine.__exit__(None, None, None)
    disk.cut(image, rng.randrange(disk.count() + 1), rng)
    boot_and_use(boot, image)
    load.check_files(tmp_path, image, synced)
