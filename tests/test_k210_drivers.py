"""The kernel's drivers on the K210: SD card, LEDs, watchdog.

The simulator's card makes faults on request; what the kernel made of them is
told by the shell, by the next boot without faults, and by e2fsck.
"""
import re
import subprocess

import pytest

from keel.console import built

# Some 100 KiB in three files, and a directory.
WRITE = ('mkdir -p /root/d; for f in 1 2 3; do '
         'dd if=/bin/keelbox of=/root/d/$f bs=4k count=9 2>/dev/null; '
         'done; sync')
SUM = 'cat /root/d/1 /root/d/2 /root/d/3 | busybox md5sum'


def fsck(machine, tmp_path):
    """e2fsck's status of the card's partition; 0 is clean."""
    part = machine.partition(tmp_path)
    return subprocess.run(['e2fsck', '-fn', part], check=False,
                          stdout=subprocess.DEVNULL).returncode


def test_root_is_found_on_the_first_partition(boot):
    machine = boot(board='k210')
    assert 'root: mmcblk0p1, ext4' in machine.text()
    names = machine.check('cat /proc/partitions').split()[3::4]
    assert names == ['name', 'mmcblk0', 'mmcblk0p1']
    assert 'cannot' not in machine.check('dmesg')


def test_an_empty_slot_leads_to_the_rescue_system(boot):
    machine = boot(board='k210', disk=None)
    assert 'mmcblk0: there is no medium' in machine.text()
    output, status = machine.run('dd if=/dev/mmcblk0 of=/dev/null count=1')
    assert status and 'No medium' in output


@pytest.mark.parametrize('kind', ['sdsc', 'sdv1'])
def test_older_kinds_of_cards_work(boot, kind):
    machine = boot(board='k210', extra=['--sd-type', kind])
    assert 'root: mmcblk0p1, ext4' in machine.text()
    machine.check(WRITE)


def test_a_protected_card_is_mounted_read_only(boot):
    machine = boot(board='k210', extra=['--sd-readonly'])
    assert 'mmcblk0: 65 MiB, read-only' in machine.text()
    output, status = machine.run('touch /x')
    assert status and 'Read-only file system' in output


def test_files_are_there_after_a_restart(boot, tmp_path):
    machine = boot(board='k210')
    machine.check(WRITE)
    before = machine.check(SUM)
    assert machine.poweroff() == 0
    assert fsck(machine, tmp_path) == 0
    assert boot(board='k210').check(SUM) == before


@pytest.mark.parametrize('fault', [
    'read-crc%3', 'read-error@40', 'read-timeout@60', 'write-crc%5',
    'write-error@30', 'write-status@4', 'no-response@150', 'command-crc%2'])
def test_passing_faults_of_the_card_go_unnoticed(boot, tmp_path, fault):
    machine = boot(board='k210', extra=['--sd-fault', fault])
    machine.check(WRITE)
    before = machine.check(SUM)
    assert machine.poweroff() == 0
    assert fsck(machine, tmp_path) == 0
    assert boot(board='k210').check(SUM) == before


@pytest.mark.parametrize('fault', ['read-crc@300+', 'read-error@300+',
                                   'read-timeout@300+'])
def test_a_card_that_cannot_be_read_any_more_gives_errors(boot, fault):
    machine = boot(board='k210', append='root=none',
                   extra=['--sd-fault', fault])
    output, status = machine.run('dd if=/dev/mmcblk0 of=/dev/null bs=64k')
    assert status and 'I/O error' in output
    assert 'mmcblk0: cannot read sector' in machine.check('dmesg')
    assert machine.poweroff() == 0


@pytest.mark.parametrize('fault', ['write-crc@100+', 'write-error@100+',
                                   'write-status@100+', 'write-busy@100',
                                   'no-response@60+'])
def test_a_card_that_cannot_be_written_any_more_gives_errors(boot, fault):
    machine = boot(board='k210', append='root=none',
                   extra=['--sd-fault', fault])
    machine.check('mkdir -p /mnt; mount /dev/mmcblk0p1 /mnt')
    _, status = machine.run('(for i in 1 2 3 4 5; do dd if=/bin/keelbox '
                            'of=/mnt/f$i bs=4k conv=fsync || exit; done)')
    assert status
    assert 'mmcblk0' in machine.check('dmesg | tail -n 3')
    assert machine.poweroff() == 0


