"""The disturbances: kills at every fault point and at random times, signals, full disks, company.

Belongs here: how a run is disturbed, and what it must say of it. Does not belong here: what must hold of the data
afterwards (``invariants.py``).
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb

from orchestration.fault_points import POINTS
from tests.crash import invariants
from tests.crash.invariants import Violation
from tests.crash.scene import Scene, holder

GONE_IN_SECONDS = 10
"""How long a run may take to end when it is told to."""
TOLD_IN_SECONDS = 2
"""How soon a second run is told who holds the warehouse."""


def fault_points(scene: Scene, points: Sequence[str] = POINTS) -> None:
    """kill -9 at each named step."""
    for point in points:
        with scene.disturbed(f"kill at a step: {point}"):
            code = scene.start(fault=point).wait()
            if code != -signal.SIGKILL:
                scene.note(f"kill at a step: {point}", [("I8", f"the step was not reached (exit {code})")])


def chain(scene: Scene, points: Sequence[str]) -> None:
    """kill -9 at one step after the other, each in the run after the last, and then one plain run."""
    what = f"kill in a row: {' '.join(points)}"
    scene.set_up()
    for point in points:
        code = scene.start(fault=point).wait()
        if code != -signal.SIGKILL:
            scene.note(what, [("I8", f"{point} was not reached (exit {code})")])
        scene.check(what)
    scene.rerun(what)


def random_kills(scene: Scene, times: int, until: float, seed: int = 1) -> int:
    """kill -9 at random times of a run; how many there was time for."""
    draw = random.Random(seed)
    for number in range(times):
        after = draw.uniform(0, scene.seconds)
        if time.monotonic() > until:
            return number
        with scene.disturbed(f"kill at a random time: {number}, after {after:.2f} s"):
            scene.start().kill_after(after)
    return times


def told_to_stop(
    scene: Scene,
    points: Sequence[str] = ("load.judged", "build.intermediate", "release.csv"),
    signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGINT),
) -> None:
    """SIGTERM and Ctrl-C while loading, building, writing the release."""
    for point in points:
        for number in signals:
            what = f"told to stop: {number.name} at {point}"
            with scene.disturbed(what):
                run = scene.start(fault=f"{point}:STOP")
                run.stopped()
                started = time.monotonic()
                run.send(number)
                run.send(signal.SIGCONT)
                code, took = run.wait(), time.monotonic() - started
                if code != 128 + number:
                    scene.note(what, [("I8", f"exit {code}: {run.told[-200:]}")])
                if took > GONE_IN_SECONDS:
                    scene.note(what, [("I8", f"it took {took:.1f} s to end")])


def full_disk(scene: Scene) -> str | None:
    """No room while landing copies, dbt builds and the release is written; why not, when that cannot be tried."""
    if os.geteuid() != 0:
        return "full disk: not tried, mounting a small file system needs root"
    for where, points in (
        (scene.place.warehouse.parent, ("load.copying", "load.judged", "build.reference", "build.cells")),
        (scene.place.published, ("release.hashed", "release.database", "release.report")),
    ):
        for point in points:
            with _small_disk(scene, where) as fill:
                _disk_is_full(scene, point, fill)
    return None


def _disk_is_full(scene: Scene, point: str, fill: Callable[[], Path]) -> None:
    what = f"full disk: at {point}"
    scene.set_up()
    run = scene.start(fault=f"{point}:STOP")
    run.stopped()
    ballast = fill()
    run.send(signal.SIGCONT)
    code, told = run.wait(), run.told
    if code != 6:
        scene.note(what, [("I8", f"exit {code}: {told[-300:]}")])
    if len(told.splitlines()) != 1 or str(ballast.parent) not in told:
        scene.note(what, [("I8", f"not one sentence that names the folder: {told[-500:]}")])
    ballast.unlink()
    scene.check(what)
    if invariants.content_of(scene.place) != scene.expected.old_content:
        scene.note(what, [("I2", "something was published")])
    scene.rerun(what)


@contextlib.contextmanager
def _small_disk(scene: Scene, folder: Path) -> Iterator[Callable[[], Path]]:
    """A file system of its own for a folder; gives a function that fills it to the last byte."""
    scene.set_up()
    scene.remove(folder)
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m,mode=0700", "tmpfs", folder], check=True)

    def fill() -> Path:
        ballast = folder / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(65536)):
                pass
        return ballast

    try:
        yield fill
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def two_runs(scene: Scene) -> None:
    """A second run, by command line and by Dagster, beside one that holds the warehouse."""
    what = "two runs: command line beside command line"
    with scene.disturbed(what):
        first = scene.start(fault="build.intermediate:STOP")
        first.stopped()
        before = _written(scene)
        second = scene.start()
        seconds = time.monotonic()
        code = second.wait()
        seconds = time.monotonic() - seconds
        if code != 5 or holder(scene.place)["run_id"] not in second.told or "started 20" not in second.told:
            scene.note(what, [("I8", f"exit {code}: {second.told}")])
        if seconds > TOLD_IN_SECONDS:
            scene.note(what, [("I8", f"it took {seconds:.1f} s to be told")])
        if _written(scene) != before:
            scene.note(what, [("I2", "the second run has written something")])
        what = "two runs: Dagster beside command line"
        scene.note(what, _refused(dagster_job(scene), holder(scene.place)["run_id"]))
        first.send(signal.SIGCONT)
        scene.note(what, [] if (code := first.wait()) == 0 else [("I8", f"the first run: exit {code}")])
    what = "two runs: command line beside Dagster"
    with scene.disturbed(what):
        job = dagster_job(scene, fault="build.intermediate:STOP")
        _until_stopped(job)
        second = scene.start()
        code = second.wait()
        if code != 5 or holder(scene.place)["run_id"] not in second.told:
            scene.note(what, [("I8", f"exit {code}: {second.told}")])
        job.send_signal(signal.SIGCONT)
        told, _ = job.communicate(timeout=900)
        scene.note(what, [] if job.returncode == 0 else [("I8", f"the job failed: {told[-300:]}")])


JOB = """
from orchestration.definitions import defs
import dagster as dg
with dg.DagsterInstance.get() as instance:
    done = defs().resolve_job_def("publish").execute_in_process(instance=instance)
