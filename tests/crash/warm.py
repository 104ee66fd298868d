"""The program, started from a process that has already imported everything it needs.

Belongs here: what starts and ends a run. Does not belong here: any change of what a run does: the child calls
the command line itself, and its dbt is the same process, forked instead of started anew.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import resource_tracker
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

PRELOADED = (
    "orchestration.cli orchestration.definitions orchestration.report orchestration.landing "
    "orchestration.terminal.run orchestration.terminal.progress orchestration.contracts.suite "
    "orchestration.release.attack orchestration.release.suppression great_expectations.expectations "
    "scipy.optimize altair vl_convert openpyxl dbt.cli.main dbt.adapters.duckdb tests.crash.warm"
).split()
SECONDS = 900
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(PRELOADED)


class Run:
    """A run that was started; standard output and error go to files beside the place."""

    def __init__(
        self,
        program: Callable[[Sequence[str]], None],
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
    ) -> None:
        self._told = folder / f"out-{time.monotonic_ns()}"
        self._process: ForkServerProcess = _server.Process(
            target=_child, args=(program, list(arguments), dict(environment), self._told)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.is_alive()

    def wait(self, seconds: float = SECONDS) -> int:
        """The exit code; minus the signal that ended it."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            self._process.kill()
            raise TimeoutError(f"the run has not ended in {seconds} seconds")
        return self._process.exitcode

    def kill_after(self, seconds: float) -> None:
        """kill -9, unless it has ended before."""
        self._process.join(seconds)
        self._process.kill()
        self._process.join()

    def stopped(self) -> bool:
        """Wait until the process has stopped itself at a fault point; False when it has ended instead."""
        while self.running:
            if _state(self.pid) == "T":
                return True
            time.sleep(0.02)
        return False

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def told(self) -> str:
        """What it has said."""
        return self._told.read_text(encoding="utf-8") if self._told.exists() else ""


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def vedlegg2(arguments: Sequence[str]) -> None:
    """The command line."""
    from orchestration import cli, dbt_runner

    dbt_runner.subprocess = SimpleNamespace(  # type: ignore[attr-defined]
        Popen=ForkedDbt, **{name: getattr(subprocess, name) for name in ("PIPE", "DEVNULL", "TimeoutExpired")}
    )
    cli.main(list(arguments))


def _child(
    program: Callable[[Sequence[str]], None], arguments: list[str], environment: dict[str, str], told: Path
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with told.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    program(arguments)


class ForkedDbt:
    """Stands for ``subprocess.Popen`` of ``orchestration.dbt_runner``."""

    stdin: IO[str]
    stdout: IO[str]

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str], **_: Any) -> None:
        questions, replies = os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._become(command[-1], cwd, env, questions[0], replies[1])
            finally:
                os._exit(1)
        os.close(questions[0])
        os.close(replies[1])
        self.stdin, self.stdout = os.fdopen(questions[1], "w"), os.fdopen(replies[0])
        self._code: int | None = None

    def _become(
        self, arguments: str, cwd: Path, env: Mapping[str, str], questions: int, replies: int
    ) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(questions, 0)
        os.dup2(replies, 1)
        os.closerange(3, 1024)
        resource_tracker._resource_tracker._fd = resource_tracker._resource_tracker._pid = None
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(env)
        importlib.import_module("orchestration.dbt_runner").main(json.loads(arguments))
        os._exit(0)

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self._code is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
            elif end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("dbt", timeout or 0)
            else:
                time.sleep(0.01)
        return self._code
