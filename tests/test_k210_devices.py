"""The K210 simulator's devices: each rule a case of a guest, misuse too."""
import os
import re
import struct
import subprocess
import zlib

import pytest

from keel import k210
from keel.machine import built

GUESTS = ['clint', 'crypto', 'dmac', 'gpio', 'i2c', 'plic', 'rtc', 'sysctl',
          'timer', 'uart', 'uarths', 'wdt']
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
                            ['start_k210.S', 'check.c', 'board/guest.c',
                             f'devices/{guest}.c'])
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
DMAC = '''
        li a0, 0x50000000       # enabled; channel 0 copies 1024 bytes
        li a1, 1
        sd a1, 0x10(a0)
        li a2, 0x40100000
        sd a2, 0x100(a0)
        sd a2, 0x108(a0)
        li a1, 1023
        sd a1, 0x110(a0)
        li a3, 0x101
'''
MISUSES = {
    'aes_mode': ('li a0, 0x50450000\nli a1, 3\nsw a1, 0x14(a0)\n'
                 'sw a1, 0x64(a0)', 'a reserved mode'),
    'aes_data': ('li a0, 0x50450000\nsw zero, 0x40(a0)',
                 'does not wait for'),
    'aes_register': ('li a0, 0x50450094\nlw a1, 0(a0)',
                     'AES has no such register'),
    'dmac_disabled': (DMAC + '''
        sd zero, 0x10(a0)
        sd a3, 0x18(a0)''', 'while the DMAC is not'),
    'dmac_running': (DMAC + '''
        sd a3, 0x18(a0)
        sd a2, 0x100(a0)''', 'a running channel'),
    'dmac_several_blocks': (DMAC + '''
        li a1, 1
        sd a1, 0x120(a0)
        sd a3, 0x18(a0)''', 'without a list'),
    'dmac_software_handshake': (DMAC + '''
        li a1, 2 << 32 | 1 << 35
        sd a1, 0x120(a0)
        sd a3, 0x18(a0)''', 'the source has no hardware handshake'),
    'dmac_register': (DMAC + 'ld a1, 0x60(a0)', 'DMAC has no such register'),
    'gpio_register': ('li a0, 0x50200010\nlw a1, 0(a0)',
                      'GPIO has no such register'),
    'i2c_command_while_off': ('li a0, 0x50280000\nsw zero, 0x10(a0)',
                              'master, block or clock is off'),
    'i2c_target_while_on': ('''
        li a0, 0x50280000
        li a1, 1
        sw a1, 0x6c(a0)
        sw a1, 4(a0)''', 'while the block is enabled'),
    'i2c_register': ('li a0, 0x50280020\nlw a1, 0(a0)',
                     'I2C0 has no such register'),
    'otp_write': ('li a0, 0x50420000\nsw zero, 0(a0)', 'may burn fuses'),
    'rtc_write_without_enable': ('li a0, 0x50460000\nsw zero, 4(a0)',
                                 'without write_enable'),
    'rtc_write_of_protected': ('''
        li a0, 0x50460000
        li a1, 2
        sw a1, 0x1c(a0)
        sw zero, 4(a0)''', 'its mask is 0'),
    'rtc_both_enables': ('li a0, 0x50460000\nli a1, 3\nsw a1, 0x1c(a0)',
                         'exclude each other'),
    'rtc_read_without_enable': ('li a0, 0x50460000\nlw a1, 0(a0)',
                                'without read_enable'),
    'rtc_register': ('li a0, 0x5046002c\nlw a1, 0(a0)',
                     'RTC has no such register'),
    'sha_data_while_off': ('li a0, 0x502c0000\nsw zero, 0x20(a0)',
                           'data while the engine is off'),
    'sha_data_while_full': ('''
        li a0, 0x502c0000
        li a1, 1
        sw a1, 0x28(a0)
        sw a1, 0x2c(a0)
        li a1, 17
1:      sw a1, 0x20(a0)
        addi a1, a1, -1
        bnez a1, 1b''', 'data while the FIFO is full'),
    'sha_register': ('li a0, 0x502c0038\nlw a1, 0(a0)',
                     'SHA256 has no such register'),
    'timer_mode_of_running_timer': ('''
        li a0, 0x502d0000
        li a1, 1
        sw a1, 8(a0)
        li a1, 3
        sw a1, 8(a0)''', 'mode of a running timer'),
    'timer_register': ('li a0, 0x502d0050\nlw a1, 0(a0)',
                       'TIMER0 has no such register'),
    'uart_without_divisor': ('li a0, 0x50210000\nsw a1, 0(a0)',
                             'sends without a divisor'),
    'uart_fifo_test': ('li a0, 0x50210000\nli a1, 1\nsw a1, 0x70(a0)',
                       'test access to the FIFOs'),
    'uart_register': ('li a0, 0x502100d0\nlw a1, 0(a0)',
                      'UART1 has no such register'),
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


WAIT = """
        sd a3, 0x18(a0)
1:      j 1b"""
DMA_MISUSES = {
    'misaligned': (DMAC + 'addi a2, a2, 1\nsd a2, 0x100(a0)\nli a1, 0x300\n'
                   'sd a1, 0x118(a0)' + WAIT, 'address is not aligned'),
    'partial_item': (DMAC + 'li a1, 0x800\nsd a1, 0x118(a0)\nli a1, 1022\n'
                     'sd a1, 0x110(a0)' + WAIT, 'end with a whole item'),
    'wide': (DMAC + 'li a1, 0x400\nsd a1, 0x118(a0)' + WAIT, 'wider than 64'),
    'bad_list': (DMAC + 'li a1, 15\nsd a1, 0x120(a0)\nsd zero, 0x128(a0)' +
                 WAIT, 'no valid list item'),
    'hole': (DMAC + 'li a2, 0x60000000\nsd a2, 0x108(a0)' + WAIT,
             'nothing is mapped'),
    'gated': (DMAC + 'li a2, 0x50440000\nli a1, 1 << 1\nsw a1, 0x2c(a2)\n'
              'li a2, 0x50210000\nsd a2, 0x108(a0)' + WAIT,
              'UART1 has no clock'),
    'byte_of_a_register': (DMAC + 'li a2, 0x502d0000\nsd a2, 0x108(a0)' +
                           WAIT, 'no access of 8 bits'),
}


@pytest.mark.parametrize('name', DMA_MISUSES)
def test_dma_misuse_stops(tmp_path, name):
    """What the DMAC does by itself is reported without a hart."""
    text, rule = DMA_MISUSES[name]
    status, _, errors = k210.run(k210.assemble(tmp_path, GATES + text),
                                 limit=100_000)
    assert status == k210.MISUSE
    assert re.fullmatch(r'k210sim: misuse: (DMA\b|DMAC).*' + rule + r'.*\n',
                        errors), errors


def test_dma_error_is_an_interrupt(tmp_path):
    """An address that nobody answers ends the transfer with bit 6."""
    image = k210.assemble(tmp_path, GATES + DMAC + """
        li a2, 0x60000000
        sd a2, 0x108(a0)
        sd a3, 0x18(a0)
1:      ld a1, 0x18(a0)
        bnez a1, 1b
        ld a1, 0x188(a0)
        li a2, 1 << 6
        beq a1, a2, park
2:      j 2b""")
    assert k210.run(image, '--lenient', limit=100_000)[0] == k210.PARKED


UART = """
        li a0, 0x502b0000       # UART3 on IO4 and on a pin for its TX
        li a1, 0x900044
        sw a1, 4 * 4(a0)
        li a1, 0x1f45
        sw a1, 4 * {pin}(a0)
        li a0, 0x50230000       # 195 MHz / 115200 = 1692 = 105 * 16 + 12
        li a1, 0x80
        sw a1, 0xc(a0)
        li a1, {divisor}
        sw a1, 0(a0)
        li a1, 12
        sw a1, 0xc0(a0)
        li a1, {format}
        sw a1, 0xc(a0)
        li a2, {count}
1:      lw a1, 0x14(a0)         # so many bytes come back, each plus 1
        andi a1, a1, 1
        beqz a1, 1b
        lw a1, 0(a0)
        addi a1, a1, 1
        sw a1, 0(a0)
2:      lw a1, 0x14(a0)
        andi a1, a1, 0x40
        beqz a1, 2b
        addi a2, a2, -1
        bnez a2, 1b
"""


def run_uart(directory, *options, pin=5, divisor=105, form=3, typed=b'HAL'):
    image = k210.assemble(directory, GATES + UART.format(
        pin=pin, divisor=divisor, format=form, count=len(typed)))
    status, output, errors = k210.run(image, *options, typed=typed,
                                      limit=100_000_000)
    assert (status, errors) == (k210.PARKED, '')
    return output


def test_uart_on_io4_and_io5_is_the_terminal(tmp_path):
    assert run_uart(tmp_path) == 'IBM'


def test_uart_loses_nothing_typed(tmp_path):
    typed = bytes(range(97, 122)) * 4
    assert run_uart(tmp_path, typed=typed) == ''.join(
        chr(byte + 1) for byte in typed)


@pytest.mark.parametrize('wrong', [{'divisor': 100}, {'form': 2},
                                   {'form': 3 | 1 << 3}])
def test_uart_garbles_what_is_not_115200_8n1(tmp_path, wrong):
    output = run_uart(tmp_path, **wrong)
    assert len(output) == 3 and output != 'IBM'


def test_uart_on_another_pad_goes_to_its_file(tmp_path):
    sent = tmp_path / 'sent'
    assert run_uart(tmp_path, '--uart3', sent, pin=10) == ''
    assert sent.read_bytes() == b'IBM'


def test_uart_file_that_cannot_be_written(tmp_path):
    image = k210.assemble(tmp_path, '')
    status, _, errors = k210.run(image, '--uart1', tmp_path / 'no' / 'file')
    assert status == k210.USAGE and 'cannot be written' in errors


LENIENT = {
    'no_clock': ('li a0, 0x502d0000\nli a1, 7\nsw a1, 0(a0)\nlw a2, 0(a0)\n'
                 'bne a1, a2, fail', 'TIMER0 has no clock'),
    'in_reset': (GATES + 'lui a1, 0x200\nsw a1, 0x34(a0)\nli a0, 0x502d0000\n'
                 'li a1, 7\nsw a1, 0(a0)\nlw a2, 0(a0)\nbne a1, a2, fail',
                 'TIMER0 is held in reset'),
    'narrow_load': (GATES + 'li a0, 0x502d0000\nli a1, 0x1234\nsw a1, 0(a0)\n'
                    'lbu a2, 1(a0)\nli a1, 0x12\nbne a1, a2, fail',
                    'TIMER0 takes no access of 8 bits'),
    'null_pointer': ('sb zero, 0(zero)\nlw a1, 0(zero)\nbnez a1, fail',
                     'debug module'),
}


@pytest.mark.parametrize('name', LENIENT)
def test_lenient_board_goes_on(tmp_path, name):
    """What vendor software does and lives on is reported and done."""
    text, rule = LENIENT[name]
    image = k210.assemble(tmp_path, text + '\nj park\nfail: j fail')
    assert k210.run(image)[0] == k210.MISUSE
    status, _, errors = k210.run(image, '--lenient', limit=100_000)
    assert status == k210.PARKED and rule in errors


def isp_frame(op, address=0, data=b''):
    """A request to the ROM's ISP mode."""
    rest = struct.pack('<II', address, len(data)) + data
    frame = struct.pack('<HHI', op, 0, zlib.crc32(rest)) + rest
    frame = frame.replace(b'\xdb', b'\xdb\xdd').replace(b'\xc0', b'\xdb\xdc')
    return b'\xc0' + frame + b'\xc0'


def isp_upload(directory, text):
    """Requests that load a program and call it, and their replies."""
    image = k210.assemble(directory, text)
    with open(image, 'rb') as file:
        body = file.read()[5:-32]
    pieces = range(0, len(body), 1024)
    typed = b''.join(isp_frame(0xc3, 0x80000000 + n, body[n:n + 1024])
                     for n in pieces)
    return (typed + isp_frame(0xc5, 0x80000000),
            '\xc0\xc3\xe0\xc0' * len(pieces))


NOP = b'\xc0\xc2' + bytes(13) + b'\xc0'
HELLO = 'li a0, 0x38000000\nli a1, 72\nsw a1, 0(a0)\n'
WAKE = 'li a0, 0x2000004\nli a1, 1\nsw a1, 0(a0)\n'


def test_isp_runs_what_it_is_sent(tmp_path):
    """With an erased flash the ROM waits for a program."""
    flash = tmp_path / 'flash'
    flash.write_bytes(b'')
    typed, replies = isp_upload(tmp_path, HELLO + WAKE)
    status, output, errors = k210.run(flash, '--isp', typed=NOP + typed)
    assert (status, errors) == (k210.PARKED, '')
    assert output == '\xc0\xc2\xe0\xc0' + replies + 'H'


def test_isp_needs_the_key_if_there_is_an_image(tmp_path):
    typed, replies = isp_upload(tmp_path, HELLO + WAKE)
    image = k210.assemble(tmp_path, HELLO.replace('72', '70'))
    assert k210.run(image, '--isp', typed=typed)[1] == 'F'
    assert k210.run(image, '--isp', '--key', 'boot',
                    typed=typed)[1] == replies + 'H'


def test_isp_leaves_hart_1_asleep(tmp_path):
    """It waits in the ROM for its software interrupt."""
    typed, _ = isp_upload(tmp_path, HELLO)
    flash = tmp_path / 'flash'
    flash.write_bytes(b'')
    assert k210.run(flash, '--isp', typed=typed)[0] == 5


@pytest.mark.parametrize('frame, reply', [
    (isp_frame(0xc1), b'\xc1\xe3'),
    (isp_frame(0xc4), b'\xc4\xe3'),
    (isp_frame(0xc6, 0, b'\x00\x60\xe3\x16'), b'\xc6\xe0'),
    (isp_frame(0xc3, 0x60000000, b'data'), b'\xc3\xe1'),
    (isp_frame(0xc3, 0x80000000, bytes(1025)), b'\xc3\xe1'),
    (isp_frame(0xc3, 0x80000000, b'data').replace(b'data', b'date'),
     b'\xc3\xe2'),
    (b'\xc0\xc3\x00\xc0', b'\xc3\xe1'),
])
def test_isp_refuses(tmp_path, frame, reply):
    """Bad lengths, sums and operations; then nobody speaks any more."""
    flash = tmp_path / 'flash'
    flash.write_bytes(b'')
    status, output, errors = k210.run(flash, '--isp', typed=frame)
    assert output.encode('latin-1') == b'\xc0' + reply + b'\xc0'
    assert status == 4 and 'nobody speaks to ISP mode' in errors


def test_pty_is_a_serial_port(tmp_path):
    """Standard error names it, and it lives on between its users."""
    flash = tmp_path / 'flash'
    flash.write_bytes(b'')
    with subprocess.Popen([built('tools/k210sim'), '--flash', flash, '--isp',
                           '--pty'], stderr=subprocess.PIPE) as simulator:
        try:
            name = simulator.stderr.readline().decode().split()[-1]
            for _ in range(2):
                with open(name, 'r+b', buffering=0) as port:
                    port.write(NOP)
                    reply = port.read(1)
                    while len(reply) < 4:
                        reply += port.read(1)
                    assert reply == b'\xc0\xc2\xe0\xc0'
        finally:
            simulator.kill()
