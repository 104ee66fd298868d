"""The kept releases: which there are, which one is current, and how that is switched, undone and cleaned.

Belongs here: everything that touches ``<published>/releases`` and the link ``<published>/current``. Does
not belong here: what stands in a release, beyond its manifest.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration import fault_points
from orchestration.release import manifest
from orchestration.release.manifest import IntegrityError
from orchestration.settings import UsageError
from orchestration.warehouse import ResourceExhausted

RELEASES = "releases"
CURRENT = "current"
STAMP = "%Y%m%dT%H%M%SZ"
ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class ReleaseInfo:
    """One kept release, as its manifest describes it; ``created_at`` in UTC.

    ``previous`` is the release that was current when this one was made, and ``figures_changed`` the number of
    figures that differ from it (None for a first release).
    """

    release_id: str
    path: Path
    created_at: dt.datetime
    as_of: dt.date | None
    current: bool
    previous: str | None
    figures_changed: int | None
    content_hash: str
    inputs: str
    synthetic: bool


@contextlib.contextmanager
def held(published: Path) -> Iterator[None]:
    """Hold the folder of releases, waiting for whoever changes it now; makes it when it is not there.

    Raises:
        ResourceExhausted: the folder cannot be written.
    """
    folder = published / RELEASES
    with contextlib.suppress(OSError):
        for path in reversed((folder, *folder.parents)):
            if not path.exists():
                path.mkdir()
                path.chmod(0o755)  # a run makes private files; this is what others read
    if not (os.access(published, os.W_OK) and os.access(folder, os.W_OK)):
        raise ResourceExhausted(
            f"{published} cannot be written; let this user write there, or make room, then run again."
        )
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def current_id(published: Path) -> str | None:
    """Which release the link names; None when there is no link, or the release it names was removed whole.

    Raises:
        IntegrityError: ``current`` is something else than a link to a release.
    """
    link = published / CURRENT
    if not os.path.lexists(link):
        return None
    target = link.readlink() if link.is_symlink() else Path()
    if target.parent != Path(RELEASES) or not ID.fullmatch(target.name):
        raise IntegrityError(
            f"{link} is no link to a release; remove it and switch with «vedlegg2 rollback ID»."
        )
    return target.name if (published / target).is_dir() else None


def release_ids(published: Path) -> list[str]:
    """All complete releases, oldest first."""
    folder = published / RELEASES
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if ID.fullmatch(path.name))


def releases(published: Path) -> tuple[list[ReleaseInfo], list[IntegrityError]]:
    """All kept releases, newest first, and what is wrong with those whose manifest was changed."""
    kept, changed = [], []
    for release_id in reversed(release_ids(published)):
        try:
            kept.append(_info(published, release_id))
        except IntegrityError as error:
            changed.append(error)
    return kept, changed


def current(published: Path) -> ReleaseInfo | None:
    """The current release, with a readable manifest but its files not compared; None when there is none."""
    release_id = current_id(published)
    return None if release_id is None else _info(published, release_id)


def verify(published: Path, release_id: str | None = None) -> ReleaseInfo:
    """Recompute every hash of a release, by default of the current one.

    Raises:
        IntegrityError: a file is missing, was changed or does not belong there; the sentence names it.
        UsageError: no such release, or none at all.
    """
    release_id = release_id or current_id(published)
    if release_id is None:
        raise UsageError(f"{published} holds no current release; make one with «vedlegg2 run».")
    _require(published, release_id)
    info = _info(published, release_id)
    manifest.check(info.path)
    return info


def rollback(published: Path, release_id: str) -> ReleaseInfo:
    """Make a kept release current again, after verifying it; every other release is kept.

    Raises:
        IntegrityError: the release was changed; ``current`` stays as it was.
        UsageError: no such release.
    """
    _require(published, release_id)
    with held(published):
        verify(published, release_id)
        switch(published, release_id)
    return _info(published, release_id)


def switch(published: Path, release_id: str) -> None:
    """Let ``current`` name the release: one atomic step, a reader sees the old or the new one."""
    draft = published / f".{CURRENT}.new"
    draft.unlink(missing_ok=True)
    draft.symlink_to(Path(RELEASES) / release_id)
    fault_points.reach("release.linked")
    draft.replace(published / CURRENT)
    fault_points.reach("release.switched")
    sync(published)


def prune(published: Path, keep: int) -> list[str]:
    """Remove all but the ``keep`` newest releases, never the current one or the one before it.

    Returns:
        The ids removed. A reader that has a removed release open goes on reading it.
    """
    with held(published):
        removed = _too_old(published, keep)
        for release_id in removed:
            doomed = published / RELEASES / f".{release_id}.removed"
            (published / RELEASES / release_id).rename(doomed)
            fault_points.reach("release.removing")
            remove_tree(doomed)
    return removed


def _too_old(published: Path, keep: int) -> list[str]:
    """What pruning removes."""
    ids = release_ids(published)
    now = current(published)
    protected = {*ids[-keep:], *((now.release_id, now.previous) if now else ())}
    return [release_id for release_id in ids if release_id not in protected]


def leftovers(published: Path) -> list[Path]:
    """What a killed run left half made or half removed."""
    folders = [
        path for kind in ("candidate", "removed") for path in (published / RELEASES).glob(f".*.{kind}")
    ]
    draft = published / f".{CURRENT}.new"
    return [*folders, draft] if draft.is_symlink() else folders


def remove_leftovers(published: Path) -> None:
    """Remove what a killed run left; the folder must be held."""
    for path in leftovers(published):
        path.unlink() if path.is_symlink() else remove_tree(path)


def tidy(published: Path, keep: int) -> None:
    """Remove what a killed run left, and what it did not come to prune, where no release is made."""
    if leftovers(published):
        with held(published):
            remove_leftovers(published)
    if _too_old(published, keep):
        prune(published, keep)


def made_before(published: Path, content: str, inputs: str, previous: str | None) -> Path | None:
    """The newest release, when a run made it of the same and was killed before it could switch to it."""
    with contextlib.suppress(IntegrityError):
        for release_id in release_ids(published)[-1:]:
            made = _info(published, release_id)
            if (made.content_hash, made.inputs, made.previous) == (content, inputs, previous):
                return verify(published, release_id).path
    return None


def candidate(published: Path, release_id: str) -> Path:
    """Where a release lies until it is complete: a name that no reader takes for a release."""
    return published / RELEASES / f".{release_id}.candidate"


def complete(published: Path, release_id: str) -> Path:
    """Make a finished candidate read-only (files 0444, folders 0555), bring it to disk and name it."""
    folder, path = candidate(published, release_id), published / RELEASES / release_id
    for part in [*folder.rglob("*"), folder]:
        part.chmod(0o555 if part.is_dir() else 0o444)
        sync(part)
        fault_points.reach("release.syncing")
    fault_points.reach("release.synced")
    folder.rename(path)
    fault_points.reach("release.named")
    sync(path.parent)
    return path


def new_id(published: Path, created_at: dt.datetime, content_hash: str) -> str:
    """An id that sorts after every kept release, also within one second or after a clock was set back."""
    ids = release_ids(published)
    newest = dt.datetime.strptime(ids[-1].partition("-")[0], STAMP).replace(tzinfo=dt.UTC) if ids else None
    at = created_at if newest is None else max(created_at, newest + dt.timedelta(seconds=1))
    return f"{at:{STAMP}}-{content_hash[:8]}"


def sync(path: Path) -> None:
    """Bring a file or a folder's entries to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_tree(folder: Path) -> None:
    """Remove a folder that may be read-only."""
    for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        path.chmod(0o700)
    shutil.rmtree(folder)


def _require(published: Path, release_id: str) -> None:
    """Refuse an id that no kept release has."""
    if release_id not in release_ids(published):
        raise UsageError(
            f"{published} holds no release «{release_id}»; «vedlegg2 releases» lists those it holds."
        )


def _info(published: Path, release_id: str) -> ReleaseInfo:
    """A kept release from its manifest."""
    path = published / RELEASES / release_id
    content = manifest.read(path)
    if content["release_id"] != release_id:
        raise IntegrityError(f"{path} holds the manifest of another release; {manifest.ADVICE}")
    return ReleaseInfo(
        release_id=release_id,
        path=path,
        created_at=dt.datetime.fromisoformat(content["created_at"]),
        as_of=dt.date.fromisoformat(content["as_of"]) if content["as_of"] else None,
        current=current_id(published) == release_id,
        previous=content["previous"],
        figures_changed=content["figures_changed"],
        content_hash=content["content_hash"],
        inputs=content["inputs"],
        synthetic=content["synthetic"],
    )
