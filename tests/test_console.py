"""The shell on the console, as a person uses it."""
import pytest


@pytest.fixture
def machine(boot):
    """A machine with two harts at its prompt."""
    return boot(smp=2)


def test_pipelines_and_redirections(machine):
    assert machine.check('seq 1 1000 | grep 7 | wc -l').strip() == '271'
    machine.check('seq 5 >/tmp/a; seq 6 9 >>/tmp/a')
    assert machine.check('wc -l </tmp/a').strip() == '9'
    output, status = machine.run('ls /nowhere 2>/tmp/err')
    assert status != 0 and output == ''
    assert 'nowhere' in machine.check('cat /tmp/err')
    assert machine.check('cat <<END\none $((1 + 1))\nEND') == 'one 2'


def test_background_jobs(machine):
    machine.check('sleep 1000 &')
    assert 'sleep 1000' in machine.check('jobs')
    machine.check('kill %1')
    machine.run('wait')
    assert 'sleep 1000' not in machine.check('jobs; jobs')


def start(machine, command):
    """Start a command, and wait until it has the terminal."""
    machine.send(f"echo rea''dy; {command}\n")
    machine.expect(r'\nready\r*\n')


def test_ctrl_c_ends_the_foreground_job(machine):
    start(machine, 'sleep 1000')
    machine.send('\x03')
    machine.wait_prompt()
    assert machine.check('echo $((2 + 2))') == '4'


def test_ctrl_c_is_not_lost_while_a_job_starts(machine):
    """It may come at any moment between the command before and the program."""
    for command in ['sleep 1000', '(sleep 1000)', 'sleep 1000 | cat'] * 8:
        start(machine, command)
        machine.send('\x03')
        machine.wait_prompt()


def test_ctrl_c_ends_a_busy_loop(machine):
    start(machine, 'while true; do :; done')
    machine.send('\x03')
    machine.wait_prompt()
    assert machine.check('echo alive') == 'alive'


def test_ctrl_z_stops_and_fg_continues(machine):
    start(machine, "sh -c 'echo runs; exec cat >/tmp/typed'")
    machine.expect(r'runs\r*\n')
    machine.send('one\n')
    machine.expect(r'one\r*\n')
    machine.send('\x1a')
    machine.wait_prompt()
    assert 'cat' in machine.check('jobs')
    machine.send('fg\n')
    machine.expect(r'typed.\r*\n')
    machine.send('two\n\x04')
    machine.wait_prompt()
    assert machine.check('cat /tmp/typed') == 'one\ntwo'


def test_canonical_editing(machine):
    start(machine, "sh -c 'echo runs; exec busybox cat'")
    machine.expect(r'runs\r*\n')
    # DEL rubs out one character, ^W a word, ^U the line.
    machine.send('garbage\x15one twx\x7fo three\x17done\n\x04')
    machine.expect(r'\none two done\r*\n')
    machine.wait_prompt()


def test_scripts(machine):
    script = ('#!/bin/sh', 'n=0', 'for word in a b c; do n=$((n + 1)); done',
              'while [ $n -gt 1 ]; do n=$((n - 1)); done',
              'if [ "$1" = x ]; then echo yes $n; else echo no; fi')
    machine.check('rm -f /tmp/script')
    for line in script:
        machine.check(f"echo '{line}' >>/tmp/script")
    machine.check('chmod +x /tmp/script')
    assert machine.check('/tmp/script x') == 'yes 1'
    assert machine.check('sh /tmp/script y') == 'no'


def test_debians_busybox_and_bash(machine):
    assert 'keelbox' in machine.check('busybox ls -l /bin')
    assert machine.check("busybox sh -c 'echo $((2 + 3)) | busybox cat'") == '5'
    assert machine.check(
        "bash -c 'a=(1 2 3); echo ${#a[@]} ${a[*]/2/x}'") == '3 1 x 3'


def test_a_fault_kills_that_program_alone(machine):
    output, status = machine.run('/usr/lib/tests/t_crash')
    assert status == 128 + 11
    log = machine.check('dmesg | tail -n 3')
    assert 't_crash' in log and 'pc' in log


def test_hangup_of_init_children_and_orphans(machine):
    machine.check("sh -c '(sleep 0.1; echo orphan >/tmp/o) & exit 0'")
    machine.check('while ! grep -q orphan /tmp/o 2>/dev/null; do :; done')
    assert 'defunct' not in machine.check('ps')
