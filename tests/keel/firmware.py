"""Our firmware, those that it is compared with, and what their calls cost."""
import os
import re
import tempfile

from keel.machine import Machine, built
from keel.packages import find_file

OURS = 'Keel'
OPENSBI = 'usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin'
MEASURE = 'tests/sbi/measure/measure.elf'


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
