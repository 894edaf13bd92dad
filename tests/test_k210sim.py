"""The K210 simulator: instructions against qemu-riscv64, quirks by name."""
import re
import subprocess

import pytest

from keel import k210, riscv_corners, riscv_random
from keel.k210 import assemble

GROUPS = {
    'integer': ['integer', 'integer', 'memory', 'branch'],
    'compressed': ['compressed', 'compressed', 'integer'],
    'atomic': ['atomic', 'atomic', 'integer'],
    'floating': ['floating'],
}


def compare(directory, guest, text, limit=200_000_000):
    """The lines that qemu-riscv64 and we print for a guest with that text."""
    source = directory / 'generated.S'
    source.write_text(text)
    linux = k210.link(directory, 'linux', ['start_linux.S', guest, source])
    image = k210.link(directory, 'k210', ['start_k210.S', guest, source])
    expected = subprocess.run(['qemu-riscv64', linux], check=True, text=True,
                              capture_output=True, timeout=60).stdout.split()
    status, output, errors = k210.run(k210.flash_image(image), limit=limit)
    assert (status, errors) == (k210.PARKED, '')
    got = output.split()
    assert len(got) == len(expected)
    return expected, got


@pytest.mark.parametrize('seed', range(3))
@pytest.mark.parametrize('group', GROUPS)
def test_random_blocks_match_qemu(tmp_path, group, seed):
    """Registers, flags and memory after each block are those of qemu."""
    expected, got = compare(
        tmp_path, 'blocks.c',
        riscv_random.program(f'{group}{seed}', GROUPS[group]))
    wrong = [n for n, pair in enumerate(zip(expected, got))
             if pair[0] != pair[1]]
    assert not wrong, f'first different block: {wrong[0]}'
    assert len(got) == 60


def test_floating_point_corners_match_qemu(tmp_path):
    """Results and flags of all instructions, in all rounding modes."""
    expected, got = compare(tmp_path, 'corners.c', riscv_corners.program(),
                            limit=400_000_000)
    names = riscv_corners.names()
    wrong = [name for name, *pair in zip(names, expected, got)
             if pair[0] != pair[1]]
    assert not wrong and len(got) == len(names)


def case_names(guest):
    """The names of a guest's cases, from its source."""
    with open(f'{k210.SOURCES}/{guest}.c', encoding='utf-8') as source:
        return re.findall(r'check\(\s*"(\w+)"', source.read())


@pytest.fixture(scope='module')
def printed(tmp_path_factory):
    """printed(guest, options...): what a guest of cases wrote, by line."""
    images = {}

    def run(guest, *options):
        if guest not in images:
            directory = tmp_path_factory.mktemp(guest)
            images[guest] = k210.flash_image(k210.link(
                directory, guest,
                ['start_k210.S', 'probe.S', 'check.c', f'{guest}.c']))
        status, output, errors = k210.run(images[guest], *options)
        assert (status, errors) == (k210.PARKED, ''), output
        return output.splitlines()

    return run


@pytest.mark.parametrize('guest, name', [
    (guest, name) for guest in ('quirks', 'caches')
    for name in case_names(guest)])
def test_case(printed, guest, name):
    lines = printed(guest)
    assert f'ok {name}' in lines, [line for line in lines if name in line]


def test_no_caches_shows_all_at_once(printed):
    """With --no-caches nothing is stale, and all else is as with caches."""
    wrong = [line.split(':')[0].split()[1]
             for line in printed('caches', '--no-caches') if 'wrong' in line]
    assert wrong == [name for name in case_names('caches')
                     if name.endswith('_stale')]


def test_eviction_lets_code_through(printed):
    """With --evict what was rewritten comes without fence.i, some time."""
    wrong = [line.split(':')[0].split()[1]
             for line in printed('caches', '--evict', '2') if 'wrong' in line]
    assert 'rewritten_code_is_stale' in wrong
    assert all(name.endswith('_stale') or name == 'reservation_holds'
               for name in wrong), wrong


