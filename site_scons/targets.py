# The targets that run something: run, test, gdb, check, bench, flash.
import os
import shutil
import subprocess
import sys

import emulator
import k210_image

Import('env', 'kernel_env', 'firmware', 'kernel', 'images', 'k210', 'simulator',
       'unit_tests', 'plugins', 'everything')

GDB_PORT = '1234'

options = env['OPTIONS']
root = Dir('#').abspath
files = {name: node[0].abspath if hasattr(node, '__getitem__') else str(node)
         for part in (firmware, kernel, images, k210, {'k210sim': simulator})
         for name, node in part.items()}


def boot_arguments():
    """-append needs -kernel, so a command line takes the parts apart."""
    if options['APPEND']:
        return dict(bios=files['sbi.bin'],
                    extra=['-kernel', files['Image'],
                           '-append', options['APPEND']])
    return {}


def run(target, source, env):
    """Boot; the emulator's exit status is ours, but to leave is no failure."""
    print('Booting; Ctrl-A X leaves the emulator.', flush=True)
    if options['BOARD'] == 'k210':
        status = subprocess.call(emulator.k210sim(options, files))
        return 0 if status == emulator.K210SIM_QUIT else status
    return subprocess.call(emulator.qemu(options, files, **boot_arguments()))


def halted():
    """The machine, waiting for gdb at GDB_PORT."""
    if options['BOARD'] == 'k210':
        return emulator.k210sim(options, files, ['--gdb', GDB_PORT])
    boot = boot_arguments()
    boot['extra'] = boot.get('extra', []) + ['-S', '-gdb', f'tcp::{GDB_PORT}',
                                             '-serial', 'mon:stdio']
    return emulator.qemu(options, files, **boot)


def gdb(target, source, env):
    """Boot halted in the background and attach gdb in the foreground."""
    with subprocess.Popen(halted(), stdin=subprocess.DEVNULL,
                          start_new_session=True) as machine:
        status = subprocess.call(
            ['gdb-multiarch', '-ex', f'target remote :{GDB_PORT}',
             '-ex', 'set confirm off',
             '-ex', f'add-symbol-file {files["sbi.elf"]}',
             '-ex', 'set confirm on',
             files['kernel.elf']])
        machine.terminate()
    return status


def test(target, source, env):
    """All tests, or those that TESTS= names."""
    environment = dict(os.environ, KEEL_BUILD=options['build'],
                       KEEL_CACHE=options['cache'])
    words = options['TESTS'].split() or ['tests']
    return subprocess.call(['/usr/bin/python3', '-m', 'pytest', '-q',
                            '-n', str(os.cpu_count()), *words],
                           cwd=root, env=environment)


def check(target, source, env):
    """Static checks; tools/check.py says which."""
    return subprocess.call([sys.executable, f'{root}/tools/check.py',
                            options['build']], cwd=root)


def bench(target, source, env):
    """Measure; bench/run.py prints the tables."""
    environment = dict(os.environ, KEEL_CACHE=options['cache'])
    return subprocess.call(['/usr/bin/python3', f'{root}/bench/run.py',
                            options['build']], cwd=root, env=environment)


def flash(target, source, env):
    """Have kflash write the package to the board."""
    package = emulator.k210_package(options, files)
    kflash = shutil.which('kflash') or shutil.which('kflash.py')
    if not kflash:
        print('scons: flash needs kflash: `pipx install kflash`, or\n'
              'https://github.com/kendryte/kflash.py; it takes\n'
              f'{package} as it is')
        return 1
    if not options['PORT']:
        print('scons: flash needs the serial port: PORT=/dev/ttyUSB0')
        return 1
    return subprocess.call([kflash, '-p', options['PORT'], '-b', '1500000',
                            '-B', k210_image.KFLASH_BOARDS[options['K210']],
                            package])


env.Phony('run', everything, run)
env.Phony('gdb', everything, gdb)
env.Phony('test', [everything, unit_tests, plugins], test)
env.Phony('check', everything, check)
env.Phony('bench', [everything, unit_tests, plugins], bench)
env.Phony('flash', k210.values(), flash)
commands = kernel_env.CompilationDatabase(
    env['BUILD'].File('compile_commands.json'))
env.Alias('compile_commands', commands)
