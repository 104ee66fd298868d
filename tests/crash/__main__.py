"""``make crash``: every disturbance, a table of what was found, and exit 1 when that was anything.

Belongs here: the order, the arguments and the table. Does not belong here: the disturbances (``trials.py``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.crash import trials
from tests.crash.naive import naive
from tests.crash.restoring import restored
from tests.crash.scene import Scene

CONTROL_KILLS = 20
PARTS = ("control", "steps", "stop", "two", "reader", "disk", "random", "lost")


def main() -> int:
    """Do what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="kills at random times")
    parser.add_argument("--seed", type=int, default=1, help="draws the random times")
    parser.add_argument("--minutes", type=float, default=600, help="random kills begin no later than this")
    parser.add_argument("--only", nargs="*", default=PARTS, choices=PARTS)
    parser.add_argument("--points", nargs="*", default=trials.POINTS, choices=trials.POINTS)
    asked = parser.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        control = _control(Path(folder) / "control") if "control" in asked.only else True
        if asked.only == ["control"]:
            return 0 if control else 1
        scene = Scene(Path(folder) / "real")
        scene.make()
        print(f"an undisturbed run takes {scene.seconds:.1f} s", flush=True)
        parts: dict[str, Callable[[], object]] = {
            "steps": lambda: trials.fault_points(scene, asked.points),
            "stop": lambda: trials.told_to_stop(scene),
            "two": lambda: trials.two_runs(scene),
            "reader": lambda: trials.reader(scene),
            "disk": lambda: print(trials.full_disk(scene) or "full disk: tried", flush=True),
            "random": lambda: trials.random_kills(scene, asked.kills, until, asked.seed),
            "lost": lambda: restored(scene),
        }
        for name, do in parts.items():
            if name in asked.only:
                do()
        print(scene.table(), f"{scene.runs} runs", sep="\n")
        for one in scene.violations():
            print("VIOLATION", *one, sep=" | ")
        return 0 if control and not scene.violations() else 1


def _control(folder: Path) -> bool:
    """The harness finds fault with a careless program."""
    scene = Scene(folder, naive)
    scene.make(releases=1)
    trials.random_kills(scene, CONTROL_KILLS, time.monotonic() + 600)
    print("control, a rebuild in place:", scene.table(), sep="\n", flush=True)
    disturbed = {what for what, *_ in scene.violations()}
    print(f"violations after {len(disturbed)} of {CONTROL_KILLS} kills", flush=True)
    return len({invariant for _, invariant, _ in scene.violations()}) > 1


if __name__ == "__main__":
    sys.exit(main())
