"""Finding deliveries: every path in the landing folder is a delivery's file, ignored, or unrecognised.

Belongs here: the layout and names of the specification, and which things on disk may be opened at all. Does
not belong here: reading a file, and anything that was known from before. Nothing here opens a file.
"""

from __future__ import annotations

import datetime as dt
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from orchestration.contracts.model import Contract
from orchestration.landing.model import DeliveryKey, Discovery, LandingFile, UnrecognisedPath, shown
from orchestration.periods import Period, is_open
from orchestration.settings import UsageError

IGNORED_BEGINNINGS = (".", "~$", "_")
IGNORED_ENDINGS = (".tmp", ".part")
"""Names that are passed over without a word: hidden, or still being written."""

EXTENSIONS = ("csv", "csv.gz", "parquet", "xlsx", "json")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def discover(landing: Path, contracts: Mapping[str, Contract], today: dt.date) -> Discovery:
    """Walk the landing folder once; ``today`` is the day in Norway (later extract dates are unrecognised).

    Links are followed only inside the landing folder; pipes, devices and sockets are never opened.

    Raises:
        UsageError: there is no landing folder.
    """
    if not landing.is_dir():
        raise UsageError(f"{landing}: no such landing folder; make it, or choose another with --landing.")
    walk = _Walk(landing.resolve(), contracts, today)
    walk.datasets()
    return Discovery(
        {key: tuple(sorted(files, key=lambda file: file.name)) for key, files in walk.deliveries.items()},
        tuple(sorted(set(walk.unrecognised), key=lambda one: one.path)),
    )


def discover_delivery(path: Path, contract: Contract, key: DeliveryKey) -> Discovery:
    """What ``discover`` would find if a file, or the files of a folder, were delivered as ``key``."""
    if path.is_dir():
        walk = _Walk(path.resolve(), {}, key.extract_date)
        for entry in walk._inside(walk.root):
            walk._file(entry, contract, key)
        found = sorted(walk.deliveries.get(key, ()), key=lambda file: file.name)
        return Discovery({key: tuple(found)} if found else {}, tuple(walk.unrecognised))
    kind = extension(path.name)
    target = path.resolve()
    if kind in contract.formats and not is_ignored(path.name) and _is(stat.S_ISREG, target):
        return Discovery({key: (LandingFile(target, shown(path.name), str(kind)),)}, ())
    return Discovery({}, (UnrecognisedPath(shown(path.name), 0),))


class _Walk:
    """One walk: a method per level of the layout, each knowing what its parents said."""

    def __init__(self, root: Path, contracts: Mapping[str, Contract], today: dt.date) -> None:
        self.root = root
        self.contracts = contracts
        self.today = today
        self.deliveries: dict[DeliveryKey, list[LandingFile]] = {}
        self.unrecognised: list[UnrecognisedPath] = []

    def datasets(self) -> None:
        for path in _entries(self.root):
            if path.name in self.contracts and self._is_folder(path):
                self._periods(path, self.contracts[path.name])
            else:
                self._report(path)

    def _periods(self, folder: Path, contract: Contract) -> None:
        for path in self._inside(folder):
            period = _period(path.name, contract)
            if period is not None and is_open(period, self.today) and self._is_folder(path):
                self._extract_dates(path, contract, period)
            else:
                self._report(path)

    def _extract_dates(self, folder: Path, contract: Contract, period: Period) -> None:
        for path in self._inside(folder):
            date = _date(path.name)
            if date is not None and date <= self.today and self._is_folder(path):
                self._senders(path, contract, DeliveryKey(contract.dataset, period.label, date, ""))
            else:
                self._report(path)

    def _senders(self, folder: Path, contract: Contract, key: DeliveryKey) -> None:
        for path in self._inside(folder):
            if self._is_folder(path) and extension(path.name) is None:
                sender = DeliveryKey(key.dataset, key.period, key.extract_date, shown(path.name))
                for inner in self._inside(path):
                    self._file(inner, contract, sender)
            else:
                self._file(path, contract, key)

    def _file(self, path: Path, contract: Contract, key: DeliveryKey) -> None:
        found = extension(path.name)
        target = self._target(path)
        if found in contract.formats and target is not None and _is(stat.S_ISREG, target):
            file = LandingFile(target, shown(path.name), str(found))
            self.deliveries.setdefault(key, []).append(file)
        else:
            self._report(path)

    def _inside(self, folder: Path) -> list[Path]:
        """Entries of a folder of the layout; a folder that may not be read is itself unrecognised."""
        try:
            return list(_entries(folder))
        except OSError:
            self._note(folder)
            return []

    def _is_folder(self, path: Path) -> bool:
        target = self._target(path)
        return target is not None and _is(stat.S_ISDIR, target)

    def _target(self, path: Path) -> Path | None:
        """The path with links resolved; None when it leads nowhere or out of the landing folder."""
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        return target if target.is_relative_to(self.root) else None

    def _report(self, path: Path) -> None:
        """Note what lies here; of a folder the files in it, so that a mistyped folder shows what it holds."""
        if _is(stat.S_ISDIR, path) and extension(path.name) is None:
            inner = self._inside(path)
            for one in inner:
                self._report(one)
            if inner:
                return
        self._note(path)

    def _note(self, path: Path) -> None:
        try:
            found = path.lstat()
            size = found.st_size if stat.S_ISREG(found.st_mode) else 0
        except OSError:
            size = 0
        label = "/".join(shown(part) for part in path.relative_to(self.root).parts)
        self.unrecognised.append(UnrecognisedPath(label, size))


def _entries(folder: Path) -> Iterator[Path]:
    """What lies in a folder, by name, without what is ignored."""
    for path in sorted(folder.iterdir()):
        if not is_ignored(path.name):
            yield path


def is_ignored(name: str) -> bool:
    """True for a name that is passed over without a word."""
    return name.startswith(IGNORED_BEGINNINGS) or name.lower().endswith(IGNORED_ENDINGS)


def _is(kind: object, path: Path) -> bool:
    """True when the path itself, not what it points at, is of that kind."""
    try:
        return bool(kind(path.lstat().st_mode))  # type: ignore[operator]
    except OSError:
        return False


def extension(name: str) -> str | None:
    """The extension as contracts write it, whatever its case; None when it is no known one."""
    found = [one for one in EXTENSIONS if name.lower().endswith(f".{one}")]
    return max(found, key=len) if found else None


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
