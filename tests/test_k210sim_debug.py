"""The K210 simulator's means to find faults in guests."""
import re
import socket
import subprocess

import pytest

from keel import k210
from keel.gdbstub import GdbStub
from keel.machine import built

HOLE = '''
        call outer
        .globl outer
outer:  li a0, 0x60000000
        .type inner, @function
inner:  nop
        lw a1, 0(a0)
        .size inner, . - inner'''


@pytest.fixture
def elf_and_image(tmp_path):
    """The files of a guest that breaks a rule in inner, 2 bytes from it."""
    image = k210.assemble(tmp_path, HOLE)
    return image.removesuffix('.image'), image


def test_misuse_names_the_symbol(elf_and_image):
    elf, image = elf_and_image
    status, _, errors = k210.run(image, '--symbols', elf)
    assert status == k210.MISUSE
    assert re.search(r'hart 0 pc 0x8[0-9a-f]+ <inner\+0x2> address 0x60000000:'
                     r' nothing is mapped', errors), errors


def test_limit_names_the_symbols(tmp_path):
    image = k210.assemble(tmp_path, 'spin: j spin')
    status, _, errors = k210.run(image, '--symbols',
                                 image.removesuffix('.image'), limit=1000)
    assert status == k210.LIMIT
    assert re.fullmatch(r'k210sim: limit reached\n'
                        r'k210sim: hart 0 pc 0x8[0-9a-f]+ <spin\+0x0>\n'
                        r'k210sim: hart 1 pc 0x8[0-9a-f]+ <park\+0x8>\n',
                        errors), errors


def test_symbols_end_with_their_size(tmp_path):
    """Beyond a function of known size there is no name."""
    image = k210.assemble(tmp_path, HOLE.replace('. - inner', '2'))
    errors = k210.run(image, '--symbols', image.removesuffix('.image'))[2]
    assert ' pc 0x' in errors and '<' not in errors, errors


def damage(data, fault):
    """An ELF file with one thing wrong."""
    if fault == 'empty':
        del data[:]
    elif fault == 'no_elf':
        data[0] = 0
    elif fault == 'other_machine':
        data[18] = 62
    elif fault == 'no_sections':
        data[40:48] = bytes(8)
        data[60:62] = bytes(2)
    elif fault == 'sections_beyond_end':
        data[40:48] = b'\xff' * 8
    elif fault == 'truncated':
        del data[len(data) - 100:]


@pytest.mark.parametrize('fault', [
    'empty', 'no_elf', 'other_machine', 'no_sections', 'sections_beyond_end',
    'truncated'])
def test_bad_symbol_file_is_refused(elf_and_image, tmp_path, fault):
    elf, image = elf_and_image
    with open(elf, 'rb') as file:
        data = bytearray(file.read())
    damage(data, fault)
    bad = tmp_path / 'bad'
    bad.write_bytes(data)
    status, _, errors = k210.run(image, '--symbols', bad)
    assert status == k210.USAGE and str(bad) in errors


def test_missing_symbol_file_is_told(elf_and_image, tmp_path):
    status, _, errors = k210.run(elf_and_image[1], '--symbols',
                                 tmp_path / 'none')
    assert status == k210.USAGE and 'No such file' in errors


@pytest.fixture
def debugged(tmp_path):
    """ELF file and image of a guest with something to look at."""
    elf = k210.link(tmp_path, 'debugged', ['debugged.S'])
    return elf, k210.flash_image(elf)


def test_trace_has_every_instruction(debugged, tmp_path):
    """A line for each that retired or trapped, and one for the trap."""
    elf, image = debugged
    path = tmp_path / 'trace'
    status, _, errors = k210.run(image, '--symbols', elf, '--trace', path,
                                 '--icount')
    lines = path.read_text().splitlines()
    traps = [line for line in lines if ' trap ' in line]
    assert status == k210.PARKED
    assert lines[0] == '0 M 0000000080000000 f14022f3 <_start+0x0>'
    assert sum('<store+0x0>' in line for line in lines) == 5
    assert len(traps) == 1 and re.fullmatch(
        r'0 trap 9 from 00000001400000[0-9a-f]{2} to M 0000000080000[0-9a-f]+',
        traps[0]), traps
    assert re.search(r'^0 S 00000001400000.. 00000073', path.read_text(), re.M)
    # The ecall is traced, but does not retire.
    assert f'{len(lines) - 2} instructions' in errors


def test_trace_marks_interrupts(tmp_path):
    image = k210.assemble(tmp_path, '''
        la a0, park
        csrw mtvec, a0
        csrwi mie, 2
        csrwi mip, 2
        csrwi mstatus, 8
        nop''')
    path = tmp_path / 'trace'
    k210.run(image, '--trace', path)
    assert '0 trap 8000000000000001 from ' in path.read_text()


def test_trace_changes_nothing(debugged, tmp_path):
    first, second = (k210.run(debugged[1], '--icount', *options)
                     for options in ([], ['--trace', tmp_path / 'trace']))
    assert first == second


