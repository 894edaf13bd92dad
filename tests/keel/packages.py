"""Files out of Debian's riscv64 packages that setup.sh keeps in its cache."""
import fcntl
import glob
import os
import subprocess

import pytest

from keel.machine import BUILD

CACHE = os.environ.get('KEEL_CACHE') or os.path.join(
    os.environ.get('XDG_CACHE_HOME', os.path.expanduser('~/.cache')), 'keel')


def package_root(name):
    """The folder where the cached package is unpacked; skips without it."""
    debs = sorted(glob.glob(f'{CACHE}/debs/{name}_*.deb'))
    if not debs:
        pytest.skip(f'package {name} is not in the cache: run ./setup.sh')
    root = os.path.join(BUILD, 'packages', os.path.basename(debs[-1])[:-4])
    os.makedirs(os.path.dirname(root), exist_ok=True)
    # Tests run in parallel: one of them unpacks.
    with open(root + '.lock', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(root):
            subprocess.run(['dpkg-deb', '-x', debs[-1], root + '.new'],
                           check=True)
            os.rename(root + '.new', root)
    return root


def package_file(name, pattern):
    """The file of the package that matches the pattern; skips without it."""
    found = sorted(glob.glob(os.path.join(package_root(name), pattern)))
    assert found, f'package {name} has no {pattern}'
    return found[-1]
