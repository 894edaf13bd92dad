"""The kernel on the K210: two harts of version 1.9.1, 8 MiB, UARTHS.

Most cases run the rescue system, which is part of the image, and so need
neither SD card nor its driver; the test programs come from the card.
"""
import re
import subprocess

import pytest

from keel.console import DEBUG

MIB = 1024  # in the KiB of /proc/meminfo
PUM = 1 << 18
# Not t_oom, which takes minutes.
PROGRAMS = ['t_attr', 't_badptr', 't_code', 't_dir', 't_elf', 't_event',
            't_file', 't_frame', 't_futex', 't_jobs', 't_mm', 't_pipe',
            't_proc', 't_sched', 't_signal', 't_smp', 't_timer', 't_tty']
# There are no stacks of 8 MiB here.
PREPARATIONS = {'t_frame': 'ulimit -s 1024'}


@pytest.fixture
def machine(boot):
    """A K210 without a card, at the rescue system's prompt."""
    return boot(board='k210', disk=None)


def instructions(machine):
    """What --icount printed at the end."""
    return int(re.search(r'k210sim: (\d+) instructions',
                         machine.text()).group(1))


def meminfo(machine):
    """/proc/meminfo as {name: KiB}."""
    lines = machine.check('cat /proc/meminfo').splitlines()
    return {line.split(':')[0]: int(line.split()[1]) for line in lines}


def test_shell_runs_pipelines_and_switches_off(machine):
    assert machine.check('for i in 1 2 3 4 5; do echo $i; done | grep 3 | cat'
                         ) == '3'
    machine.check('ls /bin >/tmp/a; cat </tmp/a | grep -v cat >/tmp/b')
    assert 'keelbox' in machine.check('cat /tmp/b')
    assert machine.poweroff() == 0


def test_both_harts_work(machine):
    cpuinfo = machine.check('cat /proc/cpuinfo')
    assert re.findall(r'hart\t+: (\d)', cpuinfo) == ['0', '1']
    spin = 'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done'
    machine.check(f'({spin}) & ({spin}) & wait')
    busy = re.findall(r'cpu\d(?: \d+){6} (\d+)',
                      machine.check('cat /proc/schedstat'))
    assert len(busy) == 2 and all(int(ns) > 1_000_000 for ns in busy), busy


def test_idle_harts_are_not_busy(machine):
    machine.check('sleep 2')
    busy = re.findall(r'cpu\d(?: \d+){6} (\d+)',
                      machine.check('cat /proc/schedstat'))
    assert len(busy) == 2 and all(int(ns) < 500_000_000 for ns in busy), busy


def test_what_is_typed_while_it_boots_is_read_later(boot):
    """Once; and the interrupt that the boot ROM left pending does no harm."""
    machine = boot(board='k210', disk=None, prompt=False)
    machine.send('echo ear""ly; echo rea""dy\n')
    machine.expect(r'\nearly\r*\nready\r*\n')
    machine.wait_prompt()
    test_idle_harts_are_not_busy(machine)


def test_fork_copies_memory_and_signals_arrive(machine):
    assert machine.check('a=1; (a=2; echo $a); echo $a') == '2\n1'
    assert machine.check("trap 'echo caught' USR1; kill -USR1 $$; "
                         'trap - USR1') == 'caught'
    assert machine.run('sh -c \'kill -TERM $$\'')[1] == 128 + 15


def test_devices_interrupt_through_the_firmware(machine):
    pattern = r'33:\s+(\d+)\s+PLIC\s+serial'
    before = int(re.search(pattern,
                           machine.check('cat /proc/interrupts')).group(1))
    machine.check('echo something typed')
    after = int(re.search(pattern,
                          machine.check('cat /proc/interrupts')).group(1))
    # The bytes typed came, and those printed found the FIFO full.
    assert after > before + 40


def test_uart_changes_its_speed(boot):
    """Nothing of what goes out before and after is garbled."""
    machine = boot(board='k210')
    text = 'a line that is longer than the FIFO'
    assert machine.check(f'echo {text}; busybox stty 9600; '
                         f'busybox stty 115200; echo {text}'
                         ) == f'{text}\n{text}'


@pytest.mark.parametrize('command', ['cat', 'while true; do :; done'])
def test_ctrl_c(machine, command):
    machine.send(f"echo rea''dy; {command}\n")
    machine.expect(r'\nready\r*\n')
    machine.send('\x03')
    machine.wait_prompt()
    assert machine.check('echo $((2 + 2))') == '4'


