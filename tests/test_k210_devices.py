"""The K210 simulator's devices: each rule a case of a guest, misuse too."""
import os
import re

import pytest

from keel import k210

GUESTS = ['timer', 'wdt']
FOLDER = os.path.join(k210.SOURCES, 'devices')


def case_names(guest):
    """The names of a guest's cases, from its source."""
    with open(f'{FOLDER}/{guest}.c', encoding='utf-8') as source:
        return re.findall(r'check\(\s*"(\w+)"', source.read())


@pytest.fixture(scope='module')
def printed(tmp_path_factory):
    """printed(guest): the lines that a guest wrote; it runs once."""
    lines = {}

    def run(guest):
        if guest not in lines:
            directory = tmp_path_factory.mktemp(guest)
            elf = k210.link(directory, guest,
                            ['start_k210.S', 'check.c', f'devices/{guest}.c'])
            status, output, errors = k210.run(k210.flash_image(elf),
                                              limit=50_000_000)
            assert (status, errors) == (k210.PARKED, ''), output
            lines[guest] = output.splitlines()
        return lines[guest]

    return run


@pytest.mark.parametrize('guest, name', [(guest, name) for guest in GUESTS
                                         for name in case_names(guest)])
def test_case(printed, guest, name):
    lines = printed(guest)
    assert f'ok {name}' in lines, [line for line in lines if name in line]


GATES = '''
        li a0, 0x50440000
        li a1, -1
        sw a1, 0x2c(a0)
'''
MISUSES = {
    'timer_mode_of_running_timer': ('''
        li a0, 0x502d0000
        li a1, 1
        sw a1, 8(a0)
        li a1, 3
        sw a1, 8(a0)''', 'mode of a running timer'),
    'timer_register': ('li a0, 0x502d0050\nlw a1, 0(a0)',
                       'TIMER0 has no such register'),
    'wdt_stopped_without_reset': ('''
        li a0, 0x50400000
        li a1, 1
        sw a1, 0(a0)
        sw zero, 0(a0)''', 'only its reset stops'),
    'wdt_register': ('li a0, 0x50400020\nlw a1, 0(a0)',
                     'WDT0 has no such register'),
}


@pytest.mark.parametrize('name', MISUSES)
def test_misuse_stops(tmp_path, name):
    """One line names hart, pc, address and rule."""
    text, rule = MISUSES[name]
    status, _, errors = k210.run(k210.assemble(tmp_path, GATES + text))
    assert status == k210.MISUSE
    assert re.fullmatch(r'k210sim: misuse: hart 0 pc 0x8[0-9a-f]+ address '
                        r'0x50[0-9a-f]+: .*' + rule + r'.*\n', errors), errors
