#!/usr/bin/env python3
"""Static checks over the whole tree: what `scons check` runs.

    check.py BUILD [NAME ...]

clang-format   every C file and header is formatted as .clang-format says
headers        every header compiles alone
layers         no part of the kernel includes headers of one above it
sparse         user pointers, device pointers, endian types, in all that is
               freestanding and in the simulator
cppcheck       errors and suspicious code
python         the build's and the tests' scripts compile

Prints only what is wrong, and a line for each check.  Exits 1 if one failed.
"""
import concurrent.futures
import os
import re
import subprocess
import sys

PARTS = ['bench', 'sbi', 'kernel', 'drivers', 'lib', 'user', 'tests', 'tools']
FREESTANDING = ['sbi', 'kernel', 'drivers', 'lib']
GUESTS = ['tests/sbi']
SIMULATOR = ['tools/k210sim']
PICOLIBC = '/usr/lib/picolibc/riscv64-unknown-elf/include'
# Who may know whom, from the lowest part up; calls go downwards.  What a lower
# part needs of a higher one is a table of operations that that registers.
LAYERS = {
    'lib': '',
    'kernel/arch': 'lib core',
    'kernel/core': 'lib arch',
    'kernel/dev': 'lib arch core',
    'drivers': 'lib arch core dev',
    'kernel/mm': 'lib arch core dev',
    # Programs are files, and files have owners: these two know each other.
    'kernel/proc': 'lib arch core dev mm fs',
    'kernel/fs': 'lib arch core dev mm proc ipc',
    'kernel/ipc': 'lib arch core dev mm proc fs',
    'kernel/syscall': 'lib arch core dev mm proc fs ipc',
}
PARTS_INCLUDED = {part.split('/')[-1] for part in LAYERS}
KNOWN_BY_ALL = {
    'mm/page.h',  # struct page: memory that devices read and write
    'dev/irq.h',  # where traps hand on interrupts
}
# The list of what starts, and the sizes of all that assembly reads.
ABOVE_ALL = {'kernel/core/main.c', 'kernel/arch/asm-offsets.c'}
CC = os.environ.get('CROSS', 'riscv64-unknown-elf-') + 'gcc'


def tracked(parts, suffixes):
    """Files of the tree that git knows, below the parts."""
    names = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard',
                            '--', *parts], check=True, capture_output=True,
                           text=True).stdout.split('\n')
    return sorted(name for name in names
                  if name.endswith(suffixes) and os.path.exists(name))


def run(command):
    """(status, everything printed)."""
    result = subprocess.run(command, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)
    return result.returncode, result.stdout


