"""What system calls and programs cost: runs user/bench on our system and Linux.

Both get one hart and the same memory; our kernel runs on our firmware, Linux on
the newest OpenSBI. Rows without a disk run with sleep=off, where waiting takes
no time and runs are identical. That makes waits for a disk leap in guest
time, so that rows with one run with sleep=on.

Results are {row: instructions, or why there are none}.
"""
import contextlib
import re
import signal
import statistics
import tempfile

from keel import linux
from keel.firmware import firmwares
from keel.machine import Machine, built

PROGRAM = 'usr/lib/tests/bench'
SLEEPING = ['-icount', 'shift=0,sleep=on']
# Subjects of user/bench/rows.c.
CALLS = ['calls', 'clock', 'signals', 'pipes', 'rings', 'processes', 'threads',
         'memory', 'files']
GROWTH = ['many_processes', 'many_descriptors', 'many_areas', 'many_entries',
          'many_pages', 'many_waiters']
LOADS = ['loads']
HARTS = ['many_harts']
DISK = ['create', 'unlink', 'rename', 'getdents_200', 'write_fsync_4m',
        'read_cached_4m', 'fault_file', 'many_entries', 'read_end_of',
        'append_to', 'tree_build', 'tree_walk', 'tree_remove']
DISK_SUFFIX = '.ext4'
# By the clock on the wall, for orientation.
WALL = ['null', 'read1', 'pipe_round_trip', 'ring/2', 'fork_exit', 'fork_exec',
        'fault_anonymous', 'create', 'read_cached_4m']
WALL_SUFFIX = '.wall'
NR_HARTS = 4
LIMIT = 900


def silent(text):
    """A progress that shows nothing."""


class Tee:
    """A file for what the console prints, which shows it to progress, too."""

    def __init__(self, log, progress):
        self.log = log
        self.progress = progress

    def write(self, text):
        """What came from the console."""
        self.log.write(text)
        self.progress(text)

    def flush(self):
        """Nothing is kept back here."""
        self.log.flush()


def parse(text):
    """The results in bench's output."""
    results = {}
    for kind, name, rest in re.findall(r'^(row|skip|fail) ([\w/]+) (.*?)\r*$',
                                       text, re.MULTILINE):
        results[name] = int(rest.split()[0]) if kind == 'row' \
            else f'{kind} {rest.split(" (")[0]}'
    return results


def command(folder, counter, rows=()):
    """The command line that runs rows, or all of them, in a folder."""
    return ' '.join([f'mkdir -p {folder} && /{PROGRAM} -c {counter}',
                     f'-d {folder}', *rows])


def with_suffix(results, suffix):
    """Results under names that tell how they were had."""
    return {name + suffix: result for name, result in results.items()}


@contextlib.contextmanager
def keel(progress=silent, **options):
    """Our system at its prompt."""
    with tempfile.TemporaryDirectory() as folder:
        with Machine(folder, timeout=LIMIT, **options) as machine:
            machine.wait_prompt()
            machine.console.logfile_read = Tee(machine.log, progress)
            yield machine


@contextlib.contextmanager
def debian(progress=silent, **options):
    """Linux with bench, its disk's modules loaded, and nothing left to do."""
    with tempfile.TemporaryDirectory() as folder:
        with open(built('user/bench/bench'), 'rb') as program:
            files = {**linux.modules(), PROGRAM: program.read()}
        archive = linux.write_initramfs(f'{folder}/initramfs', files)
        extra = ['-initrd', archive, *options.pop('extra', [])]
        bios = firmwares()['OpenSBI 1.6'] or 'opensbi'
        with Machine(folder, bios=bios, kernel=linux.kernel(), timeout=LIMIT,
                     append='console=ttyS0 loglevel=4', extra=extra,
                     **options) as machine:
            machine.expect('@ready')
            # It tests its ciphers after it has started init.
            linux.run(machine, 'sleep 10')
            machine.console.logfile_read = Tee(machine.log, progress)
            yield machine


def measure_keel(rows=(), counter='time', progress=silent):
    """Results of rows on our system; in /tmp, so without a disk."""
    with keel(progress, icount=True) as machine:
        # bench's status is 1 if a row failed; its line says so.
        return parse(machine.run(command('/tmp', counter, rows))[0])


def measure_keel_disk(progress=silent):
    """Results of DISK on our ext4."""
    with keel(progress, extra=SLEEPING) as machine:
        output, _ = machine.run(command('/root/b', 'time', DISK))
        return with_suffix(parse(output), DISK_SUFFIX)


def measure_keel_wall(progress=silent):
    """Nanoseconds of WALL on our system."""
    with keel(progress) as machine:
        output, _ = machine.run(command('/tmp', 'time', WALL))
        return with_suffix(parse(output), WALL_SUFFIX)


def measure_linux(rows, progress=silent):
    """Results of rows on Linux; in a tmpfs, so without a disk."""
    with debian(progress, disk=None, icount=True) as machine:
        return parse(linux.run(machine, command('/tmp', 'time', rows))[0])


def measure_linux_disk(progress=silent):
    """Results of DISK on Linux's ext4, on the same image as ours."""
    with debian(progress, disk='copy', extra=SLEEPING) as machine:
        linux.run(machine, 'mkdir /mnt; mount -t ext4 /dev/vda /mnt')
        output, _ = linux.run(machine, command('/mnt/root/b', 'time', DISK))
        return with_suffix(parse(output), DISK_SUFFIX)


def measure_linux_wall(progress=silent):
    """Nanoseconds of WALL on Linux."""
    with debian(progress, disk=None) as machine:
        output, _ = linux.run(machine, command('/tmp', 'time', WALL))
        return with_suffix(parse(output), WALL_SUFFIX)


def between_marks(output, marks):
    """Results of rows by the marks that bench made, which harts.c counted.

    Medians: where a hart of the emulator has to wait for a processor, others
    may spin meanwhile.
    """
    marks = iter(marks[2:])  # two are those of the empty loop
    results = {}
    for name, count, warm in re.findall(r'^row ([\w/]+) \d+ (\d+) (\d+)\r*$',
                                        output, re.MULTILINE):
        costs = [stop - start for _, start, stop in
                 zip(range(int(count) + int(warm)), marks, marks)]
        results[name] = int(statistics.median(costs[int(warm):]))
    return results


def measure_harts(system, run, progress=silent):
    """Results of HARTS; system is keel or debian, run what runs commands."""
    with tempfile.TemporaryDirectory() as folder:
        log = f'{folder}/marks'
        plugin = ['-plugin', built('bench/harts.so'), '-d', 'plugin',
                  '-D', log]
        with system(progress, smp=NR_HARTS, extra=plugin) as machine:
            output, _ = run(machine, command('/tmp', 'time', HARTS))
            machine.console.kill(signal.SIGTERM)
            machine.wait_end()
        with open(log, encoding='ascii') as lines:
            marks = [int(count) for count
                     in re.findall(r'mark (\d+)', lines.read())]
        return between_marks(output, marks)


def measure_keel_harts(progress=silent):
    """Results of HARTS on our system."""
    return measure_harts(keel, Machine.run, progress)


def measure_linux_harts(progress=silent):
    """Results of HARTS on Linux."""
    return measure_harts(debian, linux.run, progress)
