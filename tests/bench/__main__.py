"""Measure ``vedlegg2 run`` beside plain DuckDB on the same files, as a ratio in one run.

``make bench`` (scale 1.0; ``SCALE=0.1`` for less) writes the sample, runs both in processes of their own and prints
seconds, peak memory and rows per second. Does not belong here: a verdict; a timed test would fail on a busy machine.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measured(command: list[str], environment: dict[str, str] | None = None) -> tuple[float, float, str]:
    """Wall seconds, peak memory in MiB of the largest process so far, and standard output."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 3):
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stderr}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done.stdout


def main() -> None:
    """Write the sample, measure both, print the ratio."""
    scale = os.environ.get("SCALE", "1.0")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        landing = folder / "landing"
        seconds, _, _ = measured(["vedlegg2", "sample", str(landing), "--scale", scale])
        print(f"sample at scale {scale}: {seconds:.1f} s")
        code = f"from pathlib import Path; from tests.bench import plain; print(plain.run(Path({str(landing)!r}))[0])"
        plain, plain_memory, rows = measured([sys.executable, "-c", code])
        where = {
            "VEDLEGG2_LANDING": str(landing),
            "VEDLEGG2_WAREHOUSE": str(folder / "warehouse" / "vedlegg2.duckdb"),
            "VEDLEGG2_PUBLISHED": str(folder / "published"),
        }
        ours, memory, _ = measured(["vedlegg2", "run"], where)
        again, _, _ = measured(["vedlegg2", "run"], where)
        count = int(rows)
        print(
            f"plain DuckDB: {plain:.1f} s, {plain_memory:.0f} MiB, {count:,} rows, {count / plain:,.0f} rows/s"
        )
        print(
            f"vedlegg2 run: {ours:.1f} s, {memory:.0f} MiB, {count / ours:,.0f} rows/s; nothing new: {again:.1f} s"
        )
        print(f"ratio: {ours / plain:.2f}")
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)


if __name__ == "__main__":
    main()
