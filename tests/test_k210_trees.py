"""The device trees of the K210's boards: each compiles, and says its pins."""
import os
import subprocess

import pytest

from keel.k210 import CROSS
from keel.k210_machine import k210_image

ROOT = os.path.join(os.path.dirname(__file__), '..')
BOARDS = list(k210_image.KFLASH_BOARDS)
GPIOHS, GPIO = 24, 56  # functions of the first line

# Pins: MISO, clock, MOSI and select of the card; LEDs, keys, all active low.
SD_PINS = dict.fromkeys(BOARDS, (26, 27, 28, 29))
SD_PINS['kd233'] = (31, 29, 30, 32)
LEDS = {'maix-bit': {'green': 12, 'red': 13, 'blue': 14},
        'maix-dock': {'blue': 12, 'green': 13, 'red': 14},
        'maix-go': {'green': 12, 'red': 13, 'blue': 14},
        'maixduino': {}, 'kd233': {'led0': 24, 'led1': 25}}
KEYS = {'maix-bit': {'BOOT': 16}, 'maix-dock': {'BOOT': 16},
        'maix-go': {'BOOT': 16, 'UP': 15, 'DOWN': 17},
        'maixduino': {'BOOT': 16}, 'kd233': {'KEY0': 26}}


class Tree:
    """A compiled tree, read with the tools of dtc."""

    def __init__(self, folder, board):
        self.path = os.path.join(str(folder), f'{board}.dtb')
        source = subprocess.run(
            [f'{CROSS}gcc', '-E', '-P', '-nostdinc', '-undef', '-x',
             'assembler-with-cpp', f'-I{ROOT}',
             f'{ROOT}/drivers/dts/k210-{board}.dts'],
            check=True, capture_output=True).stdout
        subprocess.run(['dtc', '-q', '-O', 'dtb', '-o', self.path],
                       input=source, check=True)

    def get(self, node, name, kind='s'):
        """A property as text; '' if it is not there."""
        return subprocess.run(['fdtget', '-t', kind, '-d', '', self.path, node,
                               name], check=True, capture_output=True,
                              text=True).stdout.strip()

    def cells(self, node, name):
        """A property as a list of cells."""
        return [int(cell, 16) for cell in self.get(node, name, 'x').split()]

    def children(self, node):
        """The paths of a node's children; none if it is not there."""
        result = subprocess.run(['fdtget', '-l', self.path, node],
                                capture_output=True, text=True)
        return [f'{node}/{name}' for name in result.stdout.split()]

    def routes(self):
        """{function: pin} of all groups of pins."""
        groups = self.children('/soc/bus@50200000/pinmux@502b0000')
        return {cell & 0xffff: cell >> 16 for group in groups
                for cell in self.cells(group, 'pinmux')}

    def line(self, gpio):
        """(controller, line, flags) as the pin that carries the line."""
        controller, number, flags = gpio
        phandle = self.cells('/soc/gpio-controller@38001000', 'phandle')
        first = GPIOHS if [controller] == phandle else GPIO
        assert flags == 1, 'active low'
        return self.routes()[first + number]


@pytest.fixture(scope='module', params=BOARDS)
def tree(request, tmp_path_factory):
    made = Tree(tmp_path_factory.mktemp('tree'), request.param)
    made.board = request.param
    return made


def test_id_registers_choose_it(tree):
    assert tree.cells('/', 'keel,machine') == [
        0, 0x4b5, 0xe59889e6, 0xa5a04149, 0x4d414958, 0x32303030]
    assert 'canaan,kendryte-k210' in tree.get('/', 'compatible')


def test_there_is_room_for_bootargs(tree):
    args = tree.get('/chosen', 'bootargs', 'bx').split()
    assert args == ['0'] * k210_image.BOOTARGS_ROOM


def test_card_has_its_pins(tree):
    routes = tree.routes()
    spi1_d1, spi1_clock, spi1_d0 = 71, 83, 70
    select = tree.line(tree.cells('/soc/bus@52000000/spi@53000000',
                                  'cs-gpios'))
    assert (routes[spi1_d1], routes[spi1_clock], routes[spi1_d0],
            select) == SD_PINS[tree.board]


def test_no_pin_has_two_uses(tree):
    pins = list(tree.routes().values())
    assert len(pins) == len(set(pins))


@pytest.mark.parametrize('node,wanted', [('/gpio-leds', LEDS),
                                         ('/gpio-keys', KEYS)])
def test_leds_and_keys_have_their_pins(tree, node, wanted):
    found = {tree.get(child, 'label'): tree.line(tree.cells(child, 'gpios'))
             for child in tree.children(node)}
    assert found == wanted[tree.board]
