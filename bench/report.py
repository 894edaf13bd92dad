"""The results as text: on the terminal, and as Markdown with plots."""
import os
import subprocess

import growth
import titles
from keel.machine import BUILD

FOLDER = os.path.join(BUILD, 'bench')
EXPLANATION = '''\
Guest instructions for one operation, on QEMU's `virt` with one hart, 256 MiB
and `-icount shift=0`. Files lie on tmpfs, or on ext4 where the row says so.
Linux is Debian 13's, on OpenSBI. docs/performance.md tells more.
'''
WALL_NOTE = '''\
For orientation only: nanoseconds by the clock on the wall under plain TCG. They
move with whatever else the machine below has to do, most of all with several
harts, and QEMU 7.2 flushes its TLB at each change of sstatus.SUM, so that a
kernel which leaves it alone looks better than it is. Instructions are the
reference.
'''


class Table:
    """A table with a heading, printed as text or as Markdown."""

    def __init__(self, heading, note, columns):
        self.heading = heading
        self.note = note
        self.columns = columns
        self.rows = []
        self.plots = []

    def add(self, *cells):
        """A row: numbers get their thousands apart."""
        self.rows.append([cell(value) for value in cells])

    def text(self):
        """As the terminal shows it."""
        widths = [max(map(len, column))
                  for column in zip(self.columns, *self.rows)]
        lines = [self.heading, '']
        for row in [self.columns, *self.rows]:
            first, *others = [value.rjust(width) if index else
                              value.ljust(width) for index, (value, width)
                              in enumerate(zip(row, widths))]
            lines.append('  '.join([first, *others]).rstrip())
        return '\n'.join(lines) + '\n'

    def markdown(self):
        """As the report has it."""
        lines = [f'## {self.heading}', '', self.note.rstrip(), '',
                 '| ' + ' | '.join(self.columns) + ' |',
                 '| --- |' + ' ---: |' * (len(self.columns) - 1)]
        lines += ['| ' + ' | '.join(row) + ' |' for row in self.rows]
        lines += ['', *(f'![]({name})' for name in self.plots)]
        return '\n'.join(lines).rstrip() + '\n'


def cell(value):
    """A result as text: a number, or why there is none."""
    if isinstance(value, float):
        return f'{value:.2f}'
    if value is None:
        return '-'
    return f'{value:,}' if isinstance(value, int) else value


def ratio(ours, theirs):
    """Ours as a part of theirs; '' without both."""
    if isinstance(ours, int) and isinstance(theirs, int) and theirs:
        return ours / theirs
    return ''


def verdict(row, part):
    """Says so where a row costs more than it may."""
    return 'too much' if part and part > titles.allowed(row) else ''


def firmware_table(firmware, ours):
    """A row for each call, a column for each firmware."""
    table = Table('Firmware', 'As the caller counts them.',
                  ['ecall', *firmware, 'ratio to the best'])
    for row, title in titles.FIRMWARE.items():
        others = [result[row] for name, result in firmware.items()
                  if name != ours and row in result]
        table.add(title, *(result.get(row) for result in firmware.values()),
                  ratio(firmware[ours].get(row), min(others, default=0)))
    return table


def rows_table(heading, rows, keel, linux):
    """Rows of both systems, one behind the other."""
    table = Table(heading, EXPLANATION,
                  ['operation', 'Keel', 'Linux', 'ratio', ''])
    for row in rows:
        part = ratio(keel.get(row), linux.get(row))
        table.add(titles.title(row), keel.get(row), linux.get(row), part,
                  verdict(row, part))
    return table


def growth_table(what, rows, keel, linux):
    """Costs at each size, and exponents of both systems."""
    ours, theirs = growth.curves(keel), growth.curves(linux)
    keys = [key for key in {**ours, **theirs}
            if key[0] in rows and titles.is_shown(key[1])]
    keys.sort(key=lambda key: list(rows).index(key[0]))
    sizes = sorted({size for curves in (ours, theirs) for key in keys
                    for size, _ in curves.get(key, [])})
    table = Table(f'Growth with {what}',
                  'Exponents: through all sizes, and of the last step.',
                  ['operation', *(f'{size:,}' for size in sizes), 'all',
                   'last'])
    for key in keys:
        name = titles.growth_title(rows, *key)
        for system, curves in (('Keel', ours), ('Linux', theirs)):
            points = curves.get(key)
            if points:
                costs = dict(points)
                table.add(f'{name}: {system}',
                          *(costs.get(size) for size in sizes),
                          growth.exponent(points),
                          growth.last_exponent(points))
    return table


def boot_table(counts):
    """Instructions up to each milestone, and who executed them."""
    table = Table('Boot', 'Instructions from reset on. The prompt is that of '
                  'a shell; Keel mounts its root disk on the way, Linux '
                  'unpacks an initramfs.',
                  ['stack', 'to the kernel', 'to the first program',
                   'to the prompt', 'of it firmware', 'kernel', 'programs'])
    for stack, when in counts.items():
        table.add(stack, sum(when['kernel']), sum(when['program']),
                  sum(when['end']), *when['end'])
    return table


def sizes_table(used, images):
    """Memory and images."""
    table = Table('Sizes', 'Memory of 256 MiB that is not free at the prompt, '
                  'firmware and kernel included; images as files.',
                  ['what', 'KiB'])
    for stack, kib in used.items():
        table.add(f'memory in use, {stack}', kib)
    for what, size in images.items():
        table.add(f'image: {what}', (size + 1023) // 1024)
    return table


def qemu_version():
    """The first line of what QEMU says about itself."""
    result = subprocess.run(['qemu-system-riscv64', '--version'], check=True,
                            capture_output=True, text=True)
    return result.stdout.splitlines()[0]


def write_markdown(tables):
    """report.md; its path."""
    path = os.path.join(FOLDER, 'report.md')
    with open(path, 'w', encoding='utf-8') as report:
        report.write(f'# What things cost\n\n{qemu_version()}.\n\n')
        report.write('\n'.join(table.markdown() for table in tables))
    return path


def write_values(values):
    """report.tsv: system, row and number, one a line; its path."""
    path = os.path.join(FOLDER, 'report.tsv')
    with open(path, 'w', encoding='utf-8') as table:
        table.write('system\trow\tvalue\n')
        for system, results in values.items():
            for row, value in results.items():
                table.write(f'{system}\t{row}\t{value}\n')
    return path
