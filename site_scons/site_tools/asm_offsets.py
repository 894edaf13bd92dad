"""env.AsmOffsets('x.h', 'x.c'): offsets of C structures for assembly.

The C file has `asm volatile("\\n->NAME %0" :: "i"(value))` for each; it is
compiled to assembly, and each such line becomes a #define.
"""
import re

from short_lines import short_action


def write_header(target, source, env):
    """Turn the marked lines of the assembly into a header."""
    with open(str(source[0]), encoding='ascii') as text:
        marks = re.findall(r'^->(\w+) (-?\d+)', text.read(), re.MULTILINE)
    with open(str(target[0]), 'w', encoding='ascii') as header:
        header.write('/* Made from C structures by the build. */\n')
        header.writelines(f'#define {name} {value}\n'
                          for name, value in marks)


def asm_offsets(env, target, source):
    """Compile, then extract."""
    env = env.Clone()
    command = ('$CC -S -o $TARGET $CFLAGS $CCFLAGS -fno-sanitize=all '
               '$_CCCOMCOM $SOURCE')
    assembly = env.Command(target + '.s', source,
                           short_action(env, command, 'OFFSETS'))
    env.Depends(assembly, env.DebianRoot())
    return env.Command(target, assembly,
                       short_action(env, write_header, 'HEADER'))


def generate(env):
    """Tool entry."""
    env.AddMethod(asm_offsets, 'AsmOffsets')


def exists(env):
    """Tool entry."""
    return True
