"""What is around the K210 on its simulator: pins, SPI, SD card, flash."""
import os
import re
import signal
import subprocess

import pexpect
import pytest

from keel import k210
from keel.machine import built

BOARD = os.path.join(k210.SOURCES, 'board')


def cases(name):
    """The names of the cases in a guest, from its source."""
    with open(os.path.join(BOARD, f'{name}.c'), encoding='utf-8') as source:
        return re.findall(r'check\(\s*"(\w+)"', source.read())


def build(directory, name):
    """A flash image of one of the board's guests."""
    parts = ['guest', 'sdcard', 'flash_chip', name]
    sources = [os.path.join(BOARD, f'{part}.c') for part in parts]
    return k210.flash_image(k210.link(
        directory, name, ['start_k210.S', 'check.c', *sources]))


def card(directory, mib=4):
    """An image for a card; each block is filled with its number."""
    path = directory / f'card{mib}.img'
    path.write_bytes(b''.join(bytes([n & 0xff]) * 512
                              for n in range(mib * 2048)))
    return path


@pytest.fixture(scope='module')
def guest(tmp_path_factory):
    """A guest's image by its name, built once."""
    directory = tmp_path_factory.mktemp('guests')
    images = {}

    def find(name):
        if name not in images:
            images[name] = build(directory, name)
        return images[name]
    return find


@pytest.fixture(scope='module')
def pins(guest):
    status, output, errors = k210.run(guest('pins'), '--leds')
    assert status == k210.PARKED, errors
    return output.splitlines(), errors.splitlines()


@pytest.mark.parametrize('name', cases('pins'))
def test_pins(pins, name):
    assert f'ok {name}' in pins[0], pins


def test_console_needs_its_pad(pins):
    """What UARTHS sends while IO5 belongs to another function is lost."""
    assert not any('lost' in line for line in pins[0])


def test_leds_are_told(pins):
    """IO13 is the red LED of the Maix Bit, on when low."""
    assert pins[1] == ['k210sim: LED red on', 'k210sim: LED red off']


def test_held_key_is_low(guest):
    _, output, _ = k210.run(guest('pins'), '--key', 'boot')
    assert 'wrong boot_key_is_pulled_up' in output


@pytest.mark.parametrize('board', ['maix-bit', 'maix-dock', 'maix-go',
                                   'maixduino', 'kd233'])
def test_boards(guest, board):
    status, output, _ = k210.run(guest('pins'), '--board', board)
    assert status == k210.PARKED and 'wrong' not in output


BAD_OPTIONS = {
    'no_image': ([], '--flash is wanted'),
    'unknown': (['--flsh', 'x'], 'unrecognized option'),
    'no_value': (['--seed'], 'requires an argument'),
    'no_number': (['--flash', 'x', '--seed', 'many'], "'many' is no number"),
    'too_large': (['--flash', 'x', '--seed', '1' * 30], 'is no number'),
    'stray': (['--flash', 'x', 'y'], "'y' is no option"),
    'no_such_board': (['--flash', 'x', '--board', 'pi'], "called 'pi'"),
    'no_such_key': (['--flash', 'x', '--key', 'up'], "has no key 'up'"),
    'too_many': (['--flash', 'x'] + ['--key', 'boot'] * 9, 'more than 8'),
    'no_sd': (['--flash', 'x', '--sd-cut', '1'], 'but no --sd'),
    'no_such_file': (['--flash', '/nonexistent'], 'cannot be opened'),
}


@pytest.mark.parametrize('name', BAD_OPTIONS)
def test_bad_options(name):
    options, message = BAD_OPTIONS[name]
    status, _, errors = k210.run_options(*options)
    assert status == k210.USAGE and message in errors


def test_help():
    status, output, errors = k210.run_options('--help')
    assert (status, errors) == (0, '') and '--board' in output


@pytest.fixture(scope='module')
def sd(guest, tmp_path_factory):
    image = card(tmp_path_factory.mktemp('sd'))
    status, output, errors = k210.run(guest('sd'), '--sd', image,
                                      '--sd-type', 'sdhc')
    assert (status, errors) == (k210.PARKED, ''), output
    return output.splitlines()


@pytest.mark.parametrize('name', cases('sd'))
def test_sd_card(sd, name):
    assert f'ok {name}' in sd, sd