def test_eviction_changes_no_result(printed):
    lines = printed('quirks', '--evict', '100')
    assert not [line for line in lines if 'wrong' in line]


def test_illegal_instructions_may_set_badaddr(printed):
    """With --illegal-badaddr nothing else is different."""
    lines = printed('quirks', '--illegal-badaddr')
    assert [line.split(':')[0] for line in lines if 'wrong' in line] == [
        'wrong illegal_leaves_badaddr']


def test_no_tlb_walks_each_time(printed):
    """With --no-tlb tables count at once, and all else is as with a TLB."""
    wrong = [line.split(':')[0].split()[1]
             for line in printed('quirks', '--no-tlb') if 'wrong' in line]
    assert wrong == ['tlb_keeps_invalid_entries', 'sptbr_write_keeps_the_tlb']


def test_caches_change_no_count(tmp_path):
    """A guest without I/O executes the same instructions with and without."""
    image = k210.flash_image(k210.link(tmp_path, 'speed',
                                       ['start_k210.S', 'speed.c']))
    first, second = (k210.run(image, '--icount', *options)
                     for options in ([], ['--no-caches']))
    assert first == second and first[0] == k210.PARKED and not first[1]


MISUSES = {
    'hole': ('li a0, 0x60000000\nlw a1, 0(a0)', 'nothing is mapped'),
    'no_clock': ('li a0, 0x50210000\nlw a1, 0(a0)', 'UART1 has no clock'),
    'in_reset': ('li a0, 0x50440000\nli a1, 1 << 21\nsw a1, 0x34(a0)\n'
                 'lw a2, 0x2c(a0)\nor a2, a2, a1\nsw a2, 0x2c(a0)\n'
                 'li a0, 0x502d0000\nlw a1, 0(a0)', 'TIMER0 is held in reset'),
    'not_modelled': ('li a0, 0x50440000\nli a1, 0xffffffff\nsw a1, 0x2c(a0)\n'
                     'li a0, 0x50430000\nlw a1, 0(a0)', 'not modelled yet'),
    'byte_access': ('li a0, 0x50440000\nlb a1, 0(a0)', 'no access of 8 bits'),
    'ai_sram_without_pll1': ('li a0, 0x80600000\nlw a1, 0(a0)', 'PLL1'),
    'atomic_on_alias': ('li a0, 0x40001000\namoadd.w a1, a1, (a0)', 'atomic'),
    'fp_on_alias': ('li a0, 0x40001000\nfld f0, 0(a0)', 'floating-point'),
    'aclk_without_pll': ('li a0, 0x50440000\nsw zero, 8(a0)', 'ACLK'),
    'no_such_register': ('li a0, 0x38000ff0\nlw a1, 0(a0)',
                         'UARTHS has no such register'),
    'page_table_in_alias': ('''
        li a0, 0x40001
        csrw satp, a0
        li a0, 3 << 11
        csrc mstatus, a0
        li a0, 9 << 24 | 1 << 17 | 1 << 11
        csrs mstatus, a0
        ld a1, 0(zero)''', 'page table outside cached SRAM'),
    'pum_livelock': ('''
        li a0, 0x80100000       # gigabyte 0 for users, A and D clear
        li a1, 0x2000001f
        sd a1, 0(a0)
        srli a0, a0, 12
        csrw satp, a0
        li a0, 3 << 11
        csrc mstatus, a0
        li a0, 9 << 24 | 1 << 18 | 1 << 17
        csrs mstatus, a0
        ld a1, 0(zero)''', 'retry for ever'),
    'code_outside_ram': ('li a0, 0x88000000\njr a0', 'code outside RAM'),
}


@pytest.mark.parametrize('name', MISUSES)
def test_misuse_stops(tmp_path, name):
    """One line names hart, pc, address and rule."""
    text, rule = MISUSES[name]
    status, _, errors = k210.run(assemble(tmp_path, text))
    assert status == k210.MISUSE
    assert re.fullmatch(r'k210sim: misuse: hart 0 pc 0x8[0-9a-f]+ address '
                        r'0x[0-9a-f]+: .*' + rule + r'.*\n', errors), errors


