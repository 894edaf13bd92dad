"""The options that scons takes on its command line, and their help."""
import os

import k210_image

OPTIONS = [
    # name, default, help
    ('SMP', '4', 'harts of the emulated machine'),
    ('MEM', '256M', 'memory of the emulated machine'),
    ('BOARD', 'virt', 'the machine of run, gdb and flash: virt or k210'),
    ('K210', 'maix-bit', 'the K210 board: ' + ' '.join(k210_image.KFLASH_BOARDS)),
    ('APPEND', '', 'kernel command line for run, gdb and flash'),
    ('DEBUG', '0', '1: assertions, lock checks, UBSan, KASAN; in BUILD/debug'),
    ('V', '0', '1: show whole command lines'),
    ('CROSS', 'riscv64-unknown-elf-', 'prefix of the cross tools'),
    ('BUILD', 'build', 'directory for everything that is built'),
    ('LIBFDT', '', 'build libfdt from this source tree'),
    ('TESTS', '', 'arguments for pytest: files, -k EXPRESSION'),
    ('PORT', '', 'serial port for flash'),
]

BOARDS = ('virt', 'k210')

TARGETS = [
    ('build', 'firmware, kernel, user programs and images (default)'),
    ('run', 'boot in the emulator; Ctrl-A X leaves'),
    ('test', 'build all and run the tests'),
    ('check', 'static checks: sparse, cppcheck, clang-format, headers'),
    ('gdb', 'boot halted and attach gdb-multiarch'),
    ('bench', 'measure'),
    ('flash', 'write build/k210/keel.kfpkg to the board at PORT='),
    ('compile_commands', 'compile_commands.json for editors'),
    ('sbi kernel user rootfs k210 k210sim', 'one part alone'),
]


def help_text():
    """What `scons -h` prints."""
    lines = ['Keel: firmware, kernel and user space for RISC-V', '',
             'Targets:']
    lines += [f'  {name:24} {text}' for name, text in TARGETS]
    lines += ['', 'Options (NAME=value):']
    lines += [f'  {name + "=" + default:24} {text}'
              for name, default, text in OPTIONS]
    return '\n'.join(lines) + '\n\n'


def read(arguments):
    """The options as a dictionary; stops the build on one it does not know."""
    known = {name: default for name, default, _ in OPTIONS}
    unknown = sorted(set(arguments) - set(known))
    if unknown:
        raise SystemExit(f'scons: unknown option {unknown[0]}=; '
                         '`scons -h` lists them')
    options = {**known, **arguments}
    for flag in ('DEBUG', 'V'):
        if options[flag] not in ('0', '1'):
            raise SystemExit(f'scons: {flag}= takes 0 or 1')
        options[flag] = options[flag] == '1'
    for name, values in (('BOARD', BOARDS),
                         ('K210', k210_image.KFLASH_BOARDS)):
        if options[name] not in values:
            raise SystemExit(f'scons: {name}= takes {" or ".join(values)}')
    build = os.path.abspath(options['BUILD'])
    options['build'] = os.path.join(build, 'debug') if options['DEBUG'] \
        else build
    options['cache'] = os.path.join(
        os.environ.get('XDG_CACHE_HOME', os.path.expanduser('~/.cache')),
        'keel')
    return options
