"""What debug builds check beyond release builds: a mistake is reported.

The kernel makes each mistake itself, when its name is written to
/proc/sysrq-trigger (kernel/fs/procfs/provoke.c).
"""
import re

import pytest

from keel.machine import DEBUG

pytestmark = pytest.mark.skipif(not DEBUG, reason='checks of DEBUG=1 builds')

# mistake, what is reported; + stands for the offset within a function.
REPORTS = [
    ('use-after-free',
     r'KASAN: use after free: write of 1 bytes in use_after_free\+: ADDR '
     r'at \+8 of kmalloc object ADDR of 128 bytes, '
     r'allocated by use_after_free\+, last freed by use_after_free\+'),
    ('read-after-free',
     r'KASAN: use after free: read of 8 bytes in read_after_free\+: ADDR '
     r'at \+16 of kmalloc object'),
    ('write-behind',
     r'KASAN: out of bounds: write of 1 bytes in write_behind\+: ADDR '
     r'at \+100 of kmalloc object ADDR of 128 bytes, '
     r'allocated by write_behind\+'),
    ('copy-behind',
     r'KASAN: out of bounds: read of 72 bytes in copy_behind\+: ADDR '
     r'at \+64 of kmalloc object ADDR of 64 bytes'),
    ('write-behind-pages',
     r'KASAN: out of bounds: write of 1 bytes in write_behind_pages\+: ADDR '
     r'in page ADDR'),
    ('free-twice',
     r'KASAN: double free in free_twice\+: ADDR at \+0 of kmalloc object '
     r'ADDR of 48 bytes, .* last freed by free_twice\+'),
    ('free-inside',
     r'KASAN: invalid free in free_inside\+: ADDR at \+8 of kmalloc object'),
    ('use-free-page',
     r'KASAN: use of a free page: write of 4 bytes in use_free_page\+: '
     r'ADDR in page ADDR'),
    ('deep-stack', r'more than 8192 bytes of a kernel stack were used'),
    ('wrong-lock-order', r'lock order: rank \d+ taken while \d+ is held'),
]


@pytest.mark.parametrize('mistake, report', REPORTS,
                         ids=[mistake for mistake, _ in REPORTS])
def test_mistake_is_reported(boot, mistake, report):
    machine = boot(append='panic=poweroff', bios='sbi', disk=None, smp=2)
    machine.send(f'echo {mistake} > /proc/sysrq-trigger\n')
    assert machine.wait_end() != 0
    report = report.replace('ADDR', '[0-9a-f]{16}').replace(
        r'\+,', r'\+0x[0-9a-f]+,').replace(r'\+:', r'\+0x[0-9a-f]+:')
    assert re.search('panic: ' + report, machine.text())
    # The chain leads from the mistake to the system call.
    function = mistake.replace('-', '_')
    assert re.search(rf'{function}\+0x[\s\S]*file_write_pos\+0x',
                     machine.text().split('panic: ')[1])


def test_panic_tells_how_deep_stacks_got(boot):
    machine = boot(append='panic=poweroff', bios='sbi', disk=None)
    machine.send('ls /; echo deep-stack > /proc/sysrq-trigger\n')
    assert machine.wait_end() != 0
    used = re.search(r'stack used: (\d+) of 16384 bytes', machine.text())
    assert 8192 < int(used.group(1)) < 16384
    deepest = re.search(r'deepest before: (\d+) bytes \((\w+)\)',
                        machine.text())
    assert 1000 < int(deepest.group(1)) < 8192


def test_stack_overflow_is_caught_by_the_guard_page(boot):
    machine = boot(append='panic=poweroff', bios='sbi', disk=None)
    machine.send('echo endless-stack > /proc/sysrq-trigger\n')
    assert machine.wait_end() != 0
    assert 'panic: kernel stack overflow' in machine.text()
    assert re.search(r'recurse\+0x', machine.text())


def test_undefined_behaviour_is_reported_once(boot):
    machine = boot(append='', bios='sbi', disk=None)
    machine.check('echo overflow-integer > /proc/sysrq-trigger')
    machine.check('echo overflow-integer > /proc/sysrq-trigger')
    assert machine.text().count('signed addition overflows') == 1
    assert machine.text().count('provoke: -2147483648') == 2


@pytest.mark.parametrize('smp', [1, 2])
def test_continue_between_taking_a_stop_and_stopping(boot, smp):
    """SIGCONT comes while the stop is on its way, each time: none is lost."""
    machine = boot(append='', bios='sbi', smp=smp)
    machine.check('echo delay-stops > /proc/sysrq-trigger')
    output = machine.check('/usr/lib/tests/t_jobs continue_undoes_a_stop '
                           'continuing_is_reported stop_and_continue')
    machine.check('echo no-delays > /proc/sysrq-trigger')
    assert '3 passed, 0 failed' in output


def test_unknown_mistake_is_refused(boot):
    machine = boot(append='', bios='sbi', disk=None)
    output, status = machine.run('echo nothing > /proc/sysrq-trigger')
    assert status != 0 and 'Invalid argument' in output


@pytest.mark.parametrize('mem', ['8M', '32M', '4G'])
def test_sanitizer_fits_any_memory(boot, mem):
    machine = boot(mem=mem, smp=2)
    machine.check('ls -l / /bin > /tmp/list && rm /tmp/list')
