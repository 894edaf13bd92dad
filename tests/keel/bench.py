"""What system calls cost on our system and on Linux: runs user/bench on both.

Both get one hart and the same memory; our kernel runs on our firmware, Linux on
the newest OpenSBI. Rows without a disk run with sleep=off, where waiting takes
no time and runs are identical. That makes waits for a disk leap in guest
time, so that rows with one run with sleep=on.
"""
import os
import re
import tempfile

from keel import linux
from keel.firmware import firmwares
from keel.machine import Machine, built

PROGRAM = 'usr/lib/tests/bench'
SLEEPING = ['-icount', 'shift=0,sleep=on']
DISK_ROWS = ['create', 'unlink', 'rename', 'getdents_200', 'write_fsync_4m',
             'read_cached_4m', 'fault_file']
DISK_SUFFIX = '.ext4'
# What tests/test_bench_guard.py compares with what was recorded: rows whose
# runs differ by less than a per cent.
EXPECTED = os.path.join(os.path.dirname(__file__), '..', 'bench',
                        'expected.tsv')
GUARDED = ['null', 'read1', 'write1', 'stat', 'open_close', 'fstat',
           'clock_vdso', 'clock_call', 'sigaction', 'signal', 'pipe_self',
           'pipe_round_trip', 'pipe_64k', 'ring_2', 'ring_8', 'ring_64',
           'fork_exit', 'fork_exec', 'pthread', 'futex_round_trip',
           'mmap_munmap', 'fault_anonymous', 'fault_file', 'fault_cow',
           'create', 'unlink', 'rename', 'getdents_200', 'read_cached_4m']
LIMIT = 600


def parse(text):
    """{row: instructions, or why there are none} of bench's output."""
    results = {}
    for kind, name, rest in re.findall(r'^(row|skip|fail) (\w+) (.*?)\r*$',
                                       text, re.MULTILINE):
        results[name] = int(rest) if kind == 'row' \
            else f'{kind} {rest.split(" (")[0]}'
    return results


def command(folder, counter, rows=()):
    """The command line that runs rows, or all of them, in a folder."""
    return ' '.join([f'mkdir -p {folder} && /{PROGRAM} -c {counter}',
                     f'-d {folder}', *rows])


def on_disk(results):
    """Results under the names that tell that they were had on a disk."""
    return {name + DISK_SUFFIX: result for name, result in results.items()}


def measure_keel(rows=(), counter='time'):
    """Results of rows on our system; in /tmp, so without a disk."""
    with tempfile.TemporaryDirectory() as folder:
        with Machine(folder, icount=True, timeout=LIMIT) as machine:
            machine.wait_prompt()
            # bench's status is 1 if a row failed; its line says so.
            return parse(machine.run(command('/tmp', counter, rows))[0])


def read_expected():
    """{row: instructions} as recorded."""
    with open(EXPECTED, encoding='utf-8') as table:
        rows = [line.split('\t') for line in table.read().splitlines()[1:]]
    return {name: int(value) for name, value in rows}


def record_expected():
    """Measure what is guarded, and record it."""
    results = measure_keel(GUARDED, 'instret')
    with open(EXPECTED, 'w', encoding='utf-8') as table:
        table.write('row\tinstructions\n')
        for row in GUARDED:
            table.write(f'{row}\t{results[row]}\n')


def measure_keel_disk():
    """Results of DISK_ROWS on our ext4."""
    with tempfile.TemporaryDirectory() as folder:
        with Machine(folder, extra=SLEEPING, timeout=LIMIT) as machine:
            machine.wait_prompt()
            output, _ = machine.run(command('/root/b', 'time', DISK_ROWS))
            return on_disk(parse(output))


def start_linux(folder, **options):
    """Linux with bench, its disk's modules loaded, and nothing left to do."""
    with open(built('user/bench/bench'), 'rb') as program:
        files = {**linux.modules(), PROGRAM: program.read()}
    archive = linux.write_initramfs(f'{folder}/initramfs', files)
    bios = firmwares()['OpenSBI 1.6'] or 'opensbi'
    machine = Machine(folder, bios=bios, kernel=linux.kernel(),
                      append='console=ttyS0 loglevel=4', timeout=LIMIT,
                      extra=['-initrd', archive, *options.pop('extra', [])],
                      **options)
    machine.expect('@ready')
    # It tests its ciphers after it has started init.
    linux.run(machine, 'sleep 10')
    return machine


def measure_linux():
    """Results of all rows on Linux; in a tmpfs, so without a disk."""
    with tempfile.TemporaryDirectory() as folder:
        with start_linux(folder, disk=None, icount=True) as machine:
            return parse(linux.run(machine, command('/tmp', 'time'))[0])


def measure_linux_disk():
    """Results of DISK_ROWS on Linux's ext4, on the same image as ours."""
    with tempfile.TemporaryDirectory() as folder:
        with start_linux(folder, extra=SLEEPING) as machine:
            linux.run(machine, 'mkdir /mnt; mount -t ext4 /dev/vda /mnt')
            output, _ = linux.run(
                machine, command('/mnt/root/b', 'time', DISK_ROWS))
            return on_disk(parse(output))


def measure_both():
    """(our results, Linux's; {} for Linux where its package is missing)."""
    ours = {**measure_keel(), **measure_keel_disk()}
    if not linux.kernel():
        return ours, {}
    return ours, {**measure_linux(), **measure_linux_disk()}
