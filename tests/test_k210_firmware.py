"""The firmware on the K210: the conformance guest, and how the chip ends.

The guest lies where sbi.bin, told by its tree, finds a kernel: 2 MiB behind it
in the flash image.  What the K210 lacks is skipped, with a reason.
"""
import os
import re
import struct
import subprocess

import pytest

from keel import k210
from keel.firmware import GUEST, SUMMARY, Results
from keel.k210_machine import k210_image
from keel.machine import built

KERNEL_OFFSET = 0x200000
RAM = 0x80000000
CASES = os.path.join(os.path.dirname(__file__), 'sbi', 'guest')
# A call prints at the speed of the console; a boot takes some 20 million.
LIMIT = 1_000_000_000
FAILED = 6

MAY_SKIP = {
    'no hypervisor extension', "there is no id below this hart's", 'no PMP',
    'nobody types: option typed', "S-mode can't set MXR", 'option lenient',
    'SUM means its opposite', 'misaligned traps cannot be delegated',
    'counters cannot be stopped',
}
MAY_BE_ABSENT = ('cppc_', 'mpxy_', 'dbtr_', 'sta_')


# What runs before the first instruction of the firmware: hart 0 comes late.
STUB_OFFSET = 0xff000
STUB = f"""
        .section .start, "ax"
        .globl _start
_start: csrr t0, mhartid
        bnez t0, 2f
        li t1, 100000
1:      addi t1, t1, -1
        bnez t1, 1b
2:      csrw mie, zero
        li t0, {RAM + 4}
        jr t0
"""


def with_late_hart_0(tmp_path, sbi):
    """sbi.bin, entered through the stub; it begins with csrw mie, zero."""
    assert sbi[:4] == struct.pack('<I', 0x30401073)
    source = tmp_path / 'stub.S'
    source.write_text(STUB)
    stub = k210.link(tmp_path, 'stub', [source])
    subprocess.run([f'{k210.CROSS}objcopy', '-O', 'binary', stub,
                    f'{stub}.bin'], check=True)
    with open(f'{stub}.bin', 'rb') as file:
        code = file.read()
    # jal zero, STUB_OFFSET: bits 10:1, 11 and 19:12 of the distance.
    jump = 0x6f | (STUB_OFFSET & 0x7fe) << 20 | \
        (STUB_OFFSET >> 11 & 1) << 20 | STUB_OFFSET & 0xff000
    return (struct.pack('<I', jump) + sbi[4:]).ljust(STUB_OFFSET, b'\0') + code


def guest_image(tmp_path, *words, late_hart_0=False):
    """A flash image of sbi.bin and the guest with these bootargs."""
    path = os.path.join(str(tmp_path), 'guest')
    with open(built('sbi.bin'), 'rb') as file:
        sbi = k210_image.with_chosen(file.read(), ' '.join(words),
                                     RAM + KERNEL_OFFSET)
    if late_hart_0:
        sbi = with_late_hart_0(tmp_path, sbi)
    subprocess.run([f'{k210.CROSS}objcopy', '-O', 'binary', built(GUEST),
                    path], check=True)
    with open(path, 'rb') as file:
        body = sbi.ljust(KERNEL_OFFSET, b'\0') + file.read()
    return k210.wrap(f'{path}.img', body)


def run_guest(tmp_path, *words, options=(), limit=LIMIT):
    """Run the guest: (status, console, misuse)."""
    return k210.run(guest_image(tmp_path, *words), *options, limit=limit)


@pytest.fixture(scope='module')
def conformance(tmp_path_factory):
    """What the guest printed about all of its cases."""
    status, text, errors = run_guest(tmp_path_factory.mktemp('guest'))
    assert (status, errors) == (k210.PARKED, ''), text
    assert re.search(SUMMARY, text), text
    return Results(text)


def test_conformance(conformance):
    assert not conformance.failed
    assert len(conformance.passed) > 170
    for name, reason in conformance.skipped.items():
        assert reason in MAY_SKIP or name.startswith(MAY_BE_ABSENT), \
            f'{name}: skipped, {reason}'


def own_cases():
    """The names of the cases that are about this chip alone."""
    for name in ['priv19_insn.c', 'priv19_paging.c', 'k210.c']:
        with open(os.path.join(CASES, name), encoding='utf-8') as source:
            yield from re.findall(r'^(?:PRIV19|K210)_CASE\((\w+)\)',
                                  source.read(), re.MULTILINE)


@pytest.mark.parametrize('name', [
    name for name in own_cases() if 'bus_errors' not in name])
def test_case(conformance, name):
    assert name in conformance.passed, conformance.failed.get(name, 'missing')


def test_bus_errors_stay_access_faults(tmp_path):
    """The simulator answers as silicon may, and says what it did not like."""
    status, text, errors = run_guest(
        tmp_path, 'lenient', 'only=priv19_bus_errors_stay_access_faults',
        options=['--lenient'])
    assert status == k210.PARKED
    assert '1 passed, 0 failed' in text, text
    # Each is tried once more, in case an old translation was to blame; the
    # simulator tells what repeats at a place only once, and counts the rest.
    told = errors.count('k210sim: misuse: ')
    repeated = int(re.search(r'(\d+) more misuses', errors).group(1))
    assert (told, told + repeated) == (7, 20), errors


