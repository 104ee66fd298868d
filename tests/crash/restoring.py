"""What docs/operations.md says to do when something is lost, or a person is to be erased, done to the letter.

Belongs here: the losses and the way back. Does not belong here: runs that are disturbed (``trials.py``).
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator

import duckdb

from tests.crash import invariants
from tests.crash.scene import Scene
from tests.crash.world import CANARY, OLAV

PERSON = f"{CANARY}-{OLAV}-199"
"""No other pseudonym begins like this one."""
PLACES = """
    select sha256, delivery_id || '/' || file_name as place from marts.delivery where status = 'accepted'
"""


def restored(scene: Scene) -> None:
    """Every loss of the table, and the erasure."""
    with _up_to_date(scene, "lost: the published folder"):
        scene.remove(scene.place.published)
    with _up_to_date(scene, "lost: the workspace"):
        scene.remove(scene.place.warehouse.parent)
    with _up_to_date(scene, "lost: the warehouse file, and accepted files from the landing folder"):
        gone = sorted(scene.place.landing.rglob("*.csv"))[::2]
        for path in gone:
            path.unlink()
        scene.place.warehouse.unlink()
        _put_back(scene)
        if missing := [path.name for path in gone if not path.exists()]:
            scene.note("lost: the warehouse file", [("I4", f"not put back: {missing}")])
    _erased(scene)


@contextlib.contextmanager
def _up_to_date(scene: Scene, what: str) -> Iterator[None]:
    """Everything loaded; then what the caller does; then a run that must come to the same."""
    landing = scene.folder / "copy" / "landing"
    subprocess.run(["cp", "-a", "-T", scene.place.landing, landing], check=True)
    scene.set_up()
    scene.undisturbed()
    scene.note(what, [])
    yield
    scene.undisturbed()
    if invariants.content_of(scene.place) != scene.expected.new_content:
        scene.note(what, [("I4", "other figures than before")])
    if invariants.loaded(scene.place) != scene.expected.loaded:
        scene.note(what, [("I5", "other rows than before")])
    shutil.rmtree(scene.place.landing)
    subprocess.run(["cp", "-a", "-T", landing, scene.place.landing], check=True)


def _put_back(scene: Scene) -> None:
    """Kept files to the places that the current release says."""
    with duckdb.connect(scene.place.published / "current" / "indicators.duckdb", read_only=True) as con:
        places = con.execute(PLACES).fetchall()
    for sha256, place in places:
        target = scene.place.landing / place
        if not target.exists():
            shutil.copy(scene.place.warehouse.parent / "kept" / sha256, target)


def _erased(scene: Scene) -> None:
    """A person's rows are taken out by the sender; afterwards no byte of them is left."""
    what = "erased: a person"
    scene.set_up()
    scene.undisturbed()
    workspace = scene.place.warehouse.parent
    if not _bytes_of_the_person(scene):
        scene.note(what, [("I6", "the person was not there before, so this proves nothing")])
    for path in scene.place.landing.rglob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if PERSON not in line), encoding="utf-8")
    scene.place.warehouse.unlink()
    shutil.rmtree(workspace / "kept")
    scene.undisturbed()
    scene.note(what, [("I6", f"still in {one}") for one in _bytes_of_the_person(scene)])


def _bytes_of_the_person(scene: Scene) -> list[str]:
    return [
        path.name
        for folder in (scene.place.warehouse.parent, scene.place.published)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and PERSON.encode() in path.read_bytes()
    ]
