"""Journals of ext3 and ext4 as the tests want them: any kind of tag, any
sequence number, anywhere in the log, whole or not.  debugfs writes what it can
(see test_ext4_replay.py); this is for the rest.  e2fsck judges both.

Format: the kernel's Documentation/filesystems/ext4/journal.rst."""
import struct
import subprocess

MAGIC = 0xc03b3998
DESCRIPTOR, COMMIT, SUPER_V1, SUPER_V2, REVOKE = range(1, 6)
ESCAPED, SAME_UUID, DELETED, LAST = 1, 2, 4, 8
INCOMPAT_REVOKE, INCOMPAT_64BIT, INCOMPAT_ASYNC = 1, 2, 4
INCOMPAT_CSUM_V2, INCOMPAT_CSUM_V3, INCOMPAT_FAST_COMMIT = 8, 16, 32


def make_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
        table.append(n)
    return table


TABLE = make_table()


def crc32c(crc, data):
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 255]
    return crc


def debugfs(image, *commands, write=False):
    """Run commands of debugfs; what they print."""
    return subprocess.run(
        ['debugfs', *(['-w'] if write else []), '-f', '-', str(image)],
        input='\n'.join(commands) + '\n', check=True, capture_output=True,
        text=True, errors='replace').stdout


class Journal:
    """The journal of an image, to be filled anew."""

    def __init__(self, image, block_size, features=INCOMPAT_REVOKE, version=2):
        self.image = str(image)
        self.block_size = block_size
        self.places = self.find_places()
        self.uuid = self.read(0)[0x30:0x40]
        self.version = version
        self.features = features if version == 2 else 0
        self.csum = features & (INCOMPAT_CSUM_V2 | INCOMPAT_CSUM_V3)
        self.wide = features & INCOMPAT_64BIT
        self.seed = crc32c(0xffffffff, self.uuid)
        self.first, self.end = 1, len(self.places)
        self.at = self.start = self.first
        self.sequence = self.first_sequence = 1
        self.records = []   # (type, sequence, block) of the journal's own

    def find_places(self):
        size = int(debugfs(self.image, 'stat <8>').split('Size: ')[1].split()[0])
        commands = [f'bmap <8> {n}' for n in range(size // self.block_size)]
        return [int(line) for line in debugfs(self.image, *commands).split('\n')
                if line.isdigit()]

    def read(self, block):
        with open(self.image, 'rb') as file:
            file.seek(self.places[block] * self.block_size)
            return file.read(self.block_size)

    def write(self, block, data):
        assert len(data) == self.block_size
        with open(self.image, 'r+b') as file:
            file.seek(self.places[block] * self.block_size)
            file.write(data)

    def begin(self, start, sequence):
        self.at = self.start = start
        self.sequence = self.first_sequence = sequence

    def append(self, data):
        block = self.at
        self.write(block, data)
        self.at = self.first if block + 1 == self.end else block + 1
        return block

    def append_record(self, kind, body, csum_at=None):
        data = struct.pack('>III', MAGIC, kind, self.sequence) + body
        data = data.ljust(self.block_size, b'\0')
        if self.csum:
            at = self.block_size - 4 if csum_at is None else csum_at
            csum = crc32c(self.seed, data)
            data = data[:at] + struct.pack('>I', csum) + data[at + 4:]
        self.records.append((kind, self.sequence, self.append(data)))

    def tag(self, place, data, flags):
        csum = 0
        if self.csum:
            csum = crc32c(self.seed, struct.pack('>I', self.sequence))
            csum = crc32c(csum, data)
        low, high = place & 0xffffffff, place >> 32
        if self.features & INCOMPAT_CSUM_V3:
            tag = struct.pack('>IIII', low, flags, high, csum)
        else:
            tag = struct.pack('>IHH', low, csum & 0xffff, flags)
            tag += struct.pack('>I', high) if self.wide else b''
            # Version 2 has two bytes more than it needs.
            tag += b'\0\0' if self.csum else b''
        return tag if flags & SAME_UUID else tag + self.uuid

    def blocks(self, blocks, flags=SAME_UUID):
        """A descriptor and the blocks, (place, data) each."""
        escaped = []
        body = b''
        for n, (place, data) in enumerate(blocks):
            more = 0 if n == 0 else flags
            more |= LAST if n == len(blocks) - 1 else 0
            if data.startswith(struct.pack('>I', MAGIC)):
                data = bytes(4) + data[4:]
                more |= ESCAPED
            escaped.append(data)
            body += self.tag(place, data, more)
        self.append_record(DESCRIPTOR, body)
        for data in escaped:
            self.append(data)

    def revoke(self, places, count=None):
        body = b''.join(struct.pack('>Q' if self.wide else '>I', place)
                        for place in places)
        count = 16 + len(body) if count is None else count
        self.append_record(REVOKE, struct.pack('>I', count) + body)

    def commit(self):
        self.append_record(COMMIT, b'', csum_at=16)
        self.sequence = self.sequence + 1 & 0xffffffff

    def finish(self):
        """Make the file system say that there is something to replay."""
        kind = SUPER_V1 if self.version == 1 else SUPER_V2
        data = struct.pack('>9I', MAGIC, kind, 0, self.block_size, self.end,
                           self.first, self.first_sequence, self.start, 0)
        if self.version == 2:
            data += struct.pack('>III', 0, self.features, 0)
            data += self.uuid + struct.pack('>I', 1)
            data = data.ljust(0x50, b'\0') + (b'\4' if self.csum else b'')
        data = data.ljust(self.block_size, b'\0')
        if self.csum:
            csum = struct.pack('>I', crc32c(0xffffffff, data[:1024]))
            data = data[:0xfc] + csum + data[0x100:]
        self.write(0, data)
        debugfs(self.image, 'feature needs_recovery', write=True)

    def spoil(self, block, at=None):
        """Change a byte of it."""
        data = bytearray(self.read(block))
        data[self.block_size // 2 if at is None else at] ^= 0x10
        self.write(block, bytes(data))

    def find(self, kind, sequence):
        """Where that record is."""
        return next(block for k, s, block in self.records
                    if (k, s) == (kind, sequence))