@pytest.mark.skipif(DEBUG, reason='what checks itself is larger')
def test_memory_at_the_prompt(machine):
    """Of 8 MiB, 5 are free; firmware and kernel have less than 2.5."""
    memory = meminfo(machine)
    assert memory['MemTotal'] > 7 * MIB
    assert memory['MemFree'] > 8 * MIB - 2.5 * MIB


@pytest.mark.skipif(DEBUG, reason='checks cost instructions')
def test_boot_is_quick(boot):
    """Reset to prompt and off again: under 60 M instructions of both harts.

    Most of them wait for UARTHS to take the log at 115200 baud, or for the card.
    """
    machine = boot(board='k210', extra=['--icount'])
    assert machine.poweroff() == 0
    assert 1_000_000 < instructions(machine) < 60_000_000


def test_kernel_keeps_user_pages_closed(boot):
    """PUM is set in the kernel, and a panic that ends the run fails it."""
    machine = boot(board='k210', disk=None, append='panic=poweroff')
    machine.send('echo c >/proc/sysrq-trigger\n')
    assert machine.wait_end() == 6
    text = machine.text()
    assert 'panic: NULL pointer access' in text
    status = int(re.search(r'status ([0-9a-f]{16})', text).group(1), 16)
    assert status & PUM


def test_restarts(machine):
    machine.send('reboot\n')
    machine.expect('restarting')
    machine.wait_prompt()
    assert machine.check('echo again') == 'again'
    assert machine.poweroff() == 0


@pytest.mark.parametrize('program', PROGRAMS)
def test_program(boot, program):
    machine = boot(board='k210')
    machine.check(PREPARATIONS.get(program, 'true'))
    output, status = machine.run(f'cd /root; /usr/lib/tests/{program}')
    failed = [line for line in output.splitlines()
              if line.startswith('not ok')]
    assert not failed and status == 0, '\n'.join(failed) or output[-3000:]
    assert re.search(r'[1-9]\d* passed, 0 failed', output)
    assert machine.poweroff() == 0


LOAD = """
mkdir /root/load; cd /root/load
programs() {
        for program in $2; do
                /usr/lib/tests/$program >/tmp/$1 2>&1 || cat /tmp/$1
        done
}
files() {
        mkdir $1; cd $1
        for i in 1 2 3 4; do
                cp /bin/keelbox copy && cmp copy /bin/keelbox || echo bad
                ls -l /bin | grep e | wc -l >count && mv count moved
                rm copy; sync
        done
}
programs 1 't_code t_pipe t_futex' & programs 2 't_smp t_proc' &
files 3 & files 4 &
wait
"""


def test_load_on_both_harts(boot, tmp_path):
    """Forks, pipes, signals and files at once; the card is whole afterwards."""
    machine = boot(board='k210')
    machine.send("cat >/tmp/load <<'END'\n" + LOAD + 'END\n')
    machine.wait_prompt()
    output = machine.check('sh /tmp/load')
    assert output == ''
    busy = re.findall(r'cpu\d(?: \d+){6} (\d+)',
                      machine.check('cat /proc/schedstat'))
    assert all(int(ns) > 100_000_000 for ns in busy), busy
    assert machine.poweroff() == 0
    result = subprocess.run(['e2fsck', '-fn', machine.partition(tmp_path)],
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_the_clock_never_goes_back(boot):
    """It forgets without power; the card keeps the last time that it had."""
    machine = boot(board='k210')
    built = machine.check('busybox stat -c %Y /etc/rc')
    assert int(machine.check('date +%s')) >= int(built)
    machine.check('date -s "2035-06-07 08:09"; sync')
    machine.send('\x01x')  # as if power had gone
    machine.wait_end()
    machine = boot(board='k210')
    assert machine.check('date +%Y-%m-%dT%H:%M') == '2035-06-07T08:09'
    machine.check('busybox date -s "2036-01-01 00:00"')
    assert machine.poweroff() == 0
    assert boot(board='k210').check('date +%Y') == '2036'


def test_date_reads_what_people_write(machine):
    texts = ['2026-11-21 12:34:56', '2026-11-21 12:34', '2026-11-21', '@86399']
    seconds = machine.check('; '.join(f'date -u -d "{text}" +%s'
                                      for text in texts)).split()
    assert seconds == ['1795264496', '1795264440', '1795219200', '86399']
    for text in ('tomorrow', '2026-13-01', '2026-11-21x', '@', ''):
        output, status = machine.run(f'date -s "{text}"')
        assert status and 'usage' in output.lower(), output
