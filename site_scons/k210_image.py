"""What a K210 is given: flash images, kflash packages, SD cards.

The boot ROM takes a byte of flags, the body's length (little-endian, 32 bits),
the body, and the SHA-256 of all that; it copies the body to 0x80000000.
"""
import hashlib
import json
import os
import struct
import subprocess
import tempfile
import zipfile

BODY_MAX = 0x5fc000   # what the ROM takes: its own data lies above
SECTOR = 512
FDT_MAGIC = b'\xd0\x0d\xfe\xed'
BOOTARGS_ROOM = 256  # in drivers/dts/k210.dtsi, with the NUL
BOARD_STRING = b'canaan,kendryte-k210'
LINUX_PARTITION = 0x83
PARTITION_START = 2048  # sectors: 1 MiB, as partitioning tools align

# By the tree's name: what kflash calls the board (its -B).
KFLASH_BOARDS = {'maix-bit': 'bit', 'maix-dock': 'dan', 'maix-go': 'goE',
                 'maixduino': 'maixduino', 'kd233': 'kd233'}


def flash_image(body):
    """The bytes that the boot ROM wants at the start of its flash."""
    if len(body) > BODY_MAX:
        raise ValueError(f'{len(body)} bytes, but the boot ROM takes '
                         f'{BODY_MAX}')
    head = struct.pack('<BI', 0, len(body)) + body
    return head + hashlib.sha256(head).digest()


def kfpkg_list(name):
    """flash-list.json, where kflash wants one key a line, unquoted address."""
    entry = ('{\n'
             '  "version": "0.1.0",\n'
             '  "files": [\n'
             '    {\n'
             '      "address": 0,\n'
             f'      "bin": {json.dumps(name)},\n'
             '      "sha256Prefix": true,\n'
             '      "reverse4Bytes": false\n'
             '    }\n'
             '  ]\n'
             '}\n')
    json.loads(entry)
    return entry


def write_kfpkg(path, body_path):
    """A package for kflash, which adds header and SHA-256 itself."""
    name = os.path.basename(body_path)
    with open(body_path, 'rb') as body, \
            zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as package:
        for member, data in (('flash-list.json', kfpkg_list(name).encode()),
                             (name, body.read())):
            # A fixed date: equal input, equal bytes.
            package.writestr(zipfile.ZipInfo(member), data,
                             zipfile.ZIP_DEFLATED)


def partition_table(nr_sectors):
    """A master boot record with one Linux partition."""
    entry = struct.pack('<B3sB3sII', 0, b'\xfe\xff\xff', LINUX_PARTITION,
                        b'\xfe\xff\xff', PARTITION_START, nr_sectors)
    return bytes(446) + entry + bytes(48) + b'\x55\xaa'


def write_sdcard(path, file_system):
    """A card with one partition, which holds the file system."""
    size = os.path.getsize(file_system)
    with open(path, 'wb') as card, open(file_system, 'rb') as source:
        card.write(partition_table(size // SECTOR))
        card.seek(PARTITION_START * SECTOR)
        while chunk := source.read(1 << 20):
            # Holes stay holes.
            if chunk.count(0) == len(chunk):
                card.seek(len(chunk), os.SEEK_CUR)
            else:
                card.write(chunk)
        card.truncate(PARTITION_START * SECTOR + size)


def find_tree(image):
    """Where the K210's device tree is in keel.bin: (offset, size)."""
    offset = image.find(FDT_MAGIC)
    while offset >= 0:
        size = int.from_bytes(image[offset + 4:offset + 8], 'big')
        if offset % 8 == 0 and \
                BOARD_STRING in image[offset:offset + min(size, 1 << 16)]:
            return offset, size
        offset = image.find(FDT_MAGIC, offset + 1)
    raise ValueError('no device tree of a K210 in the image')


def with_chosen(image, bootargs, kernel_start=0):
    """keel.bin or sbi.bin with another /chosen in its device tree.

    The command line has 255 bytes of room.  kernel_start is where sbi.bin finds
    a kernel; keel.bin has one of its own.  The tree keeps its size.
    """
    value = bootargs.encode()
    if len(value) >= BOOTARGS_ROOM:
        raise ValueError(f'the command line is too long: {len(value)} bytes, '
                         f'and there is room for {BOOTARGS_ROOM - 1}')
    offset, size = find_tree(image)
    with tempfile.NamedTemporaryFile(suffix='.dtb') as tree:
        tree.write(image[offset:offset + size])
        tree.flush()
        put = ['fdtput', '-t']
        subprocess.run([*put, 'bx', tree.name, '/chosen', 'bootargs',
                        *(f'{byte:x}' for byte in
                          value.ljust(BOOTARGS_ROOM, b'\0'))], check=True)
        subprocess.run([*put, 'x', tree.name, '/chosen', 'riscv,kernel-start',
                        f'{kernel_start:x}'], check=True)
        with open(tree.name, 'rb') as changed:
            data = changed.read()
    if len(data) != size:
        raise ValueError('this image has a tree without room')
    return image[:offset] + data + image[offset + size:]


def with_bootargs(image, bootargs):
    """keel.bin with another kernel command line in its device tree."""
    return with_chosen(image, bootargs)