@pytest.fixture(scope='module')
def spi(guest, tmp_path_factory):
    image = card(tmp_path_factory.mktemp('spi'))
    with open(image, 'r+b') as file:
        file.seek(300 * 512)
        file.write(bytes(range(256)) * 2)
    status, output, errors = k210.run(guest('spi'), '--sd', image,
                                      '--sd-type', 'sdhc')
    assert (status, errors) == (k210.PARKED, ''), output
    return output.splitlines()


@pytest.mark.parametrize('name', cases('spi'))
def test_spi(spi, name):
    assert f'ok {name}' in spi, spi


def flash_with(image, offset, data):
    """Put data into a flash image; the rest up to there is erased."""
    with open(image, 'r+b') as file:
        file.seek(0, os.SEEK_END)
        file.write(b'\xff' * (offset - file.tell()) + data)
    return image


@pytest.fixture(scope='module')
def flash(tmp_path_factory):
    image = flash_with(build(tmp_path_factory.mktemp('flash'), 'flash'),
                       0x100000, bytes(range(256)))
    status, output, errors = k210.run(image, '--flash-save')
    assert (status, errors) == (k210.PARKED, ''), output
    with open(image, 'rb') as file:
        return output.splitlines(), file.read()


@pytest.mark.parametrize('name', cases('flash'))
def test_flash(flash, name):
    assert f'ok {name}' in flash[0], flash[0]


def test_flash_is_saved(flash):
    """What the guest programmed is in the file, and nothing after it."""
    data = flash[1]
    assert data[0x200010:] == b'\xf0\x33'
    assert data[0x200000:0x200010] == b'\xff' * 16


MISUSES = {
    'pll_too_slow': 'cannot run at 338 MHz from 26 MHz',
    'spi_clock_off': 'SPI1: frames wait, but the clock does not run',
    'spi_baudr_0': 'SPI1: frames wait, but BAUDR is 0',
    'spi_arb_low': 'SPI1: the ARB input is not tied high',
    'spi_configured_while_enabled': 'configured while SSIENR is 1',
    'spi_data_while_disabled': 'data written while SSIENR is 0',
    'spi_ser_during_transfer': 'SER written during a transfer',
    'spi_long_address': 'SPI1: an address of 60 bits is not modelled yet',
    'gpiohs_second_function': 'no second function',
    'sd_too_fast_at_first': 'over 400 kHz before',
    'sd_too_fast': 'SCLK over 25 MHz',
    'sd_no_clocks': '72 clocks with CS and MOSI high before CMD0',
    'sd_too_early': 'CMD0 within 1 ms of power',
    'sd_zeros_while_reading': 'MOSI brings 0x00',
    'sd_token_too_early': 'token 0xfe without a byte of 0xff',
    'sd_wrong_token': 'token 0xfc does not fit',
    'sd_wrong_mode': 'SPI mode 1',
    'sd_low_voltage': 'pads are set to 1.8 V',
    'flash_unknown_command': 'command 0x11 does not exist',
    'flash_not_enabled': 'command 0x20 comes without write enable',
    'flash_while_busy': 'command 0x03 comes while the chip is busy',
    'flash_wrong_lanes': 'command 0xeb goes on with 4 lanes, not 1',
    'flash_without_qe': 'command 0x6b needs the QE bit',
    'xip_not_set_up': 'XIP without XIP_CTRL',
}


@pytest.fixture(scope='module')
def misuse(guest, tmp_path_factory):
    """An image of the guest that commits a misuse, by its name."""
    directory = tmp_path_factory.mktemp('misuse')
    with open(guest('misuse'), 'rb') as file:
        body = file.read()[5:-32]

    def find(name):
        text = name.encode().ljust(10, b'\0')
        changed = body.replace(b'case name\0'.ljust(len(text), b'\0'), text)
        assert changed != body
        return k210.wrap(directory / name, changed)
    return find


@pytest.mark.parametrize('name', MISUSES)
def test_misuse_stops(misuse, tmp_path, name):
    """One line names who saw it and which rule was broken."""
    status, _, errors = k210.run(misuse(name), '--sd', card(tmp_path, 1))
    assert status == k210.MISUSE
    assert errors.startswith('k210sim: misuse: ') and errors.count('\n') == 1
    assert MISUSES[name] in errors


FAULTS = {
    'read-crc@3': 'read 02 good 00',
    'read-error@1': 'read 00 token 04',
    'read-timeout@8': 'read 07 token ff',
    'write-crc@2': 'write 09 response 0b',
    'write-error@3': 'write 10 status 04',
    'write-status@6': 'write 12 status 04',
    'write-error@8+': 'write 15 response 0d',
    'no-response@1': 'init 00 r1 ff',
    'command-crc@4': 'init 00 r1 09',
}