def test_either_hart_may_boot(tmp_path):
    """The harts leave the ROM at nearly the same time."""
    image = guest_image(tmp_path, late_hart_0=True)
    status, text, errors = k210.run(image, limit=LIMIT)
    assert (status, errors) == (k210.PARKED, ''), text
    assert 'hart 1 boots' in text
    results = Results(text)
    assert not results.failed
    assert len(results.passed) > 170


def test_shutdown_parks_both_harts(tmp_path):
    status, text, _ = run_guest(tmp_path, 'only=none')
    assert status == k210.PARKED
    assert "sbi: stopped; this machine can't switch itself off" in text


def test_legacy_shutdown_parks_both_harts(tmp_path):
    assert run_guest(tmp_path, 'only=none', 'end=legacy')[0] == k210.PARKED


def test_failure_is_told(tmp_path):
    status, text, _ = run_guest(tmp_path, 'only=none', 'end=failure')
    assert 'sbi: stopped after a failure' in text
    assert status == FAILED


@pytest.mark.parametrize('end', ['cold', 'warm'])
def test_reboots_by_soft_reset(tmp_path, end):
    """All that was printed before the reset is out; then the ROM boots us."""
    status, text, _ = run_guest(tmp_path, 'only=none', f'end={end}',
                                limit=120_000_000)
    assert status == k210.LIMIT
    boots = text.split('Keel SBI')
    assert len(boots) > 2
    for boot in boots[1:3]:
        assert 'guest: hart' in boot
    assert boots[1].endswith('0 passed, 0 failed, 0 skipped\n\r\n')


@pytest.mark.parametrize('seed', range(2, 6))
def test_garbage_at_power_on_does_not_matter(tmp_path, seed):
    status, text, errors = run_guest(
        tmp_path, 'only=entry_state_of_booting_hart',
        'only=k210_external_interrupt_is_forwarded',
        options=['--seed', str(seed)])
    assert (status, errors) == (k210.PARKED, '')
    assert '2 passed, 0 failed' in text


def test_nothing_to_boot_is_told(tmp_path):
    """sbi.bin alone, whose tree names no kernel."""
    with open(built('sbi.bin'), 'rb') as file:
        image = k210.wrap(os.path.join(str(tmp_path), 'image'), file.read())
    status, text, _ = k210.run(image, limit=LIMIT)
    assert "sbi: can't boot: nothing to boot" in text
    assert status == FAILED


def test_probe_answers(tmp_path):
    """keel.probe: what the simulator says is what its model is built on."""
    status, text, errors = run_guest(tmp_path, 'keel.probe', 'only=none')
    assert (status, errors) == (k210.PARKED, ''), text
    answers = re.findall(r'^probe: (.*)$', text.replace('\r', ''),
                         re.MULTILINE)
    assert answers[-1] == 'done'
    for answer in [
            'ids 4b5 e59889e6a5a04149 4d41495832303030 misa 800000000014112d',
            'reset_status 00000002', 'medeleg keeps 1ab', 'mideleg keeps 22',
            'sptbr keeps fffff', 'rdtime traps, badaddr 1234 becomes 1234',
            'PLIC context 0 raises MEIP', 'PLIC context 1 raises nothing',
            'no entry faults, a new one faults without a fence, '
            'works with one',
            'with A and D clear a load works, entry 2000004f; '
            'a store works, entry 200000cf']:
        assert answer in answers, text
    times = re.search(r'in 10 ms mtime (\d+), cycles (\d+), expected 78000',
                      text)
    assert abs(int(times[1]) - 78000) < 10
    assert abs(int(times[2]) - 3900000) < 500
    # And the boot goes on.
    assert '0 passed, 0 failed' in text


def test_probe_is_silent_if_not_asked(tmp_path):
    _, text, _ = run_guest(tmp_path, 'keel.probes', 'only=none')
    assert 'probe:' not in text


def test_crystal_is_left_for_full_speed(tmp_path):
    """Without the turbo fuse the ROM leaves the CPU at 26 MHz."""
    status, text, errors = run_guest(tmp_path, 'keel.probe', 'only=none',
                                     options=['--turbo', 'off'])
    assert (status, errors) == (k210.PARKED, '')
    assert 'probe: pll0 022ec7b0' in text
    assert 'probe: clk_sel0 00000009' in text
    assert 'in 10 ms mtime 780' in text


def test_panic_tells_and_parks(tmp_path):
    """Nothing keeps S-mode from the firmware: here it clears some code."""
    symbols = subprocess.run([f'{k210.CROSS}nm', built('sbi.elf')], check=True,
                             capture_output=True, text=True).stdout
    address = re.search(r'^(\w+) T ecall_dispatch$', symbols, re.MULTILINE)[1]
    status, text, _ = run_guest(tmp_path, 'only=none', f'crash={address}')
    assert 'sbi: unexpected illegal instruction in M-mode, hart 0' in text
    assert 'ecall_dispatch+0x' in text
    assert status == FAILED
