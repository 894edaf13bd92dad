"""Interrupts where they are least welcome, put there by QEMU's gdb stub."""
import itertools
import os
import subprocess

from keel.gdbstub import GdbStub
from keel.machine import built

CROSS = os.environ.get('CROSS', 'riscv64-unknown-elf-')
PC = 32         # QEMU's number of it
SIP_SSIP = 1 << 1
KERNEL_BASE = 1 << 63


def symbol(name):
    """The address of a function of the kernel."""
    lines = subprocess.run([f'{CROSS}nm', built('kernel.elf')], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    return next(int(line.split()[0], 16) for line in lines
                if line.split()[-1] == name)


def steps_to_user_mode(gdb, limit):
    """Execute up to limit instructions; how many it were until user mode."""
    for steps in range(limit):
        if gdb.read_register(PC) < KERNEL_BASE:
            return steps
        gdb.step()
    return limit


def test_interrupt_before_the_first_instruction(boot, tmp_path):
    """
    A child's way to user mode, with an interrupt before each instruction.

    One that came while the stack pointer stood above the child's registers
    once saved its own in their place.
    """
    path = str(tmp_path / 'gdb.sock')
    gdb = GdbStub(path)
    machine = boot(prompt=False, disk=None,
                   timeout=30, extra=['-S', '-gdb', f'unix:{path},server=off'])
    gdb.accept()
    sip = gdb.csr_number('sip')
    gdb.send('c')
    machine.wait_prompt()
    gdb.stop()
    breakpoint = f'1,{symbol("user_mode_enter"):x},2'

    for wanted in itertools.count():
        assert gdb.call('Z' + breakpoint) == 'OK'
        gdb.send('c')
        machine.send(f'(exit {wanted}); echo got-$?-\n')
        gdb.receive()
        assert gdb.call('z' + breakpoint) == 'OK'
        done = steps_to_user_mode(gdb, wanted)
        gdb.write_register(sip, gdb.read_register(sip) | SIP_SSIP)
        gdb.send('c')
        machine.expect(f'got-{wanted}-')
        machine.wait_prompt()
        gdb.stop()
        if done < wanted:
            break
    assert wanted > 30
    gdb.resume()
    assert machine.poweroff() == 0
