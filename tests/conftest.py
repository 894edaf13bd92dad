"""Fixtures of all tests."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from keel.machine import Machine, built  # noqa: E402  (needs the path above)


def pytest_report_header(config):
    """Say what is tested."""
    return f'build: {built("")}'


@pytest.fixture
def boot(tmp_path):
    """boot(**options): a Machine at its prompt, ended after the test."""
    machines = []

    def start(prompt=True, **options):
        machine = Machine(tmp_path, **options)
        machines.append(machine)
        if prompt:
            machine.wait_prompt()
        return machine

    yield start
    for machine in machines:
        machine.__exit__(None, None, None)
