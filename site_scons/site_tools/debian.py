"""Debian's riscv64 packages, which setup.sh has put into the cache.

env.DebianRoot() is the node to depend on: the packages unpacked in
BUILD/debian.  env.DebianPath(path) names a file in there.
"""
import glob
import os
import shutil
import subprocess

from short_lines import short_action

PACKAGES = ['musl', 'musl-dev', 'libfdt-dev', 'linux-libc-dev',
            'busybox-static', 'bash-static']


def package_file(cache, name):
    """The newest .deb of a package in the cache; stops if there is none."""
    found = sorted(glob.glob(f'{cache}/debs/{name}_*.deb'))
    if not found:
        raise SystemExit(f'scons: package {name} is missing; run ./setup.sh')
    return found[-1]


def unpack(target, source, env):
    """Unpack all packages next to the stamp, and write the stamp last."""
    root = os.path.dirname(str(target[0]))
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    for deb in source:
        subprocess.run(['dpkg-deb', '-x', str(deb), root], check=True)
    # Firmware must not see Linux's headers, but libfdt's.
    only = f'{root}/usr/include/fdt-only'
    os.makedirs(only)
    for header in ('fdt.h', 'libfdt.h', 'libfdt_env.h'):
        shutil.copy(f'{root}/usr/include/{header}', only)
    with open(str(target[0]), 'w', encoding='ascii') as stamp:
        stamp.writelines(f'{os.path.basename(str(deb))}\n' for deb in source)


def debian_root(env):
    """The stamp node; the same one for every environment."""
    stamp = env.DebianPath('stamp')
    node = env.File(stamp)
    if not node.has_builder():
        debs = [package_file(env['OPTIONS']['cache'], name)
                for name in PACKAGES]
        env.Command(node, debs, short_action(env, unpack, 'DEBS'))
    return node


def debian_path(env, path):
    """The absolute name of an unpacked file."""
    return os.path.join(env['BUILD'].abspath, 'debian', path)


def debian_file(env, path):
    """An unpacked file as a source for other builders."""
    node = env.File(env.DebianPath(path))
    env.SideEffect(node, env.DebianRoot())
    return node


def generate(env):
    """Tool entry: add DebianRoot(), DebianPath() and DebianFile()."""
    env.AddMethod(debian_root, 'DebianRoot')
    env.AddMethod(debian_path, 'DebianPath')
    env.AddMethod(debian_file, 'DebianFile')


def exists(env):
    """Tool entry."""
    return True
