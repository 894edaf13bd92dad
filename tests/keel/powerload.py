"""What user/tests/t_power.c leaves behind, whenever the power goes."""
import os
import struct

FIRST = 4           # round
WORDS_MAX = 6000
BLOCK = 4096
TABLE_BLOCKS = 16
RECORD_WORDS = 25


def body(process, number, count):
    """The words that a process writes in a round."""
    start = process << 48 | number << 16
    return struct.pack(f'<{count}Q', *range(start, start + count))


def made(process, number):
    """The contents of the file that a round makes."""
    return body(process, number, number * 977 % WORDS_MAX)


def log_until(process, last):
    """The contents of "log" after that round."""
    return b''.join(body(process, number, RECORD_WORDS)
                    for number in range(FIRST + 2, last + 1, 4))


def name_changes(last):
    """The names in a process's directory after each change, in order.

    Yields (round, names); names map to the round that made the file, or None.
    """
    names = {'table': None, 'log': None}
    yield FIRST - 1, dict(names)
    for number in range(FIRST, last + 1):
        old = number // 4 * 4
        if number % 4 == 0:
            names['new'] = number
            yield number, dict(names)
            names[str(number)] = names.pop('new')
        elif number % 4 == 1:
            names[str(number)] = number
        elif number % 4 == 3:
            names[f'd{old}'] = None
            yield number, dict(names)
            names[f'd{old}/x'] = names.pop(str(old))
            yield number, dict(names)
            del names[str(old + 1)]
        yield number, dict(names)


def tree(directory):
    """All names below it."""
    return {os.path.relpath(os.path.join(path, name), directory)
            for path, directories, files in os.walk(directory)
            for name in directories + files}


def check_names(found, synced, last):
    """The names are those of one moment after the last sync; returns them."""
    since = {}
    for number, names in name_changes(last):
        if number <= synced:
            since.clear()
        since[frozenset(names)] = names
    assert found in since, (
        f'after round {synced}: {sorted(found ^ next(iter(since)))}')
    return since[found]


def check_table(data, synced, last):
    """Each block has what was synced there, or something later."""
    assert len(data) == TABLE_BLOCKS * BLOCK
    for block in range(TABLE_BLOCKS):
        rounds = [number for number in range(FIRST + 2, last + 1, 4)
                  if number // 4 % TABLE_BLOCKS == block]
        old = [number for number in rounds if number <= synced]
        allowed = {old[-1] if old else 0, *rounds[len(old):]}
        words = struct.unpack_from(f'<{BLOCK // 8}Q', data, block * BLOCK)
        assert set(words) <= allowed, (block, set(words), allowed)


def check_process(directory, process, synced, last):
    """The directory of a process of which round `synced` was reported.

    last: no later round can have begun when the power went.
    """
    def read(name):
        with open(os.path.join(directory, name), 'rb') as file:
            return file.read()

    names = check_names(frozenset(tree(directory)), synced, last)
    for name, number in names.items():
        if number is None:
            continue
        whole = made(process, number)
        if number <= synced:
            assert read(name) == whole, name
        else:
            assert whole.startswith(read(name)), name
    check_table(read('table'), synced, last)
    log = read('log')
    assert log.startswith(log_until(process, synced)), 'log is too short'
    assert log_until(process, last).startswith(log), 'log has something else'
