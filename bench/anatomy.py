"""Tells what a row of user/bench is made of.

    anatomy.py BUILD ROW          instructions of an operation by function
    anatomy.py BUILD ROW -d       and each instruction that it executes

Two boots are counted by the plugin addresses.c, one with the row and one
without; the difference is the row's, with its preparations, divided by the
operations that it does (those of its warm-up included).
"""
import bisect
import os
import re
import signal
import subprocess
import sys
import tempfile

os.environ['KEEL_BUILD'] = sys.argv[1] if len(sys.argv) > 1 else 'build'
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'tests'))

from keel import bench  # noqa: E402  (needs the path above)
from keel.machine import Machine, built  # noqa: E402

OBJDUMP = os.environ.get('CROSS', 'riscv64-unknown-elf-') + 'objdump'
NM = os.environ.get('CROSS', 'riscv64-unknown-elf-') + 'nm'
LEAST = 0.5  # of a function, to be shown


def counts(words):
    """{address: how often} of a boot that runs bench, and its output."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'counts')
        plugin = f'{built("bench/addresses.so")},out={out}'
        # With sleep=off timers would run through each wait of this script.
        with Machine(folder,
                     extra=[*bench.SLEEPING, '-plugin', plugin]) as machine:
            machine.wait_prompt()
            output = machine.run(bench.command('/tmp', 'instret', words))[0]
            machine.console.kill(signal.SIGTERM)
            machine.wait_end()
        with open(out, encoding='ascii') as lines:
            pairs = (line.split() for line in lines)
            return {int(at, 16): int(count) for at, count in pairs}, output


def functions():
    """[(address, name)] of kernel and firmware, sorted."""
    found = []
    for image in ('kernel.elf', 'sbi.elf'):
        lines = subprocess.run([NM, built(image)], check=True, text=True,
                               capture_output=True).stdout.splitlines()
        found += [(int(at, 16), name) for at, kind, name in
                  (line.split() for line in lines) if kind in 'tT']
    return sorted(found)


def by_function(executed):
    """{name: instructions}; 'program' for all below the firmware."""
    known = functions()
    starts = [at for at, _ in known]
    sums = {}
    for at, count in executed.items():
        name = known[bisect.bisect(starts, at) - 1][1] \
            if at >= starts[0] else 'program'
        sums[name] = sums.get(name, 0) + count
    return sums


def disassembly():
    """(address, function, instruction) of the kernel, in order."""
    text = subprocess.run([OBJDUMP, '-d', '--no-show-raw-insn',
                           built('kernel.elf')], check=True, text=True,
                          capture_output=True).stdout
    function = ''
    for line in text.splitlines():
        head = re.match(r'[0-9a-f]+ <(.*)>:', line)
        body = re.match(r'\s*([0-9a-f]+):\s+(.*)', line)
        if head:
            function = head.group(1)
        elif body:
            yield int(body.group(1), 16), function, body.group(2)


def main():
    """See the head of this file."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    row = sys.argv[2]
    without, _ = counts(['-l'])
    with_row, output = counts([row])
    match = re.search(rf'^row {row} (\d+) (\d+) (\d+)', output, re.MULTILINE)
    if not match:
        sys.exit(f'anatomy: {row} did not run:\n{output}')
    cost, *counted = (int(number) for number in match.groups())
    operations = sum(counted)
    executed = {at: count - without.get(at, 0)
                for at, count in with_row.items()}
    print(f'{row}: {cost} instructions, {operations} operations')
    for name, count in sorted(by_function(executed).items(),
                              key=lambda item: -item[1]):
        if count / operations >= LEAST:
            print(f'{count / operations:10.1f}  {name}')
    if '-d' in sys.argv:
        for at, function, text in disassembly():
            times = executed.get(at, 0) / operations
            if times >= LEAST:
                print(f'{times:7.2f}  {function:24} {text}')


if __name__ == '__main__':
    main()
