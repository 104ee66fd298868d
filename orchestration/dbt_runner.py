"""dbt in a process of its own, started once per run and kept warm for both invocations.

Belongs here: starting, asking and ending that process, and what it may tell: names, states and counts, never
a value or an error text that could hold one. Does not belong here: which arguments dbt gets
(``transform.py``) and what its results mean (``defs/``).
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from orchestration.settings import PROJECT
from orchestration.warehouse import ResourceExhausted

RESULTS = frozenset({"LogSeedResult", "LogModelResult", "LogTestResult"})
"""dbt events that end a node."""
NODE = ("unique_id", "node_status", "node_started_at", "node_finished_at", "materialized")
HARMLESS = re.compile(
    r"\s*(?:(?:Runtime|Database) Error[^\n]*\n\s*)?((?:Binder|Catalog|Parser|Compilation) Error.*)", re.DOTALL
)
"""Messages that begin as errors about names and SQL; all others may quote a value of a row, also one that
reads like such an error."""
RESOURCES = {
    "memory": re.compile(r"Out of Memory|could not allocate|failed to (allocate|offload)", re.IGNORECASE),
    "disk": re.compile(r"No space left on device|disk quota", re.IGNORECASE),
}
END_SECONDS = 5.0
"""How long dbt may take to end by itself when a run is stopped."""
DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG``: the kernel ends this process when the run that started it ends, however it ends."""


@dataclass(frozen=True)
class Failure:
    """A node that failed.

    ``status`` is dbt's (``fail`` for a test, else ``error``), ``rows`` how many rows a test found,
    ``kind`` is ``memory``, ``disk`` or ``other``; ``text`` says more where no value can stand in it.
    """

    unique_id: str
    status: str
    rows: int
    kind: str
    text: str


class DbtStoppedError(Exception):
    """The dbt process ended in the middle of an invocation."""


class DbtRunner:
    """The process: parses while the run does other work, then answers one invocation after another."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start dbt in ``folder`` (relative paths of the profile follow it) and let it parse.

        Args:
            arguments: of ``dbt parse``.
            environment: variables beyond those of this process.
            folder: the working folder.
        """
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-P", "-m", "orchestration.dbt_runner", json.dumps(list(arguments))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env={**os.environ, **environment, "PYTHONPATH": str(PROJECT)},
        )
        self._questions = cast(IO[str], self._process.stdin)
        self._replies = cast(IO[str], self._process.stdout)
        self._parsed: bool | None = None
        self.failures: list[Failure] = []

    def parse(self) -> bool:
        """Wait until the project is parsed; False when it cannot be, with ``failures`` saying why.

        Raises:
            DbtStoppedError: the process ended instead.
            ResourceExhausted: it was killed.
        """
        if self._parsed is None:
            list(self._answers())
            self._parsed = not self.failures
        return self._parsed

    def invoke(self, arguments: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Run dbt; yields the event of each finished node, in the shape of dbt's JSON log.

        Afterwards ``failures`` holds what failed.

        Raises:
            DbtStoppedError: the process ended instead.
            ResourceExhausted: it was killed.
        """
        if not self.parse():
            return
        try:
            self._questions.write(json.dumps(list(arguments)) + "\n")
            self._questions.flush()
        except BrokenPipeError:
            raise self._stopped() from None
        yield from self._answers()

    def close(self) -> None:
        """End the process, also in the middle of work."""
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._questions.close()
        self._replies.close()

    def _answers(self) -> Iterator[dict[str, Any]]:
        for line in self._replies:
            answer = json.loads(line)
            if isinstance(answer, list):
                self.failures = [Failure(**failure) for failure in answer]
                return
            yield answer
        raise self._stopped()

    def _stopped(self) -> Exception:
        code = self._process.wait()
        if code == -signal.SIGKILL:
            return ResourceExhausted(
                "dbt was killed, as the system does when memory runs out; nothing was published. Run again with "
                "more memory."
            )
        return DbtStoppedError(f"dbt ended by itself with code {code}")


def main(parse_arguments: Sequence[str]) -> None:
    """The process itself: parse, say so, then one line of arguments after another."""
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as out:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        from dbt.cli.main import dbtRunner

        def tell(answer: object) -> None:
            out.write(json.dumps(answer) + "\n")
            out.flush()

        def on_event(event: Any) -> None:
            if event.info.name in RESULTS:
                tell(_told(event))

        parsed = dbtRunner().invoke(list(parse_arguments))
        tell(_failures(parsed))
        dbt = dbtRunner(manifest=cast(Any, parsed.result), callbacks=[on_event])
        for line in sys.stdin:
            tell(_failures(dbt.invoke(json.loads(line))))


def _told(event: Any) -> dict[str, Any]:
    """What may be said about a finished node: no message and no SQL."""
    from google.protobuf.json_format import MessageToDict

    data = MessageToDict(event.data, preserving_proto_field_name=True)
    return {
        "info": {
            "name": event.info.name,
            "level": "info",
            "msg": "",
            "invocation_id": event.info.invocation_id,
        },
        "data": {
            "node_info": {name: data["node_info"].get(name) for name in NODE},
            "status": data.get("status", ""),
            "num_failures": int(data.get("num_failures", 0)),
            "execution_time": data.get("execution_time"),
        },
    }


def _failures(result: Any) -> list[dict[str, Any]]:
    """The nodes that failed, or what stopped dbt itself; lets go of the database for other processes."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
    if result.exception is not None:
        return [_failure("", type(result.exception).__name__, 0, str(result.exception))]
    return [
        _failure(node.node.unique_id, str(node.status), node.failures or 0, node.message or "")
        for node in getattr(result.result, "results", ())
        if str(node.status) in ("fail", "error", "runtime error")
    ]


def _failure(unique_id: str, status: str, rows: int, message: str) -> dict[str, Any]:
    kind = next((name for name, pattern in RESOURCES.items() if pattern.search(message)), "other")
    harmless = HARMLESS.match(message)
    text = harmless[1][:2000] if harmless else ""
    return {"unique_id": unique_id, "status": status, "rows": rows, "kind": kind, "text": text}


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