"""


def dagster_job(scene: Scene, fault: str = "") -> subprocess.Popen[str]:
    """The job ``publish`` as Dagster runs it: the pipeline as a resource of its own."""
    home = scene.place.warehouse.parent / "dagster"
    environment = {**scene.place.environment(), "DAGSTER_HOME": str(home), "VEDLEGG2_FAULT": fault}
    return subprocess.Popen(
        [sys.executable, "-c", JOB],
        env={**environment, "VEDLEGG2_KEEP_RELEASES": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _refused(job: subprocess.Popen[str], run_id: str) -> list[Violation]:
    told, _ = job.communicate(timeout=900)
    refused = re.search(rf"Run {run_id}, started 20[-0-9T:+]+, holds the warehouse", told)
    return [] if job.returncode != 0 and refused else [("I8", f"the job was not refused: {told[-300:]}")]


def _until_stopped(job: subprocess.Popen[str]) -> None:
    while job.poll() is None and Path(f"/proc/{job.pid}/stat").read_text().rpartition(")")[2][1] != "T":
        time.sleep(0.05)


def _written(scene: Scene) -> dict[str, int]:
    """Times of everything in the workspace and beside the releases, without what dbt and Dagster go on writing."""
    return {
        str(path): path.lstat().st_mtime_ns
        for folder in (scene.place.warehouse.parent, scene.place.published)
        for path in folder.rglob("*")
        if not {"dagster", "dbt"} & set(path.relative_to(scene.folder).parts)
        and path.name.partition(".")[0] != "vedlegg2"
    }


def reader(scene: Scene) -> None:
    """Somebody reads the old release all the while; others open ``current`` again and again."""
    what = "readers: during a release"
    scene.set_up()
    current = scene.place.published / "current"
    held = duckdb.connect(current / "indicators.duckdb", read_only=True)
    first = held.execute("from marts.indicator_value order by all").fetchall()
    seen: set[str | None] = set()
    failed: list[str] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            try:
                folder = current.resolve(strict=True)
                with duckdb.connect(folder / "indicators.duckdb", read_only=True) as con:
                    con.execute("from marts.indicator_value").fetchall()
                seen.add(folder.name)
            except (OSError, duckdb.Error) as error:
                failed.append(f"a reader met {type(error).__name__}")
            time.sleep(0.05)

    looking = threading.Thread(target=look)
    looking.start()
    code = scene.start().wait()
    over.set()
    looking.join()
    again = held.execute("from marts.indicator_value order by all").fetchall()
    rest = held.execute("select count(*) from marts.delivery, marts.value_source").fetchall()
    held.close()
    scene.note(what, [] if code == 0 else [("I8", f"exit {code}")])
    scene.note(what, [("reader", one) for one in failed])
    if again != first or not rest:
        scene.note(what, [("reader", "the reader of the old release saw something else than before")])
    if not seen <= {scene.expected.old_release.rpartition("/")[2], scene.place.current().rpartition("/")[2]}:
        scene.note(what, [("reader", "readers saw a third release")])
    scene.check(what)
    scene.rerun(what)
