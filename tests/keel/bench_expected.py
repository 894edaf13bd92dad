"""What calls are expected to cost: bench/expected.tsv.

Rows without a disk, whose runs differ by less than a per cent, and some on
ext4, which differ by some, with how long somebody waits.
"""
import os

from keel.bench import DISK_SUFFIX, measure_keel, measure_keel_disk

PATH = os.path.join(os.path.dirname(__file__), '..', '..', 'bench',
                    'expected.tsv')
GUARDED = ['null', 'read1', 'write1', 'stat', 'open_close', 'fstat',
           'clock_vdso', 'clock_call', 'sigaction', 'signal', 'pipe_self',
           'pipe_round_trip', 'pipe_64k', 'ring/2', 'ring/8', 'ring/64',
           'fork_exit', 'fork_exec', 'pthread', 'futex_round_trip',
           'mmap_munmap', 'fault_anonymous', 'fault_file', 'fault_cow',
           'create', 'unlink', 'rename', 'getdents_200', 'read_cached_4m',
           'mount', 'fork_among/1000', 'kill_among/1000', 'dup_among/1000',
           'poll_of/100', 'epoll_of/1000', 'mmap_among/100',
           'fault_among/1000', 'fork_with_areas/100', 'stat_in/1000',
           'create_in/100', 'rename_in/100', 'unlink_in/100', 'list_of/100',
           'read_end_of/1000', 'append_to/100', 'truncate_of/100',
           'futex_wake_of/100', 'lock_wanted_by/1000']
# Not append_sync and rewrite_sync: they depend on how long the disk takes.
GUARDED_DISK = ['create', 'unlink', 'rename', 'write_fsync_4m', 'save_new',
                'save_over', 'read_4m', 'rewrite_4m', 'tree_build',
                'tree_walk', 'tree_remove', 'tree_sync']
NAMES = GUARDED + [name + DISK_SUFFIX for name in GUARDED_DISK]


def measure():
    """Results of all that is guarded."""
    return {**measure_keel(GUARDED, 'instret'),
            **measure_keel_disk(rows=GUARDED_DISK)}


def read():
    """{row: instructions} as recorded."""
    with open(PATH, encoding='utf-8') as table:
        rows = [line.split('\t') for line in table.read().splitlines()[1:]]
    return {name: int(value) for name, value in rows}


def record():
    """Measure what is guarded, and write it down."""
    results = measure()
    with open(PATH, 'w', encoding='utf-8') as table:
        table.write('row\tinstructions\n')
        for row in NAMES:
            table.write(f'{row}\t{results[row]}\n')