@pytest.mark.parametrize('fault', FAULTS)
def test_sd_fault_strikes(guest, tmp_path, fault):
    """The case that was asked for, and no other."""
    path = card(tmp_path, 1)
    good = k210.run(guest('faults'), '--sd', path)[1].splitlines()
    status, output, errors = k210.run(guest('faults'), '--sd', path,
                                      '--sd-fault', fault)
    assert (status, errors) == (k210.PARKED, ''), output
    assert FAULTS[fault] in output and FAULTS[fault] not in good
    if not fault.startswith(('no-', 'command')):
        changed = [line for line in output.splitlines() if line not in good]
        assert len(changed) <= 2, changed


def test_sd_writes_reach_the_file(guest, tmp_path):
    path = card(tmp_path, 1)
    assert 'write 15 response 05' in k210.run(guest('faults'), '--sd', path)[1]
    data = path.read_bytes()
    assert [data[512 * n] for n in range(6, 18)] == [
        6, 7, *range(0x88, 0x90), 16, 17]


def test_sd_faults_by_chance(guest, tmp_path):
    """The seed decides which, so that a failure can be had again."""
    runs = [k210.run(guest('faults'), '--sd', card(tmp_path, 1), '--seed',
                     seed, '--sd-fault', 'read-crc%50')[1] for seed in '112']
    assert runs[0] == runs[1] != runs[2]
    assert 0 < runs[0].count('good 00') < 8


def test_busy_for_ever(guest, tmp_path):
    output = k210.run(guest('faults'), '--sd', card(tmp_path, 1),
                      '--sd-fault', 'write-busy@2', limit=2_000_000_000)[1]
    assert 'write 09 response 05' in output
    assert 'write 10 response ff' in output
    assert 'write 10 response 05' not in output


@pytest.mark.parametrize('kind, mib, expected', [
    ('sdv1', 1, 'block addresses 0\nblocks 2048\n'),
    ('sdsc', 3, 'block addresses 0\nblocks 6144\n'),
    ('sdhc', 3, 'block addresses 1\nblocks 6144\n'),
    (None, 1, 'block addresses 0\nblocks 2048\n'),
    (None, 1500, 'block addresses 0\nblocks 3072000\n'),
    (None, 2049, 'block addresses 1\nblocks 4196352\n'),
])
def test_card_types(guest, tmp_path, kind, mib, expected):
    """Of cards that the size chooses, and of those that were asked for."""
    path = card(tmp_path, 1)
    os.truncate(path, mib << 20)
    options = ['--sd-type', kind] if kind else []
    status, output, errors = k210.run(guest('card'), '--sd', path, *options)
    assert (status, errors) == (k210.PARKED, ''), output
    assert output.startswith(expected)
    assert 'read 3\nwrite 5\n' in output


def test_no_card(guest):
    status, output, _ = k210.run(guest('card'))
    assert status == k210.PARKED and output.endswith('no card\n')


def test_card_of_the_kd233(guest, tmp_path):
    """It is on other pads."""
    status, output, errors = k210.run(guest('card'), '--board', 'kd233',
                                      '--sd', card(tmp_path, 1))
    assert (status, errors) == (k210.PARKED, ''), output
    assert output.startswith('not on the pads of a Maix') and 'read 3' in output


def test_readonly_card(guest, tmp_path):
    path = card(tmp_path, 1)
    path.chmod(0o444)
    output = k210.run(guest('card'), '--sd', path, '--sd-readonly')[1]
    assert 'protected 1\n' in output and 'write 13\n' in output


def test_card_goes_and_comes(guest, tmp_path):
    """It has to be initialised again."""
    status, output, errors = k210.run(
        guest('card'), '--sd', card(tmp_path, 1),
        '--sd-remove', 2_500_000, '--sd-insert', 3_500_000)
    assert (status, errors) == (k210.PARKED, ''), output
    assert output.endswith('gone\nback 1\n')


def test_card_comes_and_goes(guest, tmp_path):
    """It is not there at first, if it is to be put in before."""
    output = k210.run(guest('card'), '--sd', card(tmp_path, 1),
                      '--sd-insert', 1000, '--sd-remove', 2_500_000)[1]
    assert 'read 3' in output and 'gone' in output


def test_card_comes_late(guest, tmp_path):
    output = k210.run(guest('card'), '--sd', card(tmp_path, 1),
                      '--sd-insert', 100_000_000)[1]
    assert output.endswith('no card\n')