def test_misuse_warns_if_lenient(tmp_path):
    image = assemble(tmp_path, 'li a0, 0x80600000\nlw a1, 0(a0)')
    status, _, errors = k210.run(image, '--lenient')
    assert status == k210.PARKED
    assert 'AI SRAM without PLL1' in errors


def test_lenient_tells_each_misuse_once(tmp_path):
    """By place and rule, and how many more there were."""
    image = assemble(tmp_path, """
        li a0, 0x60000000
        la a1, next
        csrw mtvec, a1
        li a2, 100
1:      lw a1, 0(a0)
        .balign 4
next:   addi a0, a0, 4
        addi a2, a2, -1
        bnez a2, 1b""")
    status, _, errors = k210.run(image, '--lenient')
    lines = errors.splitlines()
    assert status == k210.PARKED
    assert len(lines) == 2 and 'address 0x60000000' in lines[0], errors
    assert lines[1] == 'k210sim: 99 more misuses of the same kinds'


def test_early_trap_names_its_cause(tmp_path):
    """With mtvec as the ROM left it one lands there, which tells nothing."""
    status, _, errors = k210.run(assemble(tmp_path, '.option norvc\n.word 0'))
    assert status == k210.MISUSE
    assert re.search(r"trap 2 from 0x8000000[0-9a-f], but mtvec is still the "
                     r"ROM's", errors), errors


@pytest.mark.parametrize('options', [[], ['--lenient']])
def test_handler_that_traps_for_ever_stops(tmp_path, options):
    image = assemble(tmp_path, """
        la a0, handler
        csrw mtvec, a0
        .balign 4
handler: .word 0""")
    status, _, errors = k210.run(image, *options)
    assert status == k210.MISUSE
    assert 'trap 2 at the first instruction of the trap handler' in errors


def test_ai_sram_answers_with_pll1(tmp_path):
    """Power, reset pulse, lock, output: then the last 2 MiB are there."""
    image = assemble(tmp_path, '''
        li a0, 0x50440000
        li a1, 1 << 21 | 22 << 14 | 22 << 4
        sw a1, 0xc(a0)
        li a2, 1 << 20
        or a2, a2, a1
        sw a2, 0xc(a0)
        sw a1, 0xc(a0)
        li a4, 0x300
1:      lw a3, 0x18(a0)
        and a3, a3, a4
        bne a3, a4, 1b
        li a2, 1 << 25
        or a1, a1, a2
        sw a1, 0xc(a0)
        li a0, 0x80600000
        sd a1, 0(a0)''')
    assert k210.run(image)[0] == k210.PARKED


def test_soft_reset_boots_again(tmp_path):
    """The second time reset_status says why."""
    image = assemble(tmp_path, '''
        li a0, 0x50440000
        lw a1, 0x60(a0)
        andi a1, a1, 1 << 4
        bnez a1, park
        li a1, 1
        sw a1, 0x30(a0)
1:      j 1b''')
    assert k210.run(image, limit=100_000)[0] == k210.PARKED


def test_timer_wakes_hart(tmp_path):
    """wfi ends when mtime reaches mtimecmp; time passes while both wait."""
    image = assemble(tmp_path, '''
        li a0, 0x2004000
        li a1, 1000000
        sd a1, 0(a0)
        li a1, 1 << 7
        csrw mie, a1
        wfi
        li a0, 0x200bff8
        ld a2, 0(a0)
        li a1, 1000000
        bltu a2, a1, fail
        j park
fail:   j fail''')
    assert k210.run(image, limit=100_000)[0] == k210.PARKED


