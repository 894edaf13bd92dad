"""The K210 simulator: instructions against qemu-riscv64, quirks by name."""
import subprocess

import pytest

from keel import k210, riscv_random

GROUPS = {
    'integer': ['integer', 'integer', 'memory', 'branch'],
    'compressed': ['compressed', 'compressed', 'integer'],
    'atomic': ['atomic', 'atomic', 'integer'],
    'floating': ['floating'],
}


@pytest.mark.parametrize('seed', range(3))
@pytest.mark.parametrize('group', GROUPS)
def test_random_blocks_match_qemu(tmp_path, group, seed):
    """Registers, flags and memory after each block are those of qemu."""
    source = tmp_path / 'random.S'
    source.write_text(riscv_random.program(f'{group}{seed}', GROUPS[group]))
    linux = k210.link(tmp_path, 'linux', ['start_linux.S', 'blocks.c', source])
    guest = k210.link(tmp_path, 'k210', ['start_k210.S', 'blocks.c', source])
    expected = subprocess.run(['qemu-riscv64', linux], check=True, text=True,
                              capture_output=True, timeout=60).stdout.split()
    status, output, errors = k210.run(k210.flash_image(guest))
    assert (status, errors) == (k210.PARKED, '')
    got = output.split()
    wrong = [n for n, pair in enumerate(zip(expected, got))
             if pair[0] != pair[1]]
    assert not wrong, f'first different block: {wrong[0]}'
    assert len(got) == len(expected) == 60