BAD_CARDS = {
    'odd size': (1000, [], 'multiple of 512 KiB'),
    'empty': (0, [], 'multiple of 512 KiB'),
    'no such type': (1 << 20, ['--sd-type', 'mmc'], 'no such type'),
    'sdsc of 3 GiB': (3 << 30, ['--sd-type', 'sdsc'], 'takes an SDHC'),
    'no fault': (1 << 20, ['--sd-fault', 'read-crcs'], 'no fault'),
    'fault 0': (1 << 20, ['--sd-fault', 'read-crc@0'], 'no fault'),
    'fault of 200 %': (1 << 20, ['--sd-fault', 'read-crc%200'], 'no fault'),
    'fault when': (1 << 20, ['--sd-fault', 'read-crc@'], 'no fault'),
}


@pytest.mark.parametrize('name', BAD_CARDS)
def test_bad_card_is_refused(guest, tmp_path, name):
    size, options, message = BAD_CARDS[name]
    path = tmp_path / 'card'
    path.touch()
    os.truncate(path, size)
    status, _, errors = k210.run(guest('card'), '--sd', path, *options)
    assert status == k210.USAGE and message in errors


def test_card_is_a_file(guest, tmp_path):
    for path in (tmp_path, tmp_path / 'none', '/dev/null'):
        assert k210.run(guest('card'), '--sd', path)[0] == k210.USAGE


def cut_state(data, number):
    """What a block is after the guest 'cut': new, old or torn."""
    block = data[512 * number:][:512]
    if block == bytes([~number & 0xff]) * 512:
        return 'new'
    return 'old' if block == bytes([number]) * 512 else 'torn'


@pytest.mark.parametrize('seed', range(4))
@pytest.mark.parametrize('nth', [1, 57, 101, 130, 140, 200])
def test_power_cut_while_writing(guest, tmp_path, nth, seed):
    """What was finished stays, what was not may be anything."""
    path = card(tmp_path, 1)
    status, _, errors = k210.run(guest('cut'), '--sd', path, '--sd-cut', nth,
                                 '--seed', seed)
    assert (status, errors) == (k210.POWER_CUT, '')
    data = path.read_bytes()
    states = [cut_state(data, number) for number in range(256)]
    begun = nth - 1 if nth <= 100 else (nth - 1) // 20 * 20
    assert set(states[:begun]) <= {'new'}
    assert set(states[nth:]) == {'old'}
    assert states.count('torn') <= 1


def test_power_cut_after_instructions(guest, tmp_path):
    path = card(tmp_path, 1)
    status, _, _ = k210.run(guest('cut'), '--sd', path,
                            '--power-cut', 5_000_000)
    states = [cut_state(path.read_bytes(), number) for number in range(256)]
    assert status == k210.POWER_CUT
    assert 0 < states.count('new') < 200 and states.count('torn') <= 1
    status, output, _ = k210.run(guest('faults'), '--sd', path)
    assert status == k210.PARKED and 'init 00 r1 00' in output


def test_guest_replaces_its_image(guest, tmp_path):
    """A reset boots what is in the flash by then."""
    image = tmp_path / 'image'
    second = k210.assemble(tmp_path, 'li a0, 0x38000000\nli a1, 66\n'
                                     'sw a1, 0(a0)')
    with open(guest('rewrite'), 'rb') as first, open(second, 'rb') as other:
        image.write_bytes(first.read())
        flash_with(image, 0x100000, other.read())
    status, output, errors = k210.run(image)
    assert (status, output, errors) == (k210.PARKED, 'AB', '')


def test_reset_without_image_ends(guest, tmp_path):
    """Nothing but erased flash was put in the image's place."""
    status, output, errors = k210.run(guest('rewrite'))
    assert (status, output) == (k210.USAGE, 'A') and 'erased' in errors


def test_turbo_off_starts_at_26_mhz(tmp_path):
    """UARTHS fits, PLL0 is off, and SPI1 has no clock."""
    image = k210.assemble(tmp_path, '''
        li a0, 0x50440000
        lw a1, 0x20(a0)
        andi a1, a1, 1
        addi a1, a1, 48
        li a0, 0x38000000
        sw a1, 0(a0)''')
    assert k210.run(image)[:2] == (k210.PARKED, '1')
    assert k210.run(image, '--turbo', 'off')[:2] == (k210.PARKED, '0')
    assert k210.run(image, '--turbo', 'slow')[0] == k210.USAGE


