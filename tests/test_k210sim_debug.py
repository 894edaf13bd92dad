"""The K210 simulator's means to find faults in guests."""
import re

import pytest

from keel import k210

HOLE = '''
        call outer
        .globl outer
outer:  li a0, 0x60000000
        .type inner, @function
inner:  nop
        lw a1, 0(a0)
        .size inner, . - inner'''


@pytest.fixture
def elf_and_image(tmp_path):
    """The files of a guest that breaks a rule in inner, 2 bytes from it."""
    image = k210.assemble(tmp_path, HOLE)
    return image.removesuffix('.image'), image


def test_misuse_names_the_symbol(elf_and_image):
    elf, image = elf_and_image
    status, _, errors = k210.run(image, '--symbols', elf)
    assert status == k210.MISUSE
    assert re.search(r'hart 0 pc 0x8[0-9a-f]+ <inner\+0x2> address 0x60000000:'
                     r' nothing is mapped', errors), errors


def test_limit_names_the_symbols(tmp_path):
    image = k210.assemble(tmp_path, 'spin: j spin')
    status, _, errors = k210.run(image, '--symbols',
                                 image.removesuffix('.image'), limit=1000)
    assert status == k210.LIMIT
    assert re.fullmatch(r'k210sim: limit reached\n'
                        r'k210sim: hart 0 pc 0x8[0-9a-f]+ <spin\+0x0>\n'
                        r'k210sim: hart 1 pc 0x8[0-9a-f]+ <park\+0x8>\n',
                        errors), errors


def test_symbols_end_with_their_size(tmp_path):
    """Beyond a function of known size there is no name."""
    image = k210.assemble(tmp_path, HOLE.replace('. - inner', '2'))
    errors = k210.run(image, '--symbols', image.removesuffix('.image'))[2]
    assert ' pc 0x' in errors and '<' not in errors, errors


def damage(data, fault):
    """An ELF file with one thing wrong."""
    if fault == 'empty':
        del data[:]
    elif fault == 'no_elf':
        data[0] = 0
    elif fault == 'other_machine':
        data[18] = 62
    elif fault == 'no_sections':
        data[40:48] = bytes(8)
        data[60:62] = bytes(2)
    elif fault == 'sections_beyond_end':
        data[40:48] = b'\xff' * 8
    elif fault == 'truncated':
        del data[len(data) - 100:]


@pytest.mark.parametrize('fault', [
    'empty', 'no_elf', 'other_machine', 'no_sections', 'sections_beyond_end',
    'truncated'])
def test_bad_symbol_file_is_refused(elf_and_image, tmp_path, fault):
    elf, image = elf_and_image
    with open(elf, 'rb') as file:
        data = bytearray(file.read())
    damage(data, fault)
    bad = tmp_path / 'bad'
    bad.write_bytes(data)
    status, _, errors = k210.run(image, '--symbols', bad)
    assert status == k210.USAGE and str(bad) in errors


def test_missing_symbol_file_is_told(elf_and_image, tmp_path):
    status, _, errors = k210.run(elf_and_image[1], '--symbols',
                                 tmp_path / 'none')
    assert status == k210.USAGE and 'No such file' in errors