def test_trace_needs_a_file(debugged, tmp_path):
    status, _, errors = k210.run(debugged[1], '--trace', tmp_path)
    assert status == k210.USAGE and '--trace: Is a directory' in errors


class Simulator:
    """k210sim that waits for gdb."""

    def __init__(self, image, *options):
        self.process = subprocess.Popen(
            [built('tools/k210sim'), '--flash', image, '--gdb', '0', *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        self.port = int(self.process.stderr.readline().split()[-1])

    def debug(self, elf, *commands):
        """What gdb prints for some commands."""
        arguments = [text for command in (f'target remote :{self.port}',
                                          *commands)
                     for text in ('-ex', command)]
        return subprocess.run(
            ['gdb-multiarch', '-nx', '-batch', '-ex', 'set confirm off',
             *arguments, elf], capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL, check=False).stdout

    def status(self):
        """The exit status, once it is there."""
        return self.process.wait(60)

    def kill(self):
        """End it if it is still there."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def simulator(debugged):
    """The guest, waiting for gdb."""
    simulator = Simulator(debugged[1])
    yield simulator
    simulator.kill()


def test_gdb_sees_both_harts(simulator, debugged):
    output = simulator.debug(debugged[0], 'info threads', 'p $pc',
                             'p/x $misa', 'p/x $mvendorid', 'p $priv',
                             'thread 2', 'p/x $mhartid', 'p/x $mie', 'kill')
    assert 'Thread 1 (hart 0, M-mode)' in output
    assert 'Thread 2 (hart 1, M-mode)' in output
    assert re.findall(r'^\$\d+ = (.*)$', output, re.M) == [
        '(void (*)()) 0x80000000 <_start>', '0x800000000014112d', '0x4b5',
        '3', '0x1', '0x8']
    assert simulator.status() == k210.QUIT


def test_gdb_breaks_steps_and_changes(simulator, debugged):
    """A breakpoint stops before its instruction; a step does one."""
    output = simulator.debug(
        debugged[0], 'break store', 'continue', 'p (long)$s0', 'p *(long *)&word',
        'stepi', 'p *(long *)&word', 'p $pc == &load', 'continue', 'p (long)$s0',
        'set $s0 = 4', 'set *(long *)&word = 7', 'p *(long *)&word',
        'delete', 'break load', 'continue', 'p *(long *)&word', 'delete',
        'continue')
    assert re.findall(r'^\$\d+ = (.*)$', output, re.M) == [
        '1', '0', '1', '1', '2', '7', '4']
    assert '[Inferior 1 (Remote target) exited normally]' in output
    assert simulator.status() == k210.PARKED


def test_gdb_watches_memory(simulator, debugged):
    """Writes, reads and both; gdb steps over the instruction and looks."""
    output = simulator.debug(
        debugged[0], 'watch *(long *)&word', 'continue', 'p $pc == &load',
        'delete', 'rwatch *(long *)&word', 'continue', 'p $pc == &after_load',
        'delete', 'awatch *(long *)&word', 'continue', 'p $pc == &load',
        'continue', 'p $pc == &after_load', 'kill')
    assert re.findall(r'^(?:Old |New |)[vV]alue = .*$', output, re.M) == [
        'Old value = 0', 'New value = 1', 'Value = 1', 'Old value = 1',
        'New value = 2', 'Value = 2']
    assert re.findall(r'^\$\d+ = (.*)$', output, re.M) == ['1'] * 4


def test_gdb_reads_by_the_tables(simulator, debugged):
    """In S-mode an address is virtual, and its break there is found."""
    output = simulator.debug(
        debugged[0], 'break *((char *)&inner + 0xc0000000)', 'continue',
        'p $priv', 'x/wx $pc', 'p *(long *)((char *)&word + 0xc0000000)',
        'p/x $sptbr', 'kill')
    assert re.findall(r'^\$\d+ = (.*)$', output, re.M) == ['1', '5', '0x80001']
    assert re.search(r'^0x1400000..:\t0x10400073', output, re.M), output


def test_gdb_shows_misuse(elf_and_image):
    """The instruction that broke a rule, with the registers it had."""
    elf, image = elf_and_image
    broken = Simulator(image)
    output = broken.debug(
        elf, 'set $a1 = 77', 'continue', 'p $pc == (char *)&inner + 2', 'p $a1',
        'p/x $a0', 'backtrace 1', 'info threads', 'continue')
    status = broken.status()
    broken.kill()
    assert 'received signal SIGBUS' in output
    assert re.findall(r'^\$\d+ = (.*)$', output, re.M) == [
        '1', '77', '0x60000000']
    assert 'exited with code 01' in output and status == k210.MISUSE


@pytest.fixture
def packets(simulator):
    """The bare protocol."""
    packets = TcpStub(simulator.port)
    yield packets
    packets.close()


class TcpStub(GdbStub):
    """A connection by TCP."""

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), 30)
        self.buffer = b''


def test_gdb_interrupts(tmp_path):
    """Ctrl-C stops a guest that runs for ever; then it can be killed."""
    spinning = Simulator(k210.assemble(tmp_path, 'spin: j spin'))
    stub = TcpStub(spinning.port)
    stub.send('vCont;c')
    stub.socket.sendall(b'\x03')
    stop = stub.receive()
    stub.send('k')
    status = spinning.status()
    spinning.kill()
    assert stop.startswith('T02thread:') and status == k210.QUIT


def test_gdb_steps_one_hart_alone(packets):
    """vCont;s for one thread moves no other."""
    before = [packets.call(f'Hg{thread}') and packets.call('p20')
              for thread in (1, 2)]
    assert packets.call('vCont;s:2').startswith('T05thread:2;')
    after = [packets.call(f'Hg{thread}') and packets.call('p20')
             for thread in (1, 2)]
    assert before[0] == after[0] and before[1] != after[1]


def address_of(elf, symbol):
    """The address of a symbol, as digits."""
    lines = subprocess.run([f'{k210.CROSS}nm', elf], check=True, text=True,
                           capture_output=True).stdout.splitlines()
    return next(line.split()[0] for line in lines
                if line.split()[2] == symbol)


def test_gdb_waits_for_a_parked_hart(packets):
    """A step of one that waits for ever, alone, can be broken off."""
    for _ in range(4):  # up to its wfi
        assert packets.call('vCont;s:2').startswith('T05thread:2;')
    packets.send('vCont;s:2')
    packets.socket.sendall(b'\x03')
    assert packets.receive().startswith('T02thread:')
    assert len(packets.call('g')) == 33 * 16


def test_gdb_detaches(simulator, packets, debugged):
    """The guest goes on without it, past breakpoints."""
    assert packets.call(f'Z0,{address_of(debugged[0], "load")},2') == 'OK'
    assert packets.call('D') == 'OK'
    packets.close()
    assert simulator.status() == k210.PARKED


def test_gdb_that_goes_ends_the_guest(simulator, packets):
    packets.close()
    assert simulator.status() == k210.QUIT


def test_gdb_gets_the_status(simulator, packets):
    assert packets.call('c') == 'W00'
    assert simulator.status() == k210.PARKED


BAD_PACKETS = {
    'unmapped': ('m60000000,8', 'E01'),
    'device': ('m38000000,4', 'E01'),
    'no_length': ('m80000000', 'E01'),
    'too_few_bytes': ('M80000000,4:0011', 'E01'),
    'no_digits': ('M80000000,1:zz', 'E01'),
    'no_register': ('p2000', 'E01'),
    'read_only_register': (f'P{65 + 0xf14:x}=0000000000000000', 'E01'),
    'no_privilege': (f'P{65 + 0x1000:x}=0200000000000000', 'E01'),
    'no_thread': ('T7', 'E01'),
    'no_such_point': ('Z5,80000000,4', ''),
    'no_breakpoint_there': ('z0,80000000,2', 'OK'),
    'no_watchpoint_there': ('z2,80000000,4', 'OK'),
    'point_without_address': ('Z0', 'E01'),
    'unknown': ('vMustReplyEmpty', ''),
}


@pytest.mark.parametrize('name', BAD_PACKETS)
def test_gdb_bad_packets(packets, name):
    packet, answer = BAD_PACKETS[name]
    assert packets.call(packet) == answer
    assert packets.call('m80000000,4') == 'f32240f1'


def test_gdb_damaged_packets(packets):
    """A wrong checksum, or too much, is asked for again."""
    packets.socket.sendall(b'$g#00')
    assert packets.socket.recv(1) == b'-'
    packets.socket.sendall(b'$' + b'm' * 0x5000 + b'#00')
    assert packets.socket.recv(1) == b'-'
    assert packets.call('qC') == 'QC1'


def test_gdb_points_are_limited(packets):
    answers = [packets.call(f'Z1,{0x80001000 + 4 * i:x},4') for i in range(65)]
    assert answers == ['OK'] * 64 + ['E01']


def test_gdb_is_not_waited_for_without_an_image(tmp_path):
    image = k210.assemble(tmp_path, 'nop')
    with open(image, 'r+b') as file:
        file.truncate(30)
    assert k210.run(image, '--gdb', 0)[0] == k210.USAGE


def test_gdb_port_must_exist(debugged):
    status, _, errors = k210.run(debugged[1], '--gdb', 65536)
    assert status == k210.USAGE and 'no such port' in errors


def test_gdb_port_in_use_is_told(simulator, debugged):
    holder = socket.create_server(('127.0.0.1', 0))
    port = holder.getsockname()[1]
    status, _, errors = k210.run(debugged[1], '--gdb', port)
    holder.close()
    assert status == k210.USAGE and 'Address already in use' in errors
