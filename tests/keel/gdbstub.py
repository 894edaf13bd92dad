"""Just enough of gdb's remote protocol to step a machine and to change it."""
import re
import socket


class GdbStub:
    """The other end of a QEMU that is started with -S -gdb unix:PATH,server=off.

    It listens before QEMU starts and QEMU connects, as nobody sees from outside
    when a QEMU that listens does.
    """

    def __init__(self, path):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.settimeout(30)
        self.listener.bind(path)
        self.listener.listen(1)
        self.socket = None
        self.buffer = b''

    def accept(self):
        """Wait until QEMU is there."""
        self.socket, _ = self.listener.accept()
        self.socket.settimeout(30)
        self.listener.close()

    def close(self):
        """End the connection; the machine goes on."""
        self.socket.close()

    def receive(self):
        """The payload of the next packet."""
        while True:
            start = self.buffer.find(b'$')
            end = self.buffer.find(b'#', start)
            if start >= 0 and end >= 0 and len(self.buffer) >= end + 3:
                payload = self.buffer[start + 1:end]
                self.buffer = self.buffer[end + 3:]
                self.socket.sendall(b'+')
                return payload.decode()
            data = self.socket.recv(4096)
            if not data:
                raise EOFError('QEMU closed the connection')
            self.buffer += data

    def send(self, payload):
        """Send a packet without waiting for an answer."""
        checksum = sum(payload.encode()) & 0xff
        self.socket.sendall(f'${payload}#{checksum:02x}'.encode())

    def call(self, payload):
        """Send a packet; its answer."""
        self.send(payload)
        return self.receive()

    def read(self, address, size):
        """Bytes of the machine's memory."""
        return bytes.fromhex(self.call(f'm{address:x},{size:x}'))

    def write(self, address, data):
        """Change the machine's memory."""
        answer = self.call(f'M{address:x},{len(data):x}:{data.hex()}')
        assert answer == 'OK', answer

    def stop(self):
        """Halt the machine that runs."""
        self.socket.sendall(b'\x03')
        self.receive()

    def step(self):
        """Execute one instruction; QEMU takes no interrupt meanwhile."""
        self.call('vCont;s')

    def read_register(self, number):
        """A register of 64 bits."""
        return int.from_bytes(bytes.fromhex(self.call(f'p{number:x}')),
                              'little')

    def write_register(self, number, value):
        """Change a register of 64 bits."""
        data = value.to_bytes(8, 'little').hex()
        answer = self.call(f'P{number:x}={data}')
        assert answer == 'OK', answer

    def description(self, name):
        """A file of the machine's description, in XML."""
        text = ''
        while True:
            part = self.call(f'qXfer:features:read:{name}:{len(text):x},400')
            assert part[0] in 'ml', part
            text += part[1:]
            if part[0] == 'l':
                return text

    def csr_number(self, name):
        """The number of a control and status register."""
        self.description('target.xml')
        return int(re.search(rf'name="{name}"[^>]*regnum="(\d+)"',
                             self.description('riscv-csr.xml')).group(1))

    def resume(self):
        """Let the machine run, and forget about it."""
        self.send('c')
        self.close()
