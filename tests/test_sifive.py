"""The kernel on QEMU's sifive_u: harts that are not alike, SiFive's UART.

The machine cannot be switched off, so tests just end it.
"""
import pytest

from keel.console import Console, built


@pytest.fixture
def machine(tmp_path):
    """Harts 1 and 2 of it, at the rescue system's prompt."""
    args = ['-machine', 'sifive_u', '-smp', '3', '-m', '128M', '-nographic',
            '-monitor', 'none', '-chardev', 'stdio,id=console,signal=off',
            '-serial', 'chardev:console', '-bios', built('keel.bin')]
    with Console(tmp_path, 'qemu-system-riscv64', args) as console:
        console.wait_prompt()
        yield console


def test_hart_without_mmu_is_left_alone(machine):
    cpuinfo = machine.check('cat /proc/cpuinfo')
    harts = [line.split()[-1] for line in cpuinfo.splitlines()
             if line.startswith('hart')]
    assert sorted(harts) == ['1', '2']


def test_uart_carries_long_output(machine):
    lines = ' '.join(str(n) for n in range(1, 9))
    machine.check(f'f() {{ for i in {lines}; do echo $1.$i; done; }}')
    output = machine.check(f'for n in {lines}; do f $n; done').split()
    assert output == [f'{n}.{i}' for n in range(1, 9) for i in range(1, 9)]


def test_uart_takes_input_by_interrupt(machine):
    machine.send("echo wai''ting; cat >/tmp/typed\n")
    machine.expect(r'\nwaiting\r*\n')
    line = 'typed while nobody reads ' * 8
    machine.send(f'{line}\n\x04')
    machine.wait_prompt()
    assert machine.check('cat /tmp/typed') == line
    machine.send("echo wai''ting; cat\n")
    machine.expect(r'\nwaiting\r*\n')
    machine.send('\x03')
    machine.wait_prompt()
    interrupts = machine.check('cat /proc/interrupts')
    # The FIFO holds 8 bytes, and more than 200 came.
    assert int(interrupts.splitlines()[0].split()[1]) >= 25
