"""What a boot loader hands over as initrd: good archives, and hostile ones."""
import pytest


def member(name, mode, data=b'', nlink=1, ino=1):
    """One member of a newc archive."""
    fields = [ino, mode, 0, 0, nlink, 0, len(data), 0, 0, 0, 0,
              len(name) + 1, 0]
    head = b'070701' + b''.join(b'%08x' % field for field in fields)
    head += name.encode() + b'\0'
    head += bytes(-len(head) % 4)
    return head + data + bytes(-len(data) % 4)


TRAILER = member('TRAILER!!!', 0)


@pytest.fixture
def boot_initrd(boot, tmp_path):
    """boot_initrd(bytes): a machine without a disk at the rescue prompt."""
    def start(archive):
        path = tmp_path / 'initrd'
        path.write_bytes(archive)
        return boot(disk=None, bios='sbi', append='',
                    extra=['-initrd', str(path)])
    return start


def test_members_are_unpacked(boot_initrd):
    archive = b''.join([
        member('top', 0o040755),
        member('top/file', 0o100640, b'contents\n'),
        member('top/link', 0o120777, b'file'),
        member('./top/null', 0o020666),
        member('/top/one', 0o100644, b'', nlink=2, ino=9),
        member('top/two', 0o100644, b'same\n', nlink=2, ino=9),
    ]) + TRAILER + bytes(200) + member('second', 0o100644, b'2\n') + TRAILER
    machine = boot_initrd(archive)
    assert machine.check('cat /top/link /top/one /second') == \
        'contents\nsame\n2'
    assert machine.check('ls -l /top/file').startswith('-rw-r-----')
    machine.check('test /top/one -ef /top/two')


@pytest.mark.parametrize('archive', [
    b'this is no archive at all' * 100,
    member('first', 0o100644, b'kept\n') + b'070701zzzzzzzz' * 20,
    member('first', 0o100644, b'kept\n') + member('cut', 0o100644, b'x' * 99)[:-50],
    member('first', 0o100644, b'kept\n') + b'\x1f\x8b' + bytes(range(256)) * 9,
], ids=['garbage', 'bad number', 'truncated', 'compressed'])
def test_broken_archives_say_where(boot_initrd, archive):
    machine = boot_initrd(archive)
    assert 'initrd: not usable from byte' in machine.text()
    if b'kept' in archive:
        assert machine.check('cat /first') == 'kept'


def test_members_that_cannot_be_made_are_left_out(boot_initrd):
    archive = b''.join([
        member('missing/dir/file', 0o100644, b'x'),
        member('bad-type', 0o170644, b'x'),
        member('n' * 300, 0o100644, b'x'),
        member('loop', 0o120777, b'loop'),
        member('loop/file', 0o100644, b'x'),
        member('../../up', 0o100644, b'up\n'),
        member('good', 0o100644, b'good\n'),
    ]) + TRAILER
    machine = boot_initrd(archive)
    assert machine.check('cat /good /up') == 'good\nup'
    assert machine.text().count('initrd: cannot make') == 4
