"""Finding deliveries: every path in the landing folder is a delivery's file, ignored, or unrecognised.

Belongs here: the layout and names of the specification, and which things on disk may be opened at all. Does
not belong here: reading a file, and anything that was known from before. Nothing here opens a file.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration import fault_points
from orchestration.contracts.model import Contract
from orchestration.landing.model import DeliveryKey, Discovery, LandingFile, UnrecognisedPath, shown
from orchestration.periods import Period, is_open
from orchestration.settings import UsageError

IGNORED_BEGINNINGS = (".", "~$", "_")
IGNORED_ENDINGS = (".tmp", ".part")
EXTENSIONS = ("csv", "csv.gz", "parquet", "xlsx", "json")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def discover(landing: Path, contracts: Mapping[str, Contract], today: dt.date) -> Discovery:
    """Walk the landing folder once; ``today`` is the day in Norway (later extract dates are unrecognised).

    Links are followed only inside the landing folder; pipes, devices and sockets are never opened.

    Raises:
        UsageError: there is no landing folder, or it may not be read.
    """
    if not landing.is_dir():
        raise UsageError(f"{landing}: no such landing folder; make it, or choose another with --landing.")
    if not os.access(landing, os.R_OK | os.X_OK):
        raise UsageError(f"{landing}: the landing folder may not be read; give this user access to it.")
    walk = _Walk(landing.resolve(), contracts, today)
    walk.datasets()
    fault_points.reach("run.discovered")
    return walk.found()


def discover_delivery(path: Path, contract: Contract, key: DeliveryKey) -> Discovery:
    """What ``discover`` would find if a file, or the files of a folder, were delivered as ``key``."""
    if path.is_dir():
        walk = _Walk(path.resolve(), {}, key.extract_date)
        walk.delivery(contract, key)
        return walk.found()
    kind, target = extension(path.name), path.resolve()
    if kind in contract.formats and not is_ignored(path.name) and target.is_file():
        return Discovery({key: (LandingFile(target, shown(path.name), str(kind)),)}, ())
    return Discovery({}, (UnrecognisedPath(shown(path.name), 0),))


def is_ignored(name: str) -> bool:
    """True for names that are passed over without a word: hidden, or still being written."""
    return name.startswith(IGNORED_BEGINNINGS) or name.lower().endswith(IGNORED_ENDINGS)


def extension(name: str) -> str | None:
    """The extension as contracts write it, whatever its case; None when it is no known one."""
    found = [one for one in EXTENSIONS if name.lower().endswith(f".{one}")]
    return max(found, key=len) if found else None


@dataclass(frozen=True)
class _Entry:
    """Something in the landing folder: where it stands, and what is really there.

    ``real`` is ``path`` with links resolved, None for a link that leads nowhere or out of the landing folder;
    ``mode`` is that of the real thing, 0 when there is none.
    """

    path: Path
    real: Path | None
    mode: int

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.name

    @property
    def is_folder(self) -> bool:
        """It is a folder, or a link to one inside the landing folder."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """It is an ordinary file, or a link to one inside the landing folder."""
        return stat.S_ISREG(self.mode)


class _Walk:
    """One walk: a method per level of the layout, each knowing what its parents said."""

    def __init__(self, root: Path, contracts: Mapping[str, Contract], today: dt.date) -> None:
        self.root = root
        self.top = _Entry(root, root, stat.S_IFDIR)
        self.contracts = contracts
        self.today = today
        self.deliveries: dict[DeliveryKey, list[LandingFile]] = {}
        self.unrecognised: list[UnrecognisedPath] = []

    def found(self) -> Discovery:
        """What the walk came upon, in order."""
        return Discovery(
            {key: tuple(sorted(files, key=lambda file: file.name)) for key, files in self.deliveries.items()},
            tuple(sorted(set(self.unrecognised), key=lambda one: one.path)),
        )

    def delivery(self, contract: Contract, key: DeliveryKey) -> None:
        """Walk a folder that holds the files of one delivery."""
        for entry in self._inside(self.top):
            self._file(entry, contract, key)

    def datasets(self) -> None:
        """Walk a whole landing folder."""
        for entry in self._inside(self.top):
            if entry.name in self.contracts and entry.is_folder:
                self._periods(entry, self.contracts[entry.name])
            else:
                self._report(entry)

    def _periods(self, folder: _Entry, contract: Contract) -> None:
        for entry in self._inside(folder):
            period = _period(entry.name, contract)
            if period is not None and is_open(period, self.today) and entry.is_folder:
                self._extract_dates(entry, contract, period)
            else:
                self._report(entry)

    def _extract_dates(self, folder: _Entry, contract: Contract, period: Period) -> None:
        for entry in self._inside(folder):
            date = _date(entry.name)
            if date is not None and date <= self.today and entry.is_folder:
                self._senders(entry, contract, DeliveryKey(contract.dataset, period.label, date, ""))
            else:
                self._report(entry)

    def _senders(self, folder: _Entry, contract: Contract, key: DeliveryKey) -> None:
        for entry in self._inside(folder):
            if entry.is_folder and extension(entry.name) is None:
                sender = DeliveryKey(key.dataset, key.period, key.extract_date, shown(entry.name))
                for inner in self._inside(entry):
                    self._file(inner, contract, sender)
            else:
                self._file(entry, contract, key)

    def _file(self, entry: _Entry, contract: Contract, key: DeliveryKey) -> None:
        found = extension(entry.name)
        if found in contract.formats and entry.is_file and entry.real is not None:
            file = LandingFile(entry.real, shown(entry.name), str(found))
            self.deliveries.setdefault(key, []).append(file)
        else:
            self._report(entry)

    def _inside(self, folder: _Entry) -> list[_Entry]:
        """What lies in a folder, by name, without what is ignored; one that may not be read is reported."""
        try:
            with os.scandir(folder.real) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            self._note(folder)
            return []
        return [self._entry(folder, entry) for entry in entries if not is_ignored(entry.name)]

    def _entry(self, folder: _Entry, entry: os.DirEntry[str]) -> _Entry:
        path = folder.path / entry.name
        try:
            real = Path(entry.path)
            if entry.is_symlink():
                real = real.resolve(strict=True)
                if not real.is_relative_to(self.root):
                    return _Entry(path, None, 0)
            return _Entry(path, real, real.lstat().st_mode)
        except (OSError, RuntimeError):  # gone, or a link that leads to itself
            return _Entry(path, None, 0)

    def _report(self, entry: _Entry) -> None:
        """Note what lies here; of a folder the files in it, so that a mistyped folder shows what it holds."""
        if entry.is_folder and not entry.path.is_symlink() and extension(entry.name) is None:
            inner = self._inside(entry)
            for one in inner:
                self._report(one)
            if inner:
                return
        self._note(entry)

    def _note(self, entry: _Entry) -> None:
        size = entry.real.lstat().st_size if entry.is_file and entry.real is not None else 0
        label = "/".join(shown(part) for part in entry.path.relative_to(self.root).parts)
        self.unrecognised.append(UnrecognisedPath(label, size))


def _period(label: str, contract: Contract) -> Period | None:
    try:
        period = Period.parse(label, contract.cadence)
    except ValueError:
        return None
    return period if period.label == label else None


def _date(label: str) -> dt.date | None:
    if not _ISO_DATE.fullmatch(label):
        return None
    try:
        return dt.date.fromisoformat(label)
    except ValueError:
        return None
