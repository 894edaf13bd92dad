"""RISC-V environments without an operating system below: firmware, kernel.

env.Freestanding(includes, uapi) makes one.  C library is picolibc's, device
trees are libfdt's, both found at fixed places so that reading the scripts
runs no command.
"""
import os

import SCons.Builder
import SCons.Tool

MARCH = '-march=rv64imac_zicsr_zifencei'
MABI = '-mabi=lp64'
# The compiler finds its soft-float libgcc by this spelling only.
MULTILIB = '-march=rv64imac'
PICOLIBC = '/usr/lib/picolibc/riscv64-unknown-elf'

WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wstrict-prototypes',
            '-Wmissing-prototypes', '-Wshadow', '-Wvla', '-Wundef',
            '-Wimplicit-fallthrough', '-Wwrite-strings']

FREESTANDING = [MARCH, MABI, '-mcmodel=medany', '-ffreestanding',
                '-fno-omit-frame-pointer', '-ffunction-sections',
                '-fdata-sections', '-fno-common', '-fno-pic',
                '-fno-stack-protector', '-fno-strict-aliasing',
                 '-fno-delete-null-pointer-checks', '-O2']

LIBFDT_SOURCES = ['fdt', 'fdt_addresses', 'fdt_empty_tree', 'fdt_ro', 'fdt_rw',
                  'fdt_strerror', 'fdt_sw', 'fdt_wip']

# The kernel's own handlers report these; see kernel/core/ubsan.c.
SANITIZE = ['-fsanitize=undefined', '-fno-sanitize=alignment,vptr']

# Calls before each access; see kernel/mm/kasan.c.  Stacks and globals would
# need a shadow at a fixed distance, and one for memory that has none.
KASAN = ['-fsanitize=kernel-address', '--param=asan-stack=0',
         '--param=asan-globals=0',
         '--param=asan-instrumentation-with-call-threshold=0']
KASAN_WRAPPED = ['memcpy', 'memmove', 'memset', 'memcmp', 'strlen',
                 'uaccess_copy_in', 'uaccess_copy_out']


def short_lines(env):
    """Print `  CC  path` instead of command lines."""
    if env['VERBOSE']:
        return
    for key, word in [('CC', 'CC'), ('ASPP', 'AS'), ('AS', 'AS'),
                      ('LINK', 'LD'), ('AR', 'AR')]:
        env[key + 'COMSTR'] = f'  {word:8}$TARGET'
    env['COMPILATIONDB_COMSTR'] = '  JSON    $TARGET'
    env['RANLIBCOMSTR'] = '  RANLIB  $TARGET'


def tools(env):
    """A clone that calls the cross tools."""
    env = env.Clone(tools=['gcc', 'gnulink', 'gas', 'ar', 'compilation_db'])
    cross = env['CROSS']
    env.Replace(CC=cross + 'gcc', AS=cross + 'as', AR=cross + 'ar',
                RANLIB=cross + 'ranlib', OBJCOPY=cross + 'objcopy',
                NM=cross + 'nm', LINK=cross + 'gcc', PROGSUFFIX='')
    env['ENV'] = {'PATH': os.environ['PATH']}
    env['CCFLAGS'] = ['-g', '-pipe']
    env['ASPPFLAGS'] = ['$CCFLAGS']
    short_lines(env)
    return env


def needs_headers(env):
    """Let every object wait for the headers of the Debian packages."""
    def emitter(target, source, env):
        env.Depends(target, env.DebianRoot())
        return target, source
    static, _ = SCons.Tool.createObjBuilders(env)
    for suffix in ('.c', '.S'):
        static.emitter[suffix] = SCons.Builder.ListEmitter(
            [static.emitter[suffix], emitter])


def libfdt(env):
    """The packaged libfdt.a, or one built from the sources that LIBFDT= names."""
    if not env['OPTIONS']['LIBFDT']:
        return env.DebianFile('usr/lib/riscv64-linux-gnu/libfdt.a')
    tree = os.path.abspath(env['OPTIONS']['LIBFDT'])
    archive = env['BUILD'].File('libfdt/libfdt.a')
    if not archive.has_builder():
        env = env.Clone(CFLAGS=['-std=gnu11', '-w'])
        env.Append(CPPPATH=[tree], CCFLAGS=FREESTANDING + [
            '-isystem', f'{PICOLIBC}/include'])
        env.StaticLibrary(archive, [
            env.Object(archive.dir.File(f'{name}.o'), f'{tree}/{name}.c')
            for name in LIBFDT_SOURCES])
    return archive


def freestanding(env, includes, uapi=False):
    """The environment of firmware or kernel: see the head of this file."""
    env = tools(env)
    root = env.DebianPath('usr/include')
    system = [f'{PICOLIBC}/include']
    system = [env.DebianPath('usr/include/fdt-only')] + system
    if uapi:
        system = [f'{root}/riscv64-linux-gnu', root] + system
    debug = env['DEBUG']
    env.Append(
        CPPPATH=includes,
        CPPDEFINES={'KEEL_DEBUG': int(debug)},
        CCFLAGS=FREESTANDING,
        CFLAGS=['-std=gnu11'] + WARNINGS,
        LINKFLAGS=[MULTILIB, MABI, '-nostdlib', '-static',
                   '-Wl,--gc-sections', '-Wl,--build-id=none',
                   '-Wl,--fatal-warnings', '-Wl,--no-warn-rwx-segments',
                   '-Wl,--no-warn-mismatch', '-Wl,-z,max-page-size=4096'],
        LIBPATH=[f'{PICOLIBC}/lib/rv64imac/lp64'],
        LIBS=[libfdt(env), 'c', 'gcc'],
    )
    for path in system:
        env.Append(CCFLAGS=['-isystem', path])
    if debug and uapi:
        env.Append(CFLAGS=SANITIZE + KASAN,
                   LINKFLAGS=[f'-Wl,--wrap={name}' for name in KASAN_WRAPPED])
    needs_headers(env)
    return env


def generate(env):
    """Tool entry: add env.Freestanding()."""
    env.AddMethod(freestanding, 'Freestanding')


def exists(env):
    """Tool entry."""
    return True
