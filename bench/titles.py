"""What rows are called, and how much of Linux's costs they may have."""

# Of the firmware, as tests/sbi/measure prints them.
FIRMWARE = {
    'reset_to_kernel': 'reset to first S-mode instruction',
    'get_spec_version': 'get_spec_version',
    'set_timer': 'set_timer',
    'ipi_to_self': 'IPI to self, to its handler',
    'remote_fence_i': 'remote fence.i to self',
    'legacy_putchar': 'legacy putchar',
    'dbcn_write_byte': 'DBCN write byte',
    'dbcn_write_buffer': 'DBCN write, 1 byte of memory',
}

CALLS = {
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
    'ring/2': 'ring of 2 processes, a hop',
    'ring/8': 'ring of 8 processes, a hop',
    'ring/64': 'ring of 64 processes, a hop',
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
    'mount': 'mount + umount, tmpfs',
    'save_new': 'write a new file of 1,000 bytes, fsync',
    'save_over': 'the same, rename over the old one',
    'append_sync': 'append 1,000 bytes, fdatasync',
    'rewrite_sync': 'overwrite 4 KiB, fdatasync',
    'read_4m': 'read 4 MiB, not cached',
    'rewrite_4m': 'overwrite 4 MiB, fsync',
}

LOADS = {
    'script_1000': 'shell script of 1,000 commands',
    'tree_build': 'build a tree of 2,000 files',
    'tree_walk': 'walk it (find)',
    'tree_remove': 'remove it (rm -r)',
    'tree_sync': 'sync it',
    'tree_copy': 'copy it (cp -r)',
    'tree_unpack': 'unpack it (tar), sync',
    'sort_8m': 'sort 8 MiB',
    'grep_8m': 'grep 8 MiB',
    'pipeline_6': 'pipeline of six tools, 1 MiB',
}

# What grows, and the rows that might grow with it.
GROWTH = {
    'processes': {
        'fork_among': 'fork + exit + wait, others asleep',
        'kill_among': 'kill(pid, 0), others asleep',
        'ring': 'hop in a ring of processes',
    },
    'descriptors': {
        'dup_among': 'dup + close, others open',
        'fork_with_descriptors': 'fork + exit + wait, all open',
        'poll_of': 'poll of all',
        'epoll_of': 'epoll_wait on all, one ready',
    },
    'areas': {
        'mmap_among': 'mmap + munmap, others mapped',
        'fault_among': 'fault, others mapped',
        'fork_with_areas': 'fork + exit + wait, all mapped',
    },
    'directory entries': {
        'stat_in': 'stat of one',
        'create_in': 'create + close of another',
        'rename_in': 'rename of another',
        'unlink_in': 'unlink of another',
        'list_of': 'getdents64 of all',
    },
    'pages of a file': {
        'read_end_of': 'read of the last, cached',
        'append_to': 'append of another',
        'truncate_of': 'truncate to nothing',
    },
    'waiters': {
        'futex_wake_of': 'wake one of a futex, until it waits again',
        'lock_wanted_by': 'take a file lock again that they want',
    },
    'processes that save': {
        'saves_by': 'write a new file, fsync, at the same time',
    },
    'harts': {
        'pass_among_harts': 'pass a token around all (futex)',
        'meeting_of_harts': 'wake all who wait (barrier)',
    },
}

# At most two thirds of what Linux needs; at most as much for all others.
TWO_THIRDS = {'null', 'read1', 'write1', 'stat', 'open_close', 'pipe_self',
              'pipe_round_trip', 'pipe_64k', 'ring/2', 'ring/8', 'ring/64',
              'fork_exit', 'fork_exec', 'fault_anonymous', 'fault_file',
              'fault_cow'}


def split(row):
    """(name, size or None, where) of a row like stat_in/100.ext4."""
    name, _, where = row.partition('.')
    base, _, size = name.partition('/')
    return base, int(size) if size else None, where


def title(row):
    """A row's title, with its file system."""
    name, _, where = row.partition('.')
    text = CALLS.get(name) or LOADS.get(name, name)
    return text + (f', {where}' if where and where != 'wall' else '')


def allowed(row):
    """The part of Linux's cost that a row may have."""
    return 2 / 3 if row.partition('.')[0] in TWO_THIRDS else 1.0


def is_shown(where):
    """Is this a curve of the growth tables?"""
    return where != 'wall'


def growth_title(rows, name, where):
    """The title of a curve, with its file system."""
    return rows[name] + (f', {where}' if where else '')
