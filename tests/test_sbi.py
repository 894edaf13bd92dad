"""The firmware as S-mode sees it: tests/sbi/guest runs on it, case by case.

The same guest runs on OpenSBI to see that it is not our own misreading that it
checks; where OpenSBI departs from the specification, KNOWN says how.
"""
import re

import pytest

from keel.machine import Machine, built
from keel.packages import package_file

GUEST = 'tests/sbi/guest/guest.elf'
CPUS = ['rv64', 'rv64,sstc=off', 'rv64,h=off', 'rv64,h=on', 'sifive-u54',
        'thead-c906']
MACHINES = {
    'virt': 'virt',
    'virt-aclint': 'virt,aclint=on',
    'sifive_u': 'sifive_u',
    'spike': 'spike',
}
"""Why a case may be skipped on ours: machines differ, and nothing else."""
MAY_SKIP = {
    'one hart', 'no hypervisor extension', 'there is a hypervisor extension',
    "there is no id below this hart's", 'no mask reaches that far',
    'nobody types: option typed',
}
SUMMARY = r'(\d+) passed, (\d+) failed, (\d+) skipped\r?\n'


class Results:
    """What the guest printed about its cases."""

    def __init__(self, text):
        text = text.replace('\r', '')
        self.passed = re.findall(r'^ok (\w+)$', text, re.MULTILINE)
        self.failed = dict(re.findall(r'^not ok (\w+): (.*)$', text,
                                      re.MULTILINE))
        self.skipped = dict(re.findall(r'^skip (\w+): (.*)$', text,
                                       re.MULTILINE))


def start_guest(tmp_path, bios, machine='virt', cpu=None, smp=1, words=(),
                extra=()):
    """A machine that runs the guest with these bootargs."""
    args = ['-machine', machine, *(['-cpu', cpu] if cpu else []), *extra]
    return Machine(tmp_path, bios=bios, kernel=built(GUEST), disk=None,
                   smp=smp, mem='128M', append=' '.join(words), extra=args)


def run_guest(tmp_path, bios, **options):
    """Run all cases to the end; the results."""
    with start_guest(tmp_path, bios, **options) as machine:
        machine.expect(SUMMARY)
        passed, failed, skipped = map(int, machine.console.match.groups())
        machine.wait_end()
        results = Results(machine.text())
    assert (passed, failed, skipped) == tuple(map(len, (
        results.passed, results.failed, results.skipped)))
    return results


def check_ours(tmp_path, **options):
    """All cases pass on ours, or have a reason to be skipped."""
    results = run_guest(tmp_path, 'sbi', **options)
    assert not results.failed, '\n'.join(
        f'{name}: {why}' for name, why in results.failed.items())
    return results


@pytest.mark.parametrize('smp', [1, 2, 4, 8])
def test_cases_with_harts(tmp_path, smp):
    check_ours(tmp_path, smp=smp)
