# The targets that run something: run, test, gdb, check, bench, flash.
import os
import subprocess
import sys

import emulator

Import('env', 'kernel_env', 'firmware', 'kernel', 'images', 'unit_tests',
       'everything')

options = env['OPTIONS']
root = Dir('#').abspath
files = {name: node[0].abspath if hasattr(node, '__getitem__') else str(node)
         for part in (firmware, kernel, images) for name, node in part.items()}


def boot_arguments():
    """-append needs -kernel, so a command line takes the parts apart."""
    if options['APPEND']:
        return dict(bios=files['sbi.bin'],
                    extra=['-kernel', files['Image'],
                           '-append', options['APPEND']])
    return {}


def run(target, source, env):
    """Boot; QEMU's exit status is ours."""
    print('Booting; Ctrl-A X leaves the emulator.', flush=True)
    return subprocess.call(emulator.qemu(options, files, **boot_arguments()))


def gdb(target, source, env):
    """Boot halted in the background and attach gdb in the foreground."""
    boot = boot_arguments()
    boot['extra'] = boot.get('extra', []) + ['-S', '-gdb', 'tcp::1234',
                                             '-serial', 'mon:stdio']
    command = emulator.qemu(options, files, **boot)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL,
                          start_new_session=True) as machine:
        status = subprocess.call(
            ['gdb-multiarch', '-ex', 'target remote :1234',
             '-ex', f'add-symbol-file {files["sbi.elf"]}',
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
    """Measure; tests/bench prints the table."""
    script = f'{root}/tests/bench/run.py'
    if not os.path.exists(script):
        print('scons: nothing is measured yet')
        return 1
    return subprocess.call(['/usr/bin/python3', script, options['build']],
                           cwd=root)


def flash(target, source, env):
    """Only a K210 can be flashed."""
    print('scons: flash needs BOARD=k210, which this version does not build')
    return 1


env.Phony('run', everything, run)
env.Phony('gdb', everything, gdb)
env.Phony('test', [everything, unit_tests], test)
env.Phony('check', everything, check)
env.Phony('bench', [everything, unit_tests], bench)
env.Phony('flash', [], flash)
commands = kernel_env.CompilationDatabase(
    env['BUILD'].File('compile_commands.json'))
env.Alias('compile_commands', commands)
