# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of the laboratory: started with their output in a file, ended by their own id, and never
another's. All are children of the laboratory's first process and end with it."""

import os
import signal
import subprocess
import time

STOP_SECONDS = 10


class Process:
    def __init__(self, words, log, directory=None, environment=None):
        """Starts it. log is appended to; the end of it is what a failure shows."""
        self.words, self.log = words, log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=directory,
                env={**os.environ, **(environment or {})}, start_new_session=True)

    @property
    def pid(self):
        return self.process.pid

    def ended(self):
        return self.process.poll() is not None

    def send(self, number):
        if not self.ended():
            self.process.send_signal(number)

    def wait(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, number=signal.SIGTERM):
        """Asks it to end, and does not ask twice. Returns its status."""
        self.send(number)
        if self.wait(STOP_SECONDS) is None:
            self.send(signal.SIGKILL)
            self.wait(STOP_SECONDS)
        return self.process.returncode

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return " / ".join(file.read().strip().splitlines()[-3:])

    def require(self, what):
        if self.ended():
            raise RuntimeError(f"{what} ended with {self.process.returncode}: {self.last_words()}")


def stop_all(processes, number=signal.SIGTERM):
    """Stops several in the time of one."""
    for process in processes:
        process.send(number)
    until = time.monotonic() + STOP_SECONDS
    for process in processes:
        if process.wait(max(0.0, until - time.monotonic())) is None:
            process.stop(signal.SIGKILL)
