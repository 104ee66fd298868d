"""Reference data: what people have decided, read from 16 CSV files and checked before anything else is read.

Belongs here: the shape of each file, its checks, and handing the files to dbt as seeds. Does not belong
here: what a rule or a limit means for a figure (``dbt_project/``), and anything about deliveries.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.reference_files import FILES, RULES, TYPES, columns_of
from orchestration.settings import DBT_PROJECT, SEEDS, Settings, UsageError

Row = Mapping[str, str]

UNUSED_SECONDS = 24 * 3600
"""A merged seed folder that no run has used for this long is removed."""


@dataclass(frozen=True)
class Reference:
    """All reference data of one run: checked rows as text, ready for landing and for dbt."""

    folder_files: Mapping[str, Path]
    tables: Mapping[str, tuple[Row, ...]]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the contents, free of byte order marks and line ends."""
        digest = hashlib.sha256()
        for name in sorted(self.tables):
            digest.update(f"{name}\n{self.as_csv(name)}\n".encode())
        return digest.hexdigest()

    @property
    def organisations(self) -> tuple[Row, ...]:
        """Rows of organisations.csv."""
        return self.tables["organisations"]

    @cached_property
    def trusts(self) -> frozenset[str]:
        """Organisation numbers of trusts and private hospitals."""
        return frozenset(row["org_id"] for row in self.organisations if row["org_level"] == "trust")

    @cached_property
    def regions(self) -> frozenset[str]:
        """Organisation numbers of regional health authorities."""
        return frozenset(row["org_id"] for row in self.organisations if row["org_level"] == "region")

    @cached_property
    def codes(self) -> Mapping[str, frozenset[str]]:
        """Code lists that contracts refer to: ``cancer_form`` and ``apprentice_trade``."""
        return {
            "cancer_form": frozenset(row["cancer_form"] for row in self.tables["cancer_forms"]),
            "apprentice_trade": frozenset(row["trade"] for row in self.tables["apprentice_trades"]),
        }

    @cached_property
    def hospitals(self) -> frozenset[str]:
        """Known treatment places."""
        return frozenset(row["hospital_id"] for row in self.tables["hospitals"])

    @cached_property
    def region_codes(self) -> Mapping[str, str]:
        """JSON-stat region code -> organisation number, for organisations that exist."""
        known = self.trusts | self.regions
        return {row["code"]: row["org_id"] for row in self.tables["region_codes"] if row["org_id"] in known}

    def as_csv(self, name: str) -> str:
        """The table as plain CSV: the known columns in their written order, line feeds, no BOM."""
        text = io.StringIO()
        writer = csv.DictWriter(text, [column.name for column in columns_of(name)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.tables[name])
        return text.getvalue()


def load_reference(settings: Settings) -> Reference:
    """Read and check all 16 files; one that ``settings.reference`` lacks is taken from ``seeds/``.

    Rows about an organisation that is not in organisations.csv are kept here and ignored where they are used.

    Raises:
        UsageError: a folder that is not there, a missing column, a value that does not fit, a double key, an
            unknown rule, parent, indicator, cancer form or dataset; the sentence names file, line and column.
    """
    if not settings.reference.is_dir():
        raise UsageError(f"{settings.reference}: no such folder with reference data; correct --reference.")
    files = {
        name: next(
            (path for folder in (settings.reference, SEEDS) if (path := folder / f"{name}.csv").exists()),
            SEEDS / f"{name}.csv",
        )
        for name in FILES
    }
    lines = {name: list(_read(name, path)) for name, path in files.items()}
    reference = Reference(files, {name: tuple(row for _, row in rows) for name, rows in lines.items()})
    _check_links(files, lines)
    datasets = {path.name.partition(".")[0] for path in settings.contracts.glob("*.odcs.yaml")}
    for line, row in lines["organisations"]:
        for name in filter(None, row["exempt_datasets"].split("|")):
            if name not in datasets:
                what = f"{_shown(name)} is no dataset; correct it (several are separated by |)."
                raise _fault(files["organisations"], line, "exempt_datasets", what)
    return reference


def materialise(reference: Reference) -> str:
    """Hand the reference data to dbt: the value for ``VEDLEGG2_SEED_PATH``, relative to the dbt project.

    ``seeds/`` is used as it stands. Files from elsewhere are written, together with those that were lacking,
    to a folder named by content inside the dbt project (an absolute seed path makes dbt write over its
    seeds); the folder appears whole, so runs at the same time may share it.
    """
    if all(path.parent == SEEDS for path in reference.folder_files.values()):
        return "../seeds"
    home = DBT_PROJECT / ".reference"
    folder = home / reference.fingerprint[:16]
    home.mkdir(exist_ok=True)
    for old in home.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another run removes it too
            if old != folder and time.time() - old.stat().st_mtime > UNUSED_SECONDS:
                shutil.rmtree(old)
    if not folder.is_dir():
        draft = Path(tempfile.mkdtemp(dir=home))
        for name in reference.tables:
            (draft / f"{name}.csv").write_text(reference.as_csv(name), encoding="utf-8")
        try:
            draft.rename(folder)
        except OSError:  # another run was first; what it wrote is the same
            shutil.rmtree(draft)
    os.utime(folder)
    return f"{home.name}/{folder.name}"


def _fault(path: Path, line: int, column: str | None, what: str) -> UsageError:
    """One sentence: where, what, and what to do."""
    where = f"line {line}, column {column}" if column else f"line {line}"
    return UsageError(f"{path}, {where}: {what}")


def _shown(text: str) -> str:
    """A value as it may stand in a message: short and without control characters."""
    return "«" + "".join(c if c.isprintable() else "?" for c in text[:40]) + "»"


def _read(name: str, path: Path) -> Iterator[tuple[int, Row]]:
    """Physical line and checked row, for each row of one file."""
    columns = columns_of(name)
    seen: dict[tuple[str, ...], int] = {}
    for line, row in _records(path, [column.name for column in columns]):
        for column in columns:
            text = row[column.name]
            fits, expected = TYPES[column.type]
            if not text and column.required:
                raise _fault(path, line, column.name, f"the value is missing; write {expected}.")
            if text and not (fits(text) and text == text.strip()):
                raise _fault(path, line, column.name, f"{_shown(text)} is not {expected}; correct it.")
        _check_row(name, path, line, row)
        keys = [column.name for column in columns if column.key]
        if keys:
            key = tuple(row[column] for column in keys)
            if key in seen:
                names = ", ".join(keys)
                raise _fault(path, line, names, f"the same key as line {seen[key]}; remove one of the two.")
            seen[key] = line
        yield line, row


def _records(path: Path, names: list[str]) -> Iterator[tuple[int, Row]]:
    """Line and the named fields of each record; checks encoding, header and number of fields."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); correct its place or rights.") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _fault(path, line, None, "not UTF-8; save the file as CSV with encoding UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    header: list[str] | None = None
    try:
        for fields in reader:
            line, start = start, reader.line_num + 1
            if not fields:
                continue
            if header is None:
                header = fields
                _check_header(path, line, header, names)
            elif len(fields) != len(header):
                what = f"{len(fields)} fields where the header has {len(header)}"
                raise _fault(path, line, None, f"{what}; quote values that hold a comma.")
            else:
                row = dict(zip(header, fields, strict=True))
                yield line, {name: row[name] for name in names}
    except csv.Error as error:
        raise _fault(path, start, None, f"not readable as CSV ({error}); correct its quotes.") from None
    if header is None:
        raise _fault(path, 1, names[0], "the file is empty; write the header.")


def _check_header(path: Path, line: int, header: list[str], names: list[str]) -> None:
    """Every known column once; others are left alone."""
    for name in names:
        if name not in header:
            raise _fault(
                path,
                line,
                name,
                "the column is missing; add it (columns are separated by comma, as in seeds/).",
            )
    for name in header:
        if header.count(name) > 1:
            raise _fault(path, line, _shown(name), "the column stands there twice; remove one.")


def _check_row(name: str, path: Path, line: int, row: Row) -> None:
    """Rules that look at two columns of one row."""
    if name == "targets":
        for column in RULES[row["rule"]]:
            if not row[column]:
                raise _fault(path, line, column, f"the rule {row['rule']} needs a value here; write it.")
    if row.get("valid_from") and row.get("valid_to") and row["valid_to"] < row["valid_from"]:
        raise _fault(path, line, "valid_to", "earlier than valid_from; correct one of the two.")


def _check_links(files: Mapping[str, Path], lines: Mapping[str, list[tuple[int, Row]]]) -> None:
    """Values that must stand in another reference file."""
    regions = {row["org_id"] for _, row in lines["organisations"] if row["org_level"] == "region"}
    for line, row in lines["organisations"]:
        parent = row["parent_id"]
        if row["org_level"] == "trust" and parent not in regions:
            what = f"{_shown(parent)} is no region of this file" if parent else "a trust needs a region"
            raise _fault(
                files["organisations"], line, "parent_id", f"{what}; write the region's number or add it."
            )
        if parent and parent not in {row["org_id"] for _, row in lines["organisations"]}:
            what = f"{_shown(parent)} is not in this file; correct it or add the organisation."
            raise _fault(files["organisations"], line, "parent_id", what)
    for column, home, used_in in (
        ("indicator_id", "indicators", ("series", "targets", "reported_baselines", "comments", "spc_phases")),
        ("goal", "goals", ("indicators",)),
        ("cancer_form", "cancer_forms", ("cancer_pathway_limits",)),
    ):
        known = {row[column] for _, row in lines[home]}
        for name in used_in:
            for line, row in lines[name]:
                if row[column] not in known:
                    what = f"{_shown(row[column])} is not in {home}.csv; correct it or add it there."
                    raise _fault(files[name], line, column, what)
