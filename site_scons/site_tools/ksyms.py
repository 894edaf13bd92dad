"""env.SymbolProgram('x.elf', objects): link with a table of its own symbols.

Linked once with an empty table, then again with the functions that nm found.
The linker script puts the table (.rodata.ksyms) behind all text, so that the
second link moves no function.  lib/ksyms.h describes the table.
"""
import collections
import subprocess

from SCons.Action import Action

from short_lines import short_action

FIRST_TOKEN = 0x80
MARK_EVERY = 64


def functions(env, elf):
    """Sorted (address, name) of the functions of a program."""
    out = subprocess.run([env.subst('$NM'), '-n', str(elf)], check=True,
                         capture_output=True, text=True).stdout
    rows = [line.split() for line in out.splitlines()]
    found = {}
    for row in rows:
        if len(row) == 3 and row[1] in 'tTwW' and not row[2].startswith(('.L', '$')):
            found.setdefault(int(row[0], 16), row[2])
    return sorted(found.items())


def compress(names):
    """Replace the most frequent pairs of bytes by single ones, 128 times."""
    text = '\n'.join(names)
    tokens = []
    for code in range(FIRST_TOKEN, 0x100):
        pairs = collections.Counter(map(''.join, zip(text, text[1:])))
        pairs = {pair: n for pair, n in pairs.items() if '\n' not in pair}
        if not pairs:
            break
        # Ties go to the smaller pair: equal input gives equal output.
        pair = min(pairs, key=lambda p: (-pairs[p], p))
        if pairs[pair] < 2:
            break
        tokens.append(pair.encode('latin-1'))
        text = text.replace(pair, chr(code))
    words = [list(word.encode('latin-1')) for word in text.split('\n')]
    return words if names else [], tokens


def write_table(symbols, path):
    """Write the table as assembly."""
    words, tokens = compress([name for _, name in symbols])
    base = symbols[0][0] if symbols else 0
    names, marks = [], []
    for i, word in enumerate(words):
        if i % MARK_EVERY == 0:
            marks.append(len(names))
        names += [len(word)] + word
    with open(path, 'w', encoding='ascii') as out:
        out.write('/* Made from the first link by the build. */\n'
                  '\t.section .rodata.ksyms, "a"\n\t.balign 8\n')

        def emit(name, directive, values):
            out.write(f'\t.globl {name}\n{name}:\n')
            out.writelines(f'\t{directive} {value}\n' for value in values)
        emit('ksyms_base', '.quad', [hex(base)])
        emit('ksyms_count', '.word', [len(symbols)])
        emit('ksyms_offsets', '.word', [a - base for a, _ in symbols])
        emit('ksyms_marks', '.word', marks)
        emit('ksyms_tokens', '.byte', [b for pair in tokens for b in pair])
        emit('ksyms_names', '.byte', names)


def make_empty(target, source, env):
    write_table([], str(target[0]))


def make_table(target, source, env):
    write_table(functions(env, source[0]), str(target[0]))


def first_link(target):
    """The program that the table is made from."""
    return f'{target.abspath.rsplit(".", 1)[0]}.nosyms.elf'


def check_table(target, source, env):
    """The second link must not have moved any function."""
    if functions(env, first_link(target[0])) != functions(env, target[0]):
        raise RuntimeError('the symbol table moved functions: see the '
                           'linker script')


def symbol_program(env, target, objects, **kwargs):
    """Link twice; see the head of this file."""
    stem = str(target).rsplit('.', 1)[0]
    empty = env.Command(f'{stem}.nosyms.s', [],
                        short_action(env, make_empty, 'KSYMS'))
    first = env.Program(f'{stem}.nosyms.elf',
                        objects + env.Object(empty), **kwargs)
    table = env.Command(f'{stem}.syms.s', first,
                        short_action(env, make_table, 'KSYMS'))
    program = env.Program(target, objects + env.Object(table), **kwargs)
    env.Depends(program, first)
    # A function of the module: SCons would sign the variables of a closure,
    # and link again each time.
    env.AddPostAction(program, Action(check_table, None))
    return program


def generate(env):
    """Tool entry."""
    env.AddMethod(symbol_program, 'SymbolProgram')


def exists(env):
    """Tool entry."""
    return True