def test_uarths_interrupt_comes_by_plic(tmp_path):
    """Watermark, enable, claim 33, pending again until the cause goes."""
    image = assemble(tmp_path, '''
        li a0, 0x0c000000
        li a1, 7
        sw a1, 4 * 33(a0)       # priority
        li a2, 0xc002000
        sw zero, 0(a2)
        li a1, 2
        sw a1, 4(a2)            # enable source 33 alone
        sw zero, 8(a2)
        li a3, 0xc200000
        sw zero, 0(a3)          # threshold
        li a4, 0x38000000
        li a1, 0x10001
        sw a1, 8(a4)            # send, watermark 1
        li a1, 1
        sw a1, 0x10(a4)
        li a1, 1 << 11
        csrw mie, a1
        wfi
        li a5, 33
        lw a1, 4(a3)
        bne a1, a5, fail
        lw a1, 4(a3)            # claimed: nothing more
        bnez a1, fail
        sw a5, 4(a3)            # the level is still there
        lw a1, 4(a3)
        bne a1, a5, fail
        sw zero, 0x10(a4)
        sw a5, 4(a3)
        lw a1, 4(a3)
        bnez a1, fail
        j park
fail:   j fail''')
    assert k210.run(image, limit=100_000)[0] == k210.PARKED


def test_harts_count_together(tmp_path):
    """lr and sc of both harts on one word lose no increment."""
    source = tmp_path / 'guest.S'
    source.write_text('''
        .section .start, "ax"
        .globl _start
_start: la a0, count
        li a1, 1000
1:      lr.w a2, (a0)
        addi a2, a2, 1
        sc.w a3, a2, (a0)
        bnez a3, 1b
        addi a1, a1, -1
        bnez a1, 1b
        li a3, 2000
        csrr a4, mhartid
        bnez a4, park
2:      lw a2, 0(a0)
        bne a2, a3, 2b
park:   csrw mie, zero
3:      wfi
        j 3b
        .balign 64
count:  .word 0
''')
    image = k210.flash_image(k210.link(tmp_path, 'guest', [source]))
    assert k210.run(image, limit=1_000_000)[0] == k210.PARKED


def test_deadlock_ends(tmp_path):
    image = assemble(tmp_path, 'csrwi mie, 8\n1: wfi\nj 1b')
    status, _, errors = k210.run(image)
    assert status == 5 and 'cannot come' in errors


@pytest.mark.parametrize('a7, a1, expected', [
    (0x53525354, 1, k210.FAILURE), (0x53525354, 0, k210.PARKED),
    (0, 1, k210.PARKED)])
def test_parked_harts_tell_of_failure(tmp_path, a7, a1, expected):
    """What a shutdown by SBI 2.0, chapter 10, leaves in the registers."""
    image = assemble(tmp_path, f'li a7, {a7}\nli a1, {a1}')
    assert k210.run(image)[0] == expected


def test_limit_ends(tmp_path):
    assert k210.run(assemble(tmp_path, '1: j 1b'), limit=1000)[0] == k210.LIMIT


def test_wrong_divisor_garbles(tmp_path):
    """390 MHz with the divisor of 26 MHz prints, but not what was meant."""
    text = 'li a0, 0x38000000\n{}li a1, 65\nsw a1, 0(a0)'
    good = k210.run(assemble(tmp_path, text.format('')))
    bad = k210.run(assemble(tmp_path, text.format(
        'li a1, 224\nsw a1, 0x18(a0)\n')))
    assert good[1] == 'A' and len(bad[1]) == 1 and bad[1] != 'A'


def test_seed_decides_garbage(tmp_path):
    """The same seed gives the same run, another seed another one."""
    image = assemble(tmp_path, 'li a0, 0x80300000\nlw a1, 0(a0)\n'
                               'li a0, 0x38000000\nsw a1, 0(a0)')
    first, again, other = (k210.run(image, '--seed', seed, '--icount')
                           for seed in '112')
    assert first == again and first[1] != other[1]


@pytest.mark.parametrize('fault', ['hash', 'length', 'encrypted', 'short'])
def test_bad_image_is_refused(tmp_path, fault):
    path = tmp_path / 'image'
    k210.wrap(path, b'\x01\xa0' * 100, flags=fault == 'encrypted')
    data = bytearray(path.read_bytes())
    if fault == 'hash':
        data[50] ^= 1
    elif fault == 'length':
        data[4] = 1
    elif fault == 'short':
        del data[20:]
    path.write_bytes(data)
    assert k210.run(path)[0] == k210.USAGE