def test_piped_input_is_never_lost(guest):
    """It waits while the guest is slower than the line."""
    text = ''.join(chr(32 + n % 14) for n in range(3000)) + '.'
    result = subprocess.run(
        [built('tools/k210sim'), '--flash', guest('echo')], text=True,
        input=text, capture_output=True, timeout=120)
    assert (result.returncode, result.stderr) == (k210.PARKED, '')
    assert result.stdout == f'ready\n{text}'


@pytest.fixture
def terminal(guest, tmp_path):
    """The simulator on a terminal, with a guest that sends all back."""
    child = pexpect.spawn(built('tools/k210sim'),
                          ['--flash', guest('echo'), '--sd',
                           str(card(tmp_path, 1))], timeout=60)
    child.expect_exact('ready')
    yield child
    child.close(force=True)


def test_terminal_keys(terminal):
    for key, answer in {'h': 'this help', 's': 'SD card out',
                        'S': 'SD card in', 'b': 'BOOT key pressed',
                        'B': 'BOOT key released', '\x01': '\x01'}.items():
        terminal.send('\x01' + key)
        terminal.expect_exact(answer)
    terminal.send('x')
    terminal.expect_exact('x')
    terminal.send('\x01x')
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == k210.QUIT


def test_terminal_quits_a_guest_that_hangs(tmp_path):
    image = k210.assemble(tmp_path, 'li a0, 0x38000000\nli a1, 65\n'
                                    'sw a1, 0(a0)\n1: j 1b')
    child = pexpect.spawn(built('tools/k210sim'), ['--flash', str(image)],
                          timeout=60)
    child.expect_exact('A')
    child.send('\x01x')
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == k210.QUIT


def test_lenient_device_needs_no_clock(tmp_path):
    """Code of the vendor sets a divider of SPI0 before it turns it on."""
    image = k210.assemble(tmp_path, '''
        li a0, 0x52000014
        li a1, 66
        sw a1, 0(a0)
        lw a1, 0(a0)
        li a0, 0x38000000
        sw a1, 0(a0)''')
    assert k210.run(image)[0] == k210.MISUSE
    status, output, errors = k210.run(image, '--lenient')
    assert (status, output) == (k210.PARKED, 'B')
    assert errors.count('SPI0 has no clock') == 1


def test_runs_repeat_exactly(guest, tmp_path):
    """The same seed and card give the same instructions, another do not."""
    runs = [k210.run(guest('faults'), '--sd', card(tmp_path, 1), '--icount',
                     '--seed', seed)[2] for seed in '112']
    assert runs[0] == runs[1] != runs[2]


def test_runs_with_a_file_for_input_repeat_exactly(guest, tmp_path):
    text = tmp_path / 'typed'
    text.write_text('a line of text\n' * 300 + '.')
    runs = []
    for _ in range(2):
        with open(text, 'rb') as typed:
            runs.append(subprocess.run(
                [built('tools/k210sim'), '--flash', guest('echo'), '--icount'],
                stdin=typed, capture_output=True, timeout=120))
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stderr == runs[1].stderr != b''


def test_card_outlives_a_reset(guest, tmp_path):
    """Mid-transfer, selected and initialised, it has to be found again."""
    status, output, errors = k210.run(guest('reset'), '--sd',
                                      card(tmp_path, 1))
    assert (status, errors) == (k210.PARKED, ''), output
    assert [line.split()[0] for line in output.splitlines()] == ['ok'] * 5


@pytest.mark.parametrize('number', ['SIGINT', 'SIGTERM', 'SIGHUP'])
def test_signals_quit(tmp_path, number):
    """What is printed and saved at the end is not lost."""
    image = k210.assemble(tmp_path, 'li a0, 0x38000000\nli a1, 65\n'
                                    'sw a1, 0(a0)\n1: j 1b')
    with subprocess.Popen(
            [built('tools/k210sim'), '--flash', image, '--icount'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) as child:
        assert child.stdout.read(1) == b'A'
        child.send_signal(getattr(signal, number))
        errors = child.communicate(timeout=60)[1].decode()
    assert child.returncode == k210.QUIT
    assert re.fullmatch(r'k210sim: \d+ instructions\n', errors)


def test_signals_quit_isp_mode(tmp_path):
    flash = tmp_path / 'flash'
    flash.write_bytes(b'')
    with subprocess.Popen(
            [built('tools/k210sim'), '--flash', flash, '--isp', '--pty'],
            stderr=subprocess.PIPE) as child:
        assert b'the terminal is' in child.stderr.readline()
        child.terminate()
        assert child.communicate(timeout=60)[1] == b''
    assert child.returncode == k210.QUIT
