"""Our firmware, those that it is compared with, its guest, and what calls cost."""
import os
import re
import tempfile

from keel.machine import Machine, built
from keel.packages import find_file

OURS = 'Keel'
OPENSBI = 'usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin'
MEASURE = 'tests/sbi/measure/measure.elf'
GUEST = 'tests/sbi/guest/guest.elf'
SUMMARY = r'(\d+) passed, (\d+) failed, (\d+) skipped\r*\n'


class Results:
    """What the guest printed about its cases."""

    def __init__(self, text):
        text = text.replace('\r', '')
        # OpenSBI's messages may stand before it on the line.
        self.passed = re.findall(r'(?<!not )ok (\w+)$', text, re.MULTILINE)
        self.failed = dict(re.findall(r'^not ok (\w+): (.*)$', text,
                                      re.MULTILINE))
        self.skipped = dict(re.findall(r'^skip (\w+): (.*)$', text,
                                       re.MULTILINE))


def firmwares():
    """{name: path of a fw_dynamic image}, None where it cannot be had."""
    old = os.path.join('/', OPENSBI)
    return {
        OURS: built('sbi.bin'),
        'OpenSBI 1.1': old if os.path.exists(old) else None,
        'OpenSBI 1.6': find_file('opensbi', OPENSBI),
    }


def measure(bios):
    """{row: instructions} of a firmware, as the measuring guest prints them."""
    with tempfile.TemporaryDirectory() as folder:
        with Machine(folder, bios=bios, kernel=built(MEASURE), disk=None,
                     mem='128M', icount=True) as machine:
            machine.expect('\nmeasured')
            text = machine.text()
    return {name: int(value) for name, value in
            re.findall(r'measure (\w+) (\d+)', text)}
