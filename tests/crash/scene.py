"""The scene of every crash: two releases are out, new deliveries have come, and the next run is disturbed.

Belongs here: making the scene once, setting it up again, starting runs in it, and counting what is found. Does
not belong here: which disturbances there are.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tests.crash import invariants, warm, world
from tests.crash.invariants import Expected, Violation
from tests.integration.place import Place

RELEASES_BEFORE = 2
"""With ``VEDLEGG2_KEEP_RELEASES=1`` the disturbed run removes the first of them."""
Program = Callable[[Sequence[str]], None]


class Scene:
    """A place, what an undisturbed run makes of it, and the violations found so far."""

    expected: Expected
    seconds: float
    """How long an undisturbed run takes."""

    def __init__(self, folder: Path, program: Program = warm.vedlegg2) -> None:
        self.folder, self.program = folder, program
        self.place = Place(folder / "place")
        self.place.reference.mkdir(parents=True)
        self.runs = 0
        self.found: dict[str, list[Violation]] = {}
        """What was disturbed -> violations."""

    def make(self, *, releases: int = RELEASES_BEFORE) -> None:
        """The releases before, a copy of it all, and an undisturbed run to compare with.

        Raises:
            RuntimeError: one of these runs fails.
        """
        world.begin(self.place.landing)
        self.undisturbed()
        if releases > 1:
            world.correct(self.place.landing)
            self.undisturbed()
        old_release, old_content = self.place.current(), invariants.content_of(self.place)
        world.go_on(self.place.landing)
        for part in (self.place.warehouse.parent, self.place.published):
            _copy(part, self.folder / "copy" / part.name)
        started = time.monotonic()
        self.undisturbed()
        self.seconds = time.monotonic() - started
        self.expected = Expected(
            invariants.landing_state(self.place),
            old_release,
            old_content,
            invariants.content_of(self.place),
            invariants.loaded(self.place),
            invariants.left_in(self.place.warehouse.parent),
            invariants.number_of_releases(self.place),
        )

    def undisturbed(self, **more: str) -> str:
        """A run that must end well; what it said."""
        run = self.start(**more)
        if (code := run.wait()) != 0:
            raise RuntimeError(f"a run ended with {code}: {run.told}")
        return run.told

    def set_up(self) -> None:
        """Everything as it was before the run that is to be disturbed."""
        for part in (self.place.warehouse.parent, self.place.published):
            self.remove(part)
            _copy(self.folder / "copy" / part.name, part)

    @staticmethod
    def remove(part: Path) -> None:
        """Remove a folder whose releases are read-only; what a mounted folder holds, but not itself."""
        if part.exists():
            subprocess.run(["chmod", "-R", "u+w", part], check=True)
            for inner in part.iterdir():
                inner.unlink() if inner.is_symlink() or inner.is_file() else shutil.rmtree(inner)

    def start(self, fault: str | None = None, **more: str) -> warm.Run:
        """Start a run, with a fault point armed."""
        environment = {**self.place.environment(), "VEDLEGG2_KEEP_RELEASES": "1", **more}
        if fault:
            environment["VEDLEGG2_FAULT"] = fault
        self.runs += 1
        return warm.Run(self.program, ["run"], environment, self.folder)

    def note(self, what: str, violations: Iterable[Violation]) -> None:
        """Remember what was found."""
        self.found.setdefault(what, []).extend(violations)

    def check(self, what: str) -> None:
        """What holds at any moment."""
        self.note(what, invariants.after_fault(self.place, self.expected))

    def rerun(self, what: str) -> None:
        """A plain run, and what holds after it."""
        run = self.start()
        code = run.wait()
        self.note(what, invariants.after_rerun(self.place, self.expected, code))
        if code != 0:
            self.note(what, [("I8", run.told[-300:])])

    @contextlib.contextmanager
    def disturbed(self, what: str) -> Iterator[None]:
        """One disturbance: set up, disturbed by the caller, checked, run again, checked."""
        self.set_up()
        self.found.setdefault(what, [])
        yield
        self.check(what)
        self.rerun(what)

    def violations(self) -> list[tuple[str, str, str]]:
        """What was disturbed, invariant and sentence, of everything found."""
        return [(what, *one) for what, found in self.found.items() for one in found]

    def table(self) -> str:
        """Disturbances, how many of each kind, and violations by invariant."""
        kinds = Counter(what.partition(":")[0] for what in self.found)
        lines = [f"{'disturbance':28}{'times':>6}  violations"]
        for kind, times in kinds.items():
            found = Counter(
                one for what, all_ in self.found.items() if what.partition(":")[0] == kind for one, _ in all_
            )
            lines.append(f"{kind:28}{times:6}  {dict(sorted(found.items())) if found else 'none'}")
        return "\n".join(lines)


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{source}/.", target], check=True)


def holder(place: Place) -> dict[str, str]:
    """What the lock file says."""
    found: dict[str, str] = json.loads(Path(f"{place.warehouse}.lock").read_text())
    return found
