"""Fixtures of all tests."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from keel.k210_machine import K210  # noqa: E402  (needs the path above)
from keel.machine import Machine, built  # noqa: E402


def pytest_report_header(config):
    """Say what is tested."""
    return f'build: {built("")}'


@pytest.fixture
def boot(tmp_path):
    """boot(**options): a machine at its prompt, ended after the test.

    board: 'virt' (QEMU) or 'k210' (the simulator); options are those of
    Machine or K210.
    """
    machines = []

    def start(prompt=True, board='virt', **options):
        machine = (K210 if board == 'k210' else Machine)(tmp_path, **options)
        machines.append(machine)
        if prompt:
            machine.wait_prompt()
        return machine

    yield start
    for machine in machines:
        machine.__exit__(None, None, None)
