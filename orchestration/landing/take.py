"""Taking a file in: one pass over its bytes gives hash, private copy and, for text, what it is made of.

Belongs here: SHA-256, size limits, compression, magic numbers. Does not belong here: what a text is made of
(``text.py``), columns, rows and rules. What leaves here is a copy under a name of ours.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from orchestration import fault_points
from orchestration.landing.model import Fault, LandingFile, Refused
from orchestration.landing.text import CHUNK, Look, Text
from orchestration.settings import Settings

GIVE_UP_AFTER = 1 << 30
"""Bytes of a refused file that are still read for its hash; of a longer one only what was read counts."""
CLOCK_TICK = 0.02
"""Seconds within which two changes of a file may bear the same time."""

_GZIP, _ZIP, _PARQUET, _OLE = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
_MAGIC = {"csv.gz": _GZIP, "xlsx": _ZIP, "parquet": _PARQUET}
_TEXT = ("csv", "csv.gz", "json")


@dataclass(frozen=True)
class Taken:
    """A file that was read: ``signature`` tells a later run whether it is still the same on disk."""

    file: LandingFile
    sha256: str
    size: int
    signature: str
    copy: Path | None
    text: Text | None
    fault: Fault | None


def signature(path: Path) -> str | None:
    """Device, number, size and times of a file: equal means unchanged; None when it is not there."""
    try:
        return _signature(path.lstat())
    except OSError:
        return None


def _signature(found: os.stat_result) -> str:
    return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


def take(file: LandingFile, folder: Path, settings: Settings) -> Taken:
    """Read a file once: hash it, copy it into ``folder``, look at what it is.

    A fault (``unreadable``, ``encoding``, ``nul``, ``too_large``) is part of the answer. A file that changes
    meanwhile is ``unreadable``; it is looked at again when it has another size or time.

    Raises:
        FileNotFoundError: the file is gone.
    """
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError:
        return Taken(file, hashlib.sha256().hexdigest(), 0, "", None, None, Fault("unreadable"))
    with os.fdopen(descriptor, "rb", buffering=0) as source:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            return Taken(file, hashlib.sha256().hexdigest(), 0, "", None, None, Fault("unreadable"))
        text, fault = None, None
        with (folder / "copy").open("xb") as target:
            reader = _Copying(source, target)
            try:
                text = _read(reader, file.format, before.st_size, folder, settings)
            except Refused as refusal:
                fault = refusal.fault
                reader.drain(GIVE_UP_AFTER)
        fault_points.reach("load.copied")
        after = os.fstat(descriptor)
        if time.time() - after.st_ctime < CLOCK_TICK:
            time.sleep(CLOCK_TICK)
            after = os.fstat(descriptor)
    if _signature(before) != _signature(after):
        fault = Fault("unreadable")
    return Taken(
        file,
        reader.hash.hexdigest(),
        after.st_size,
        _signature(before),
        folder / "copy",
        text,
        fault,
    )


class _Copying(io.RawIOBase):
    """A file that is hashed and copied as it is read."""

    def __init__(self, source: io.RawIOBase | BinaryIO, target: BinaryIO) -> None:
        self.source = source
        self.target = target
        self.hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = self.source.readinto(buffer)  # type: ignore[union-attr]
        if count:
            self.hash.update(memoryview(buffer)[:count])
            self.target.write(memoryview(buffer)[:count])
            fault_points.reach("load.copying")
        return int(count or 0)

    def drain(self, at_most: int) -> None:
        """Hash what has not been read yet; it is not copied."""
        while at_most > 0 and (chunk := self.source.read(CHUNK)):
            self.hash.update(chunk)
            at_most -= len(chunk)


def _read(reader: _Copying, kind: str, size: int, folder: Path, settings: Settings) -> Text | None:
    """Read everything that ``reader`` has, by kind of file; None for what is no text."""
    if size > settings.max_expanded_bytes:
        raise Refused("too_large")
    source: io.BufferedReader[_Copying] = io.BufferedReader(reader, CHUNK)
    magic = source.peek(4)[:4]
    wanted = _MAGIC.get(kind)
    if wanted is None and magic.startswith((_GZIP, _ZIP, _PARQUET, _OLE)):
        raise Refused("unreadable")
    if wanted is not None and not magic.startswith(wanted):
        raise Refused("unreadable")
    if kind not in _TEXT:
        for _ in iter(lambda: source.read(CHUNK), b""):
            pass
        return None
    look = Look(settings)
    if kind != "csv.gz":
        for chunk in iter(lambda: source.read(CHUNK), b""):
            look.at(chunk)
        reader.target.flush()
        return look.text(folder / "copy", folder)
    expanded = folder / "expanded"
    with expanded.open("xb") as target:
        for chunk in _expanded(source):
            look.at(chunk)
            if look.size > size * settings.max_expansion:
                raise Refused("too_large")
            target.write(chunk)
    return look.text(expanded, folder)


def _expanded(source: BinaryIO) -> Iterator[bytes]:
    """The contents of a gzip file; its checksums are checked.

    Raises:
        Refused: ``unreadable``, cut short, damaged, or followed by something else.
    """
    try:
        with gzip.GzipFile(fileobj=source) as archive:
            yield from iter(lambda: archive.read(CHUNK), b"")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused("unreadable") from None
