"""What is around the K210 on its simulator: pins, SPI, SD card, flash."""
import os
import re

import pytest

from keel import k210

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
    'stray': (['--flash', 'x', 'y'], "'y' is no option"),
    'no_such_board': (['--flash', 'x', '--board', 'pi'], "called 'pi'"),
    'no_such_key': (['--flash', 'x', '--key', 'up'], "has no key 'up'"),
    'too_many': (['--flash', 'x'] + ['--key', 'boot'] * 9, 'more than 8'),
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
    'spi_clock_off': 'SPI1: frames wait, but the clock does not run',
    'spi_baudr_0': 'SPI1: frames wait, but BAUDR is 0',
    'spi_arb_low': 'SPI1: the ARB input is not tied high',
    'spi_configured_while_enabled': 'configured while SSIENR is 1',
    'spi_data_while_disabled': 'data written while SSIENR is 0',
    'spi_ser_during_transfer': 'SER written during a transfer',
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
