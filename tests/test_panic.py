"""When the kernel itself fails: it says what and where, and ends as asked."""
import re

CRASH = 'echo c > /proc/sysrq-trigger'


def crash(boot, append, **options):
    """A machine that was made to crash; what its console showed."""
    machine = boot(append=append, bios='sbi', disk=None, **options)
    machine.send(CRASH + '\n')
    return machine


def test_panic_names_cause_and_functions(boot):
    machine = crash(boot, 'panic=poweroff', smp=2)
    assert machine.wait_end() != 0
    text = machine.text()
    assert 'panic: NULL pointer access' in text
    assert re.search(r'cause f  badaddr 0{16}', text)
    # From the fault up to the system call's entry.
    chain = re.findall(r'\[.*\] +[0-9a-f]{16} (\w+)\+0x', text)
    assert chain[0] == 'store_sysrq'
    assert 'file_write_pos' in chain and chain[-1] == 'trap_entry'


def test_panic_can_reboot(boot):
    machine = crash(boot, 'panic=reboot')
    machine.expect('rebooting')
    machine.wait_prompt()
    assert machine.poweroff() == 0


def test_panic_halts_unless_told_otherwise(boot):
    machine = crash(boot, 'quiet')
    machine.expect('halted')
    assert machine.console.isalive()