def parallel(commands):
    """Run all; what the failing or talking ones printed."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [text or f'{command}: status {status}'
                for command, (status, text) in zip(commands,
                                                   pool.map(run, commands))
                if status or text]


def includes(build, name):
    """Include options of a freestanding source or of a user program."""
    root = f'{build}/debian/usr/include'
    if name.startswith('user/'):
        return ['-isystem', f'{root}/riscv64-linux-musl', '-idirafter',
                f'{root}/riscv64-linux-gnu', '-idirafter', root,
                '-I.', '-D_GNU_SOURCE']
    options = ['-I.', '-DKEEL_DEBUG=1',
               '-march=rv64imac_zicsr_zifencei', '-mabi=lp64']
    if name.startswith('tests/sbi/'):
        guest = 'tests/sbi/guest'
        return options + [f'-I{guest}', f'-I{build}/{guest}', '-isystem',
                          f'{root}/fdt-only', '-isystem', PICOLIBC]
    # Drivers for M-mode are named *_sbi.c; see drivers/SConscript.
    if name.startswith('sbi/') or name.endswith('_sbi.c'):
        return options + ['-Isbi', '-isystem', f'{root}/fdt-only',
                          '-isystem', PICOLIBC]
    return options + ['-Ikernel', f'-I{build}/kernel/arch',
                      '-isystem', f'{root}/riscv64-linux-gnu',
                      '-isystem', root, '-isystem', PICOLIBC]


def check_format(build):
    """clang-format 14 agrees with every file."""
    files = tracked(PARTS, ('.c', '.h'))
    return parallel([['clang-format', '--dry-run', '-Werror', *files[i:i + 20]]
                     for i in range(0, len(files), 20)])


def check_headers(build):
    """Every header can be the first that a file includes."""
    return parallel([[CC, '-std=gnu11', '-ffreestanding', '-fsyntax-only',
                      '-Wall', '-Wextra', *includes(build, name),
                      '-include', name, '-x', 'c', '/dev/null']
                     for name in tracked(FREESTANDING + ['user'], ('.h',))])


def check_layers(build):
    """What a part includes is its own, or in what LAYERS lets it know."""
    bad = []
    for name in tracked(list(LAYERS), ('.c', '.h')):
        if name in ABOVE_ALL:
            continue
        part = next(part for part in LAYERS if name.startswith(f'{part}/'))
        known = {part.split('/')[-1], *LAYERS[part].split()}
        with open(name, encoding='utf-8') as text:
            for header in re.findall(r'^#include <(.*)>', text.read(), re.M):
                if header.split('/')[0] in PARTS_INCLUDED - known \
                        and header not in KNOWN_BY_ALL:
                    bad.append(f'{name}: <{header}> is above {part}')
    return bad


def check_sparse(build):
    """sparse, with the compiler's own include path where nothing is below."""
    gcc = subprocess.run([CC, '-print-file-name=include'], text=True,
                         capture_output=True, check=True).stdout.strip()
    sparse = ['sparse', '-Wsparse-error', '-Wno-decl', '-Wno-non-pointer-null']
    target = ['-m64', '-U__x86_64__', '-D__riscv', '-D__riscv_xlen=64',
              '-D__riscv_flen=0', '-D__CHECKER__', '-nostdinc',
              '-ffreestanding', '-isystem', gcc, '-isystem', f'{gcc}-fixed']
    commands = [[*sparse, '-I.', name] for name in tracked(SIMULATOR, ('.c',))]
    for name in tracked(FREESTANDING + GUESTS, ('.c',)):
        options = [o for o in includes(build, name)
                   if not o.startswith(('-march', '-mabi'))]
        commands.append([*sparse, *options, *target, name])
    return parallel(commands)


def check_cppcheck(build):
    """cppcheck's errors, warnings and performance hints."""
    files = tracked(FREESTANDING + GUESTS + SIMULATOR + ['user'], ('.c',))
    status, text = run([
        'cppcheck', '--quiet', '--error-exitcode=1', '--std=c11',
        '--enable=warning,performance', '--inline-suppr',
        f'-j{os.cpu_count()}', '--suppressions-list=tools/cppcheck.txt',
        '-I.', '-Ikernel', '-Isbi', '-Itests/sbi/guest', f'-I{PICOLIBC}',
        '-DKEEL_DEBUG=1',
        '--max-configs=1', *files])
    return [text] if status else []


def check_python(build):
    """The scripts compile."""
    bad = []
    for name in tracked(['site_scons', 'tests', 'tools'], ('.py',)):
        with open(name, encoding='utf-8') as text:
            try:
                compile(text.read(), name, 'exec')
            except SyntaxError as error:
                bad.append(f'{name}: {error}')
    return bad


CHECKS = {'clang-format': check_format, 'headers': check_headers,
          'layers': check_layers, 'sparse': check_sparse, 'cppcheck': check_cppcheck,
          'python': check_python}


def main():
    """Run the named checks, or all."""
    build, names = sys.argv[1], sys.argv[2:] or list(CHECKS)
    failed = False
    for name in names:
        wrong = CHECKS[name](build)
        print(f'  {name:14} {"FAILED" if wrong else "clean"}', flush=True)
        for text in wrong:
            print(text.rstrip())
        failed |= bool(wrong)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
