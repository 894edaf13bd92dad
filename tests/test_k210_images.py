"""The files that a K210 is flashed with, and its SD card."""
import hashlib
import json
import os
import re
import struct
import subprocess
import zipfile

import pytest

from keel.k210_machine import k210_image  # makes site_scons known
from keel.machine import built

import emulator

ROM_LIMIT = 0x5fc000
SECTOR = 512


def read(name):
    """The bytes of something that was built."""
    with open(built(name), 'rb') as file:
        return file.read()


def test_flash_image_is_what_the_boot_rom_checks():
    image = read('k210/keel.img')
    flags, length = struct.unpack_from('<BI', image)
    assert flags == 0
    assert length == len(image) - 37 <= ROM_LIMIT
    assert image[5:-32] == read('keel.bin')
    assert hashlib.sha256(image[:-32]).digest() == image[-32:]


def kflash_list(package):
    """flash-list.json as kflash reads it: text is changed before parsing."""
    text = package.read('flash-list.json').decode()
    return json.loads(re.sub(r'"address": (.*),', r'"address": "\1",', text))


def test_package_is_what_kflash_takes():
    with zipfile.ZipFile(built('k210/keel.kfpkg')) as package:
        entries = kflash_list(package)['files']
        assert [int(entry['address'], 0) for entry in entries] == [0]
        assert entries[0]['sha256Prefix'] is True
        assert entries[0]['reverse4Bytes'] is False
        assert package.read(entries[0]['bin']) == read('keel.bin')


def test_too_long_image_is_refused():
    with pytest.raises(ValueError, match='boot ROM takes'):
        k210_image.flash_image(bytes(ROM_LIMIT + 1))


def test_sd_card_has_one_sound_partition(tmp_path):
    card = read('k210/sdcard.img')
    assert card[510:512] == b'\x55\xaa'
    kind, start, count = struct.unpack_from('<4xB3xII', card, 446)
    assert kind == 0x83 and start % 2048 == 0
    assert (start + count) * SECTOR <= len(card)
    assert not any(card[462:510])
    # A card's capacity comes in units of 512 KiB.
    assert len(card) % (512 << 10) == 0
    partition = os.path.join(str(tmp_path), 'partition')
    with open(partition, 'wb') as file:
        file.write(card[start * SECTOR:(start + count) * SECTOR])
    subprocess.run(['e2fsck', '-fn', partition], check=True,
                   stdout=subprocess.DEVNULL)


def test_command_line_goes_into_the_tree(tmp_path):
    image = k210_image.with_bootargs(read('keel.bin'), 'loglevel=3 root=none')
    offset, size = k210_image.find_tree(image)
    assert len(image) == len(read('keel.bin'))
    tree = os.path.join(str(tmp_path), 'tree.dtb')
    with open(tree, 'wb') as file:
        file.write(image[offset:offset + size])
    said = subprocess.run(['fdtget', '-t', 's', tree, '/chosen', 'bootargs'],
                          check=True, capture_output=True, text=True).stdout
    assert said.strip() == 'loglevel=3 root=none'


def test_too_long_command_line_is_refused():
    with pytest.raises(ValueError, match='too long'):
        k210_image.with_bootargs(read('keel.bin'), 'x' * 5000)


def test_too_long_command_line_is_told_by_scons():
    """run, gdb and flash end with a line that says so, not with a traceback."""
    files = {name: built(name) for name in ('keel.bin', 'k210/keel.img')}
    with pytest.raises(emulator.UserError, match='APPEND=: .* too long'):
        emulator.k210_package({'APPEND': 'x' * 256}, files)
