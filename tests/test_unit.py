"""Each TEST() of the host unit tests as a case of its own."""
import glob
import os
import subprocess

import pytest

from keel.machine import built


def programs():
    """The test programs that the build made."""
    return sorted(path for path in glob.glob(built('tests/unit/test_*'))
                  if os.access(path, os.X_OK) and '.' not in
                  os.path.basename(path))


def cases():
    """(program, test) of all programs."""
    for program in programs():
        names = subprocess.run([program, '--list'], capture_output=True,
                               text=True, check=True).stdout.split()
        for name in names:
            yield pytest.param(program, name,
                               id=f'{os.path.basename(program)}-{name}')


@pytest.mark.parametrize('program, name', cases())
def test_unit(program, name):
    result = subprocess.run([program, name], capture_output=True, text=True,
                            timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
