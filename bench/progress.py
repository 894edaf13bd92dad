"""Says on the terminal what is being measured, and how far that is."""
import re
import sys
import time


class Progress:
    """step() begins a part; calling it shows what the machine prints."""

    def __init__(self, stream=sys.stderr):
        self.stream = stream
        self.start = time.monotonic()
        self.line = ''
        self.rows = 0

    def step(self, what):
        """A line for each part, with the seconds since all began."""
        seconds = time.monotonic() - self.start
        self.line = ''
        self.rows = 0
        self.show(f'[{seconds:4.0f} s] {what}\n')

    def __call__(self, text):
        """On a terminal: the row that was counted last, over the one before."""
        self.line = (self.line + text)[-400:]
        found = re.findall(r'^(?:row|skip|fail) (\S+) .*\n', self.line,
                           re.MULTILINE)
        if not found:
            return
        self.line = self.line[self.line.rindex('\n') + 1:]
        self.rows += len(found)
        if self.stream.isatty():
            self.show(f'\r\x1b[K         {self.rows} rows, {found[-1]}\r')

    def show(self, text):
        """At once."""
        self.stream.write(text)
        self.stream.flush()
