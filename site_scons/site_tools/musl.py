"""env.Musl(): the environment of user programs, static, on Debian's musl."""
from riscv import needs_headers, tools

GCC_WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wstrict-prototypes',
                '-Wmissing-prototypes', '-Wshadow', '-Wvla',
                '-Wimplicit-fallthrough', '-Wwrite-strings']


def musl(env):
    """An environment whose Program() makes static riscv64 Linux programs."""
    env = tools(env)
    include = env.DebianPath('usr/include/riscv64-linux-musl')
    lib = env.DebianPath('usr/lib/riscv64-linux-musl')
    linux = env.DebianPath('usr/include')
    env.Append(
        CCFLAGS=['-march=rv64gc', '-mabi=lp64d', '-Os', '-isystem', include,
                 '-idirafter', f'{linux}/riscv64-linux-gnu',
                 '-idirafter', linux, '-D_GNU_SOURCE',
                 '-ffunction-sections', '-fdata-sections',
                 '-fno-asynchronous-unwind-tables', '-fno-stack-protector'],
        CFLAGS=['-std=gnu11'] + GCC_WARNINGS,
        LIBPATH=[lib],
        LIBS=['c', 'gcc'],
        CRT_FIRST=[f'{lib}/crt1.o', f'{lib}/crti.o'],
        CRT_LAST=[f'{lib}/crtn.o'],
        # -s: ld 2.40 cannot relocate the debug sections of Debian 13's libc.
        LINKFLAGS=['-march=rv64gc', '-mabi=lp64d', '-nostdlib',
                   # The bare-metal driver keeps -static to itself.
                   '-Wl,-static',
                   '-s', '-Wl,--gc-sections', '-Wl,--build-id=none',
                   '-Wl,-z,max-page-size=4096', '-Wl,-z,noexecstack'],
    )
    env.Replace(
        LINKCOM='$LINK -o $TARGET $LINKFLAGS $CRT_FIRST $SOURCES '
                '-Wl,--start-group $_LIBDIRFLAGS $_LIBFLAGS -Wl,--end-group '
                '$CRT_LAST')
    needs_headers(env)
    return env


def generate(env):
    """Tool entry."""
    env.AddMethod(musl, 'Musl')


def exists(env):
    """Tool entry."""
    return True
