"""A machine's console that tests talk to.

Everything waits for something to be printed, with a limit; nothing sleeps.
The console's text is kept in tmp_path and shown when an expectation fails.
"""
import itertools
import os
import re
import shlex

import pexpect

BUILD = os.path.abspath(os.environ.get('KEEL_BUILD', 'build'))
# Where DEBUG=1 builds.
DEBUG = os.path.basename(BUILD) == 'debug'
PROMPT = r'(?:^|[\r\n])[^\r\n]*# $'
# Generous: the machine that runs the tests may be busy.
TIMEOUT = 120


def built(name):
    """The path of something that the build made."""
    return os.path.join(BUILD, name)


class Console:
    """A running emulator, and the terminal that it believes to have."""

    def __init__(self, tmp_path, program, args, timeout=TIMEOUT):
        # A test may boot several times.
        self.log_path = os.path.join(
            str(tmp_path), f'console-{len(os.listdir(tmp_path))}.log')
        self.timeout = timeout
        self.numbers = itertools.count(1)
        self.args = args
        self.log = open(self.log_path, 'w', encoding='utf-8')
        self.console = pexpect.spawn(program, args, encoding='utf-8',
                                     timeout=timeout, codec_errors='replace',
                                     echo=False, logfile=None,
                                     dimensions=(24, 200))
        self.console.logfile_read = self.log

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.console.close(force=True)
        self.log.close()

    def text(self):
        """All that the console has printed so far."""
        self.log.flush()
        with open(self.log_path, encoding='utf-8') as log:
            return log.read()

    def expect(self, pattern, timeout=None):
        """Wait until the console prints what matches; return the match."""
        try:
            self.console.expect(pattern, timeout=timeout or self.timeout)
        except (pexpect.TIMEOUT, pexpect.EOF) as error:
            kind = 'nothing more came' if isinstance(error, pexpect.TIMEOUT) \
                else 'the machine ended'
            raise AssertionError(
                f'expected {pattern!r}, but {kind}; console:\n'
                f'{self.text()[-6000:]}') from None
        return self.console.match

    def send(self, text):
        """Type text as it is."""
        self.console.send(text)

    def wait_prompt(self, timeout=None):
        """Wait for the shell's prompt."""
        self.expect(PROMPT, timeout)

    def run(self, command, timeout=None):
        """Run a shell command: (its output, its status)."""
        number = next(self.numbers)
        # One line: what is typed ahead would be input of the command.  The
        # quotes in the marks keep the echo from looking like the output, and
        # QEMU's terminal may put a carriage return before each newline.
        self.send(f"echo @'B'{number}; eval {shlex.quote(command)}; "
                  f"echo @'E'{number}:$?\n")
        self.expect(rf'@B{number}\r*\n', timeout)
        match = self.expect(rf'([\s\S]*?)@E{number}:(\d+)\r*\n', timeout)
        output = self.strip(match.group(1))
        self.wait_prompt(timeout)
        return output, int(match.group(2))

    @staticmethod
    def strip(text):
        """Take escape sequences and carriage returns out of output."""
        text = re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', text)
        return text.replace('\r', '').strip('\n')

    def check(self, command, timeout=None):
        """Run a command that must succeed; its output."""
        output, status = self.run(command, timeout)
        assert status == 0, f'{command}: status {status}, output:\n{output}'
        return output

    def wait_end(self, timeout=None):
        """Wait until the machine ends by itself; QEMU's exit status."""
        self.expect(pexpect.EOF, timeout)
        self.console.wait()
        return self.console.exitstatus

    def poweroff(self):
        """Switch off from the shell; QEMU's exit status."""
        self.send('poweroff\n')
        return self.wait_end()
