"""What system calls and programs cost: runs user/bench on our system and Linux.

Both get one hart and the same memory; our kernel runs on our firmware, Linux on
the newest OpenSBI. Rows without a disk run with sleep=off, where waiting takes
no time and runs are identical. That makes waits for a disk leap in guest
time, so that rows with one run with sleep=on, and the plugin bench/marks.c
counts what is executed meanwhile; so it does for rows on several harts.

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
        'read_cached_4m', 'fault_file', 'disk', 'many_entries', 'read_end_of',
        'append_to', 'many_savers', 'tree_build', 'tree_walk', 'tree_remove',
        'tree_sync', 'tree_copy', 'tree_unpack']
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


def measure_keel_wall(progress=silent):
    """Nanoseconds of WALL on our system."""
    with keel(progress) as machine:
        output, _ = machine.run(command('/tmp', 'time', WALL))
        return with_suffix(parse(output), WALL_SUFFIX)


def measure_linux(rows, progress=silent):
    """Results of rows on Linux; in a tmpfs, so without a disk."""
    with debian(progress, disk=None, icount=True) as machine:
        return parse(linux.run(machine, command('/tmp', 'time', rows))[0])


def measure_linux_wall(progress=silent):
    """Nanoseconds of WALL on Linux."""
    with debian(progress, disk=None) as machine:
        output, _ = linux.run(machine, command('/tmp', 'time', WALL))
        return with_suffix(parse(output), WALL_SUFFIX)


class Marks:
    """A plugin for a machine, which counts between the marks of user/bench."""

    def __init__(self, folder):
        self.log = f'{folder}/marks'
        self.options = ['-plugin', built('bench/marks.so'), '-d', 'plugin',
                        '-D', self.log]

    def operations(self):
        """For each row that was run: what was counted when it was warm."""
        with open(self.log, encoding='ascii') as lines:
            rows = lines.read().split('row ')[1:]
        for row in rows:
            counts = [int(count) for count in
                      re.findall(r'mark (\d+)', row.partition('warm ')[2])]
            yield [stop - start for start, stop in
                   zip(counts[::2], counts[1::2])]

    def results(self, output, combine):
        """Results of bench's output; combine(what was counted, how many)."""
        results = parse(output)
        operations = list(self.operations())
        assert len(operations) == len(results), \
            f'marks of {len(operations)} rows, not {len(results)}'
        counts = {name: int(count) for name, count in re.findall(
            r'^row ([\w/]+) \d+ (\d+)', output, re.MULTILINE)}
        for name, costs in zip(results, operations):
            if name in counts:
                results[name] = combine(costs, counts[name])
        return results


def measure_marked(system, run, combine, words, **options):
    """Results of rows by marks; system is keel or debian, run runs commands."""
    with tempfile.TemporaryDirectory() as folder:
        marks = Marks(folder)
        options['extra'] = options.get('extra', []) + marks.options
        with system(**options) as machine:
            output = run(machine, words)
            machine.console.kill(signal.SIGTERM)
            machine.wait_end()
        return marks.results(output, combine)


def mean(costs, count):
    """Of all operations, however many are counted together."""
    return round(sum(costs) / count)


def median(costs, _):
    """Where a hart of the emulator has to wait for a processor, others may
    spin meanwhile: that is left out."""
    return int(statistics.median(costs))


def measure_keel_disk(progress=silent, rows=tuple(DISK)):
    """Results of rows on our ext4."""
    def run(machine, words):
        return machine.run(words)[0]

    results = measure_marked(keel, run, mean,
                             command('/root/b', 'time', rows),
                             progress=progress, extra=SLEEPING)
    return with_suffix(results, DISK_SUFFIX)


def measure_linux_disk(progress=silent):
    """Results of DISK on Linux's ext4, on the same image as ours."""
    def run(machine, words):
        linux.run(machine, 'mkdir /mnt; mount -t ext4 /dev/vda /mnt')
        return linux.run(machine, words)[0]

    results = measure_marked(debian, run, mean,
                             command('/mnt/root/b', 'time', DISK),
                             progress=progress, disk='copy', extra=SLEEPING)
    return with_suffix(results, DISK_SUFFIX)


def measure_keel_harts(progress=silent):
    """Results of HARTS on our system."""
    return measure_marked(keel, lambda *args: Machine.run(*args)[0], median,
                          command('/tmp', 'time', HARTS), progress=progress,
                          smp=NR_HARTS)


def measure_linux_harts(progress=silent):
    """Results of HARTS on Linux."""
    return measure_marked(debian, lambda *args: linux.run(*args)[0], median,
                          command('/tmp', 'time', HARTS), progress=progress,
                          smp=NR_HARTS)
