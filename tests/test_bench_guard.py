"""What calls cost may not get worse, and what got better is recorded.

user/bench counts instructions, and without a disk its runs are identical or
nearly so, however busy the machine is: a difference is one of the code. With a
disk it varies how often somebody waits, and how often the flusher and timers
come by meanwhile, most on a busy machine. After a change that is meant,
`bench/run.py BUILD --expect` writes bench/expected.tsv anew.
"""
import os

import pytest

from keel import bench_expected
from keel.bench import DISK_SUFFIX
from keel.machine import BUILD

TOLERANCE = 0.05
TOLERANCE_DISK = 0.3


def tolerance(row):
    """By which part a row may differ from what is recorded."""
    return TOLERANCE_DISK if row.endswith(DISK_SUFFIX) else TOLERANCE


@pytest.mark.skipif(os.path.basename(BUILD) == 'debug',
                    reason='DEBUG=1 builds count their checks, too')
def test_costs_are_as_recorded():
    expected = bench_expected.read()
    guarded = bench_expected.NAMES
    assert sorted(expected) == sorted(guarded), \
        f'{bench_expected.PATH} has other rows'
    measured = bench_expected.measure()
    worse, better = [], []
    for row in guarded:
        assert isinstance(measured.get(row), int), \
            f'{row}: {measured.get(row)}'
        line = f'{row}: {measured[row]} instructions, not {expected[row]}'
        if measured[row] > expected[row] * (1 + tolerance(row)):
            worse.append(line)
        elif measured[row] < expected[row] * (1 - tolerance(row)):
            better.append(line)
    assert not worse, 'worse than recorded:\n' + '\n'.join(worse)
    assert not better, 'better, to be recorded:\n' + '\n'.join(better)
