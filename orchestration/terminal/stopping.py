"""Being told to stop (Ctrl-C, SIGTERM): by exception where that works, and in any case within seconds.

Belongs here: signals. Does not belong here: what is cleaned up; whatever is left behind is removed by the next
run, as after a crash. Dagster replaces signal handlers while a job runs, and DuckDB does not hear them during a
query, so a thread listens at the wake-up descriptor.
"""

from __future__ import annotations

import os
import signal
import threading
from types import TracebackType

STOPPING = (signal.SIGINT, signal.SIGTERM)
GRACE_SECONDS = 7.0
"""How long the program may take to end by itself."""


class Stopping:
    """While it is entered, SIGTERM is a KeyboardInterrupt too, and the program ends within the grace."""

    def __enter__(self) -> Stopping:
        self._number = 0
        self._heard, self._over = threading.Event(), threading.Event()
        self._told, self._tell = os.pipe()
        os.set_blocking(self._tell, False)
        self._handler = signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._before = signal.set_wakeup_fd(self._tell, warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        signal.set_wakeup_fd(self._before)
        signal.signal(signal.SIGTERM, self._handler)
        os.write(self._tell, b"\0")
        self._thread.join()
        os.close(self._told)
        os.close(self._tell)

    @property
    def told(self) -> bool:
        """True once the program was told to stop."""
        return self._heard.wait(0.1)

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal, as shells have it."""
        self._heard.wait(1)
        return 128 + self._number

    def _listen(self) -> None:
        while not self._over.is_set():
            number = os.read(self._told, 1)[0]
            if number in STOPPING:
                self._number = number
                self._heard.set()
                if not self._over.wait(GRACE_SECONDS):
                    os._exit(128 + number)
