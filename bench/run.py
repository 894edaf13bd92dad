"""Prints what things cost, in guest instructions: `scons bench` calls this.

    run.py BUILD             measure all; writes BUILD/bench/report.*
    run.py BUILD --expect    record what tests/test_bench_guard.py expects

Instructions are counted by QEMU (-icount shift=0): no load on the machine that
runs this changes them.
"""
import os
import sys

os.environ['KEEL_BUILD'] = sys.argv[1] if len(sys.argv) > 1 else 'build'
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'tests'))

import boot  # noqa: E402  (all of these need the path above)
import plots  # noqa: E402
import report  # noqa: E402
import titles  # noqa: E402
from keel import bench, bench_expected, firmware, linux  # noqa: E402
from progress import Progress  # noqa: E402


def measure_firmware(step):
    """{firmware: {row: instructions}}."""
    results = {}
    for name, path in firmware.firmwares().items():
        if path:
            step(f'ecalls of {name}')
            results[name] = firmware.measure(path)
    return results


def measure_systems(progress):
    """(our results, Linux's; {} for Linux where its package is missing)."""
    rows = bench.CALLS + bench.GROWTH + bench.LOADS
    progress.step('Keel, on tmpfs')
    ours = bench.measure_keel(rows, progress=progress)
    progress.step('Keel, on ext4')
    ours.update(bench.measure_keel_disk(progress))
    progress.step('Keel, on several harts')
    ours.update(bench.measure_keel_harts(progress))
    progress.step('Keel, by the clock on the wall')
    ours.update(bench.measure_keel_wall(progress))
    if not linux.kernel():
        progress.step('Linux is not in the cache: ./setup.sh fetches it')
        return ours, {}
    progress.step('Linux, on tmpfs')
    theirs = bench.measure_linux(rows, progress)
    progress.step('Linux, on ext4')
    theirs.update(bench.measure_linux_disk(progress))
    progress.step('Linux, on several harts')
    theirs.update(bench.measure_linux_harts(progress))
    progress.step('Linux, by the clock on the wall')
    theirs.update(bench.measure_linux_wall(progress))
    return ours, theirs


def select(results, names):
    """The rows of results whose names are among names, in that order."""
    return [row for row in results
            if row.partition('.')[0] in names and not row.endswith('.wall')]


def compared_tables(ours, theirs):
    """Tables of rows that both systems have, with their plots."""
    both = {**ours, **theirs}
    calls = report.rows_table('System calls', select(both, titles.CALLS),
                              ours, theirs)
    loads = report.rows_table('Loads', select(both, titles.LOADS), ours,
                              theirs)
    if plots.is_there() and theirs:
        calls.plots.append(plots.draw_ratios(
            'ratios.svg', select(both, titles.CALLS), ours, theirs))
        loads.plots.append(plots.draw_ratios(
            'ratios-loads.svg', select(both, titles.LOADS), ours, theirs))
    return [calls, loads]


def growth_tables(ours, theirs):
    """A table and a plot for each thing that may grow."""
    tables = []
    for what, rows in titles.GROWTH.items():
        table = report.growth_table(what, rows, ours, theirs)
        if plots.is_there():
            table.plots.append(plots.draw_growth(what, rows, ours, theirs))
        tables.append(table)
    return tables


def wall_table(ours, theirs):
    """What the clock says."""
    rows = [row for row in ours if row.endswith(bench.WALL_SUFFIX)
            and row.partition('.')[0] in titles.CALLS]
    table = report.rows_table('By the clock on the wall, ns', rows, ours,
                              theirs)
    table.note = report.WALL_NOTE
    return table


def measure_all():
    """Measure, print, write."""
    progress = Progress()
    ecalls = measure_firmware(progress.step)
    counts, used = boot.measure(progress.step)
    ours, theirs = measure_systems(progress)
    progress.step('done')
    os.makedirs(report.FOLDER, exist_ok=True)
    tables = [report.firmware_table(ecalls, firmware.OURS),
              *compared_tables(ours, theirs), *growth_tables(ours, theirs),
              report.boot_table(counts),
              report.sizes_table(used, boot.image_sizes()),
              wall_table(ours, theirs)]
    for table in tables:
        print('\n' + table.text(), end='')
    values = {**{f'firmware {name}': rows for name, rows in ecalls.items()},
              'Keel': ours, 'Linux': theirs,
              **{f'boot {name}': {when: sum(counts) for when, counts
                                  in rows.items()}
                 for name, rows in counts.items()},
              'KiB in use': used, 'image bytes': boot.image_sizes()}
    print()
    if not plots.is_there():
        print('no plots: ./setup.sh installs gnuplot')
    for path in (report.write_markdown(tables), report.write_values(values)):
        print(f'wrote {os.path.relpath(path)}')


if __name__ == '__main__':
    if '--expect' in sys.argv:
        bench_expected.record()
    else:
        measure_all()
