"""Prints what things cost, in guest instructions: `scons bench` calls this.

    run.py BUILD             print, and write BUILD/bench/report.*
    run.py BUILD --expect    record what tests/test_bench_guard.py expects

Instructions are counted by QEMU (-icount shift=0): no load on the machine that
runs this changes them.
"""
import os
import sys

os.environ['KEEL_BUILD'] = sys.argv[1] if len(sys.argv) > 1 else 'build'
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))

from keel.bench import measure_both, record_expected  # noqa: E402 (path)
from keel.firmware import OURS, firmwares, measure  # noqa: E402
from report import report  # noqa: E402

ROWS = {
    'reset_to_kernel': 'reset to first S-mode instruction',
    'get_spec_version': 'get_spec_version',
    'set_timer': 'set_timer',
    'ipi_to_self': 'IPI to self, to its handler',
    'remote_fence_i': 'remote fence.i to self',
    'legacy_putchar': 'legacy putchar',
    'dbcn_write_byte': 'DBCN write byte',
}


def ratio(results, row):
    """Ours as a part of the best of the others."""
    others = [result[row] for name, result in results.items()
              if name != OURS and row in result]
    if not others:
        return ''
    return f'{results[OURS][row] / min(others):.2f}'


def print_firmware():
    """The table of SBI calls."""
    results = {name: measure(path) for name, path in firmwares().items()
               if path}
    print('Firmware, guest instructions as the caller counts them\n')
    print(f'{"":34}' + ''.join(f'{name:>14}' for name in results)
          + f'{"ours/best":>12}')
    for row, title in ROWS.items():
        cells = [f'{result[row]:,}' if row in result else '-'
                 for result in results.values()]
        print(f'{title:34}' + ''.join(f'{cell:>14}' for cell in cells)
              + f'{ratio(results, row):>12}')


if __name__ == '__main__':
    if '--expect' in sys.argv:
        record_expected()
    else:
        print_firmware()
        report(*measure_both())
