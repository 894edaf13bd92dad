"""A K210 in our simulator, with a console that tests talk to.

    with K210(tmp_path) as machine:
        machine.wait_prompt()

It boots the flash image with a private copy of the SD card.  The simulator
stops at any misuse of the chip, so a test that passes broke no rule.
"""
import os
import shutil
import sys

from keel.console import TIMEOUT, Console, built

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..',
                                'site_scons'))
import k210_image  # noqa: E402  (needs the path above)

DISK_OFFSET = k210_image.PARTITION_START * k210_image.SECTOR


class K210(Console):
    """disk: a path, None for an empty slot, or 'copy' for a copy of the card.

    append: a kernel command line for a copy of the flash image.
    """

    def __init__(self, tmp_path, disk='copy', append=None, extra=(),
                 timeout=2 * TIMEOUT):
        self.disk = self.private_card(tmp_path) if disk == 'copy' else disk
        args = ['--flash', self.flash(tmp_path, append)]
        if self.disk:
            args += ['--sd', self.disk]
        super().__init__(tmp_path, built('tools/k210sim'),
                         args + list(extra), timeout)

    @staticmethod
    def private_card(tmp_path):
        """A copy of the SD card that the test may change."""
        copy = os.path.join(str(tmp_path), 'sdcard.img')
        if not os.path.exists(copy):
            shutil.copyfile(built('k210/sdcard.img'), copy)
        return copy

    @staticmethod
    def flash(tmp_path, append):
        """The flash image, or a copy with a command line."""
        if append is None:
            return built('k210/keel.img')
        with open(built('keel.bin'), 'rb') as keel:
            body = k210_image.with_bootargs(keel.read(), append)
        path = os.path.join(str(tmp_path), 'keel-append.img')
        with open(path, 'wb') as image:
            image.write(k210_image.flash_image(body))
        return path

    def partition(self, tmp_path):
        """A copy of the card's partition, for e2fsck."""
        path = os.path.join(str(tmp_path), 'partition.img')
        with open(self.disk, 'rb') as card, open(path, 'wb') as copy:
            card.seek(DISK_OFFSET)
            shutil.copyfileobj(card, copy)
        return path
