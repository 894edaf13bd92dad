"""Files out of Debian's riscv64 packages that setup.sh keeps in its cache."""
import fcntl
import glob
import os
import subprocess

from keel.machine import BUILD

CACHE = os.environ.get('KEEL_CACHE') or os.path.join(
    os.environ.get('XDG_CACHE_HOME', os.path.expanduser('~/.cache')), 'keel')


def unpack(deb):
    """The folder with the contents of a package; the first user unpacks."""
    root = os.path.join(BUILD, 'packages', os.path.basename(deb)[:-4])
    os.makedirs(os.path.dirname(root), exist_ok=True)
    # Tests run in parallel, and a run may have been cut short.
    with open(root + '.lock', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(root):
            subprocess.run(['dpkg-deb', '-x', deb, root + '.new'], check=True)
            os.rename(root + '.new', root)
    return root


def find_file(package, pattern):
    """The file of the package that matches; None without the package."""
    debs = sorted(glob.glob(f'{CACHE}/debs/{package}_*.deb'))
    if not debs:
        return None
    found = sorted(glob.glob(os.path.join(unpack(debs[-1]), pattern)))
    assert found, f'package {package} has no {pattern}'
    return found[-1]


def package_file(package, pattern):
    """find_file() for tests: skips the test without the package."""
    import pytest
    path = find_file(package, pattern)
    if not path:
        pytest.skip(f'package {package} is not in the cache: run ./setup.sh')
    return path
