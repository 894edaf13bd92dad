"""The table of system calls: on the terminal, as Markdown, as tab-separated."""
import os
import subprocess

from keel.machine import BUILD

TITLES = {
    'null': 'null call (getppid)',
    'read1': 'read 1 byte of /dev/zero',
    'write1': 'write 1 byte to /dev/null',
    'stat': 'stat, 3 components',
    'open_close': 'open + close, 3 components',
    'fstat': 'fstat',
    'clock_vdso': 'clock_gettime, vDSO',
    'clock_call': 'clock_gettime, call',
    'sigaction': 'sigaction',
    'signal': 'signal to self with handler',
    'pipe_self': 'pipe, 1 byte, one process',
    'pipe_round_trip': 'pipe, 1 byte, round trip',
    'pipe_64k': 'pipe, 64 KiB between two',
    'unix_round_trip': 'AF_UNIX, 1 byte, round trip',
    'ring_2': 'ring of 2 processes, a hop',
    'ring_8': 'ring of 8 processes, a hop',
    'ring_64': 'ring of 64 processes, a hop',
    'fork_exit': 'fork + exit + wait',
    'fork_exec': 'fork + exec + exit + wait',
    'pthread': 'pthread create + join',
    'futex_round_trip': 'futex, round trip',
    'mmap_munmap': 'mmap + munmap of a page',
    'fault_anonymous': 'fault of an anonymous page',
    'fault_file': 'fault of a cached file page',
    'fault_cow': 'fault of a shared page (COW)',
    'create': 'create + close',
    'unlink': 'unlink of an empty file',
    'rename': 'rename of an empty file',
    'getdents_200': 'getdents64, 200 entries',
    'write_fsync_4m': 'write 4 MiB, fsync',
    'read_cached_4m': 'read 4 MiB, cached',
}
EXPLANATION = '''\
Guest instructions for one operation, on QEMU's `virt` with one hart, 256 MiB
and `-icount shift=0`. Files lie on tmpfs, or on ext4 where the row says so.
Linux is Debian 13's, on OpenSBI. docs/performance.md tells more.
'''


def title(row):
    """A row's title, with its file system."""
    name, _, where = row.partition('.')
    return TITLES.get(name, name) + (f', {where}' if where else '')


def cell(result):
    """A result as text: a number, or why there is none."""
    return f'{result:,}' if isinstance(result, int) else result or '-'


def ratio(ours, theirs):
    """Ours as a part of theirs."""
    if isinstance(ours, int) and isinstance(theirs, int) and theirs:
        return f'{ours / theirs:.2f}'
    return ''


def lines(ours, linux):
    """(title, ours, Linux's, ratio) as text, for each row."""
    for row in {**ours, **linux}:
        yield (title(row), cell(ours.get(row)), cell(linux.get(row)),
               ratio(ours.get(row), linux.get(row)))


def print_calls(ours, linux):
    """The table on the terminal."""
    print('\nSystem calls, guest instructions for one operation\n')
    print(f'{"":40}{"Keel":>14}{"Linux":>14}{"ratio":>8}')
    for name, ours_text, linux_text, part in lines(ours, linux):
        print(f'{name:40}{ours_text:>14}{linux_text:>14}{part:>8}')


def qemu_version():
    """The first line of what QEMU says about itself."""
    result = subprocess.run(['qemu-system-riscv64', '--version'], check=True,
                            capture_output=True, text=True)
    return result.stdout.splitlines()[0]


def write_markdown(ours, linux):
    """report.md; its path."""
    path = os.path.join(BUILD, 'bench', 'report.md')
    with open(path, 'w', encoding='utf-8') as report:
        report.write(f'# What system calls cost\n\n{EXPLANATION}'
                     f'{qemu_version()}.\n\n'
                     '| operation | Keel | Linux | ratio |\n'
                     '| --- | ---: | ---: | ---: |\n')
        for texts in lines(ours, linux):
            report.write('| ' + ' | '.join(texts) + ' |\n')
    return path


def write_table(ours, linux):
    """report.tsv: row, ours, Linux's; empty where there is no number."""
    path = os.path.join(BUILD, 'bench', 'report.tsv')
    with open(path, 'w', encoding='utf-8') as table:
        table.write('row\tkeel\tlinux\n')
        for row in {**ours, **linux}:
            numbers = [str(result) if isinstance(result, int) else ''
                       for result in (ours.get(row), linux.get(row))]
            table.write('\t'.join([row, *numbers]) + '\n')
    return path


def report(ours, linux):
    """All three."""
    os.makedirs(os.path.join(BUILD, 'bench'), exist_ok=True)
    print_calls(ours, linux)
    print()
    for path in (write_markdown(ours, linux), write_table(ours, linux)):
        print(f'wrote {os.path.relpath(path)}')