def swap_card(machine):
    """Take the card out, or put it in."""
    machine.send('\x01s')
    machine.expect('SD card (out|in)')


def test_a_card_that_is_taken_out_and_put_back(boot):
    machine = boot(board='k210', append='root=none')
    machine.check('mkdir -p /mnt; mount /dev/mmcblk0p1 /mnt')
    first = machine.check('cat /mnt/etc/fstab')
    swap_card(machine)
    output, status = machine.run('cat /mnt/bin/busybox >/dev/null')
    assert status and 'No medium' in output
    assert 'the card does not answer any more' in machine.check('dmesg')
    output, status = machine.run('dd if=/dev/mmcblk0 of=/dev/null count=1')
    assert status and 'No medium' in output
    machine.check('umount /mnt')
    swap_card(machine)
    # Who looked just now does not look again at once.
    machine.check('sleep 1; mount /dev/mmcblk0p1 /mnt')
    assert machine.check('cat /mnt/etc/fstab') == first
    assert machine.poweroff() == 0


def test_the_card_with_the_root_on_it_may_come_back(boot):
    """What is mounted waits for its card; nothing has to be opened anew."""
    machine = boot(board='k210')
    first = machine.check('cat /etc/fstab')
    swap_card(machine)
    assert machine.run('cat /bin/busybox >/dev/null')[1]
    swap_card(machine)
    machine.check('until [ "$(busybox echo back)" = back ]; do :; done '
                  '2>/dev/null')
    assert machine.check('cat /etc/fstab') == first
    machine.check('echo new >/root/new; sync')
    log = machine.check('dmesg')
    assert log.count('mmcblk0: the card does not answer any more') == 1
    assert log.count('mmcblk0: the card is back') == 1
    assert machine.poweroff() == 0


def test_leds_follow_their_files(boot):
    machine = boot(board='k210', disk=None, extra=['--leds'])
    assert machine.check('cat /dev/leds/green') == '0'
    machine.check('echo 1 >/dev/leds/green')
    machine.check('echo 255 >/dev/leds/red')
    assert machine.check('cat /dev/leds/green /dev/leds/red') == '1\n1'
    machine.check('echo 0 >/dev/leds/green')
    assert machine.run('echo high >/dev/leds/red')[1]
    machine.poweroff()
    assert re.findall(r'LED (green|red) (on|off)', machine.text())[-3:] == [
        ('green', 'on'), ('red', 'on'), ('green', 'off')]


def test_a_watchdog_bites_who_forgets_it(boot):
    machine = boot(board='k210', disk=None)
    machine.send('exec 3>/dev/watchdog\r')
    machine.expect('Keel SBI')
    machine.wait_prompt()


def test_a_watchdog_that_was_closed_with_v_sleeps(boot):
    machine = boot(board='k210', disk=None)
    machine.check('echo V >/dev/watchdog; sleep 60')
    assert machine.text().count('Keel SBI') == 1


def test_a_watchdog_has_one_user(boot):
    machine = boot(board='k210', disk=None)
    output, status = machine.run('(echo V >/dev/watchdog0) 3>/dev/watchdog')
    assert status and 'busy' in output.lower()


def test_gpio_lines_keys_and_watchdog_as_programs_see_them(boot):
    machine = boot(board='k210')
    output = machine.check('/usr/lib/tests/t_devices')
    assert output.endswith('5 passed, 0 failed') and 'skip' not in output


def test_a_key_is_heard(boot):
    machine = boot(board='k210')
    machine.send('/usr/lib/tests/t_devices a_key_goes_down_and_up\r')
    machine.expect('press the key')
    machine.send('\x01b')
    machine.expect('let it go')
    machine.send('\x01b')
    machine.expect('1 passed, 0 failed')


def test_the_fu540_mounts_its_card(boot, tmp_path):
    """QEMU's card and SPI controller, which others wrote."""
    card = tmp_path / 'card.img'
    with open(built('rootfs.img'), 'rb') as image:
        card.write_bytes(image.read())
    with open(card, 'r+b') as image:
        image.truncate(128 << 20)
    machine = boot(disk=None, extra=[
        '-machine', 'sifive_u', '-m', '128M', '-smp', '2', '-bios',
        built('sbi.bin'), '-kernel', built('Image'),
        '-drive', f'file={card},if=sd,format=raw'])
    assert 'root: mmcblk0, ext4' in machine.text()
    machine.check(WRITE)
    assert machine.run('touch /x; sync')[1] == 0
