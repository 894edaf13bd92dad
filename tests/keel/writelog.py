"""The log of a disk's writes, and what a loss of power leaves of them.

QEMU's blklogwrites driver keeps it in the format of the kernel's
Documentation/admin-guide/device-mapper/log-writes.rst.  Writes stand there in
the order in which they ended, flushes among them.

    disk = LoggedDisk(directory, image)
    ... QEMU runs with disk.options() ...
    disk.cut(path, end, rng)

makes what a disk with a volatile cache may hold when power goes after `end`
entries: all that was flushed, and of the rest anything.
"""
import os
import shutil
import struct

SECTOR = 512
MAGIC = 0x6a736677736872
FLUSH, FUA, DISCARD = 1, 2, 4


def count_entries(path):
    """How many writes and flushes the log has now; it may be in use."""
    with open(path, 'rb') as log:
        super_block = log.read(32)
    if len(super_block) < 32:
        return 0
    magic, version, count, size = struct.unpack_from('<QQQI', super_block)
    if not magic:
        return 0
    assert (magic, version, size) == (MAGIC, 1, SECTOR)
    return count


class WriteLog:
    """A log that nobody writes to any more."""

    def __init__(self, path):
        self.log = open(path, 'rb')
        self.entries = []   # (sector, count, flags, place of the data)
        at = SECTOR
        for _ in range(count_entries(path)):
            self.log.seek(at)
            sector, count, flags, _ = struct.unpack('<4Q', self.log.read(32))
            at += SECTOR
            self.entries.append((sector, count, flags, at))
            assert not flags & DISCARD
            at += count * SECTOR

    def data(self, entry):
        """What an entry writes."""
        self.log.seek(entry[3])
        return self.log.read(entry[1] * SECTOR)

    def last_flush(self, end):
        """How many of the first `end` entries a flush has made stable."""
        while end and not self.entries[end - 1][2] & FLUSH:
            end -= 1
        return end

    def play(self, image, begin, end):
        """Write these entries."""
        for entry in self.entries[begin:end]:
            image.seek(entry[0] * SECTOR)
            image.write(self.data(entry))

    def play_some(self, image, begin, end, rng):
        """Write some of these entries: whole ones, or any of their sectors."""
        by_sector = rng.random() < 0.5
        share = rng.choice([0, 0.1, 0.5, 0.9, 1])
        for entry in self.entries[begin:end]:
            data = self.data(entry)
            step = SECTOR if by_sector else max(len(data), 1)
            for at in range(0, len(data), step):
                if rng.random() < share:
                    image.seek(entry[0] * SECTOR + at)
                    image.write(data[at:at + step])


class LoggedDisk:
    """A copy of an image whose writes QEMU logs."""

    def __init__(self, directory, source):
        self.base = os.path.join(directory, 'base.img')
        self.image = os.path.join(directory, 'disk.img')
        self.log_path = os.path.join(directory, 'writes.log')
        shutil.copyfile(source, self.base)
        shutil.copyfile(source, self.image)
        open(self.log_path, 'wb').close()

    def options(self):
        """QEMU's options for it: a virtio disk with a write cache."""
        return ['-blockdev', f'driver=file,node-name=file,filename={self.image}',
                '-blockdev', 'driver=file,node-name=logfile,'
                f'filename={self.log_path}',
                '-blockdev', 'driver=blklogwrites,node-name=disk,file=file,'
                'log=logfile,log-super-update-interval=1',
                '-device', 'virtio-blk-device,drive=disk,write-cache=on']

    def count(self):
        """How many entries the log has now."""
        return count_entries(self.log_path)

    def cut(self, path, end, rng):
        """Make the disk as it may be after `end` entries."""
        log = WriteLog(self.log_path)
        stable = log.last_flush(end)
        shutil.copyfile(self.base, path)
        with open(path, 'r+b') as image:
            log.play(image, 0, stable)
            log.play_some(image, stable, end, rng)
