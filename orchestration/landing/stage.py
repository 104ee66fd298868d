"""Many files judged together: one statement per kind of file puts every row, parsed and judged, in one table.

Belongs here: reading prepared files with DuckDB, and the proof that each line of a plain text became one row.
Does not belong here: the rules themselves (``rules.py``), rules over several rows, verdicts.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping, Sequence
from itertools import count, groupby

import duckdb

from orchestration.contracts.model import Contract
from orchestration.landing.model import Fault
from orchestration.landing.parse import TEXT, trimmed
from orchestration.landing.prepared import Prepared
from orchestration.landing.rewrite import LINE, WHOLE
from orchestration.landing.rules import ROW_COLUMNS, Source, judged_rows, parameters, quoted
from orchestration.periods import Period
from orchestration.reference import Reference
from orchestration.warehouse import ResourceExhausted, resource_errors

PREFIX = "landing_"
"""Beginning of the names of all temporary tables of landing."""
ROWS = f"{PREFIX}row"
"""Temporary table of all rows of a load: file_no, line (NULL for plain text), values, ``ROW_COLUMNS``."""

Layout = tuple[object, ...]


class Stage:
    """The staging table of one load; ``files`` are those whose rows are in it, by number."""

    def __init__(self, con: duckdb.DuckDBPyConnection, contract: Contract, reference: Reference) -> None:
        self.con = con
        self.contract = contract
        self.reference = reference
        self.parameters = parameters(contract, reference)
        self.files: dict[int, Prepared] = {}
        self.first_row: dict[int, int] = {}
        """File number -> place of its first row in the table, for plain texts."""
        self._numbers = count(1)
        columns = {column.name: column.duckdb_type for column in contract.columns}
        listed = {"file_no": "integer", LINE: "bigint", **columns, **ROW_COLUMNS}
        body = ", ".join(f"{quoted(name)} {kind}" for name, kind in listed.items())
        con.execute(f"create or replace temp table {ROWS} ({body})")

    def close(self) -> None:
        """Drop this table and every other temporary one of landing: they hold patients' rows."""
        found = self.con.execute(
            "from (select 'view', view_name as name from duckdb_views() where temporary union all "
            "select 'table', table_name from duckdb_tables() where temporary) "
            "where starts_with(name, $prefix)",
            {"prefix": PREFIX},
        ).fetchall()
        for kind, name in found:
            self.con.execute(f"drop {kind} {quoted(name)}")

    def add(self, files: Iterable[Prepared]) -> list[Prepared]:
        """Read files into the table.

        Returns:
            The plain texts among them whose lines are not all rows (blank lines, too few or too many fields):
            they are to be rewritten and added again. A file that DuckDB cannot read gets ``unreadable``.
        """
        uneven = []
        ordered = sorted((file for file in files if file.source), key=lambda file: repr(_layout(file)))
        for _, group in groupby(ordered, key=_layout):
            uneven += self._add_alike(list(group))
        return uneven

    def _add_alike(self, files: Sequence[Prepared]) -> list[Prepared]:
        """Read files of one layout, all together, and one by one when one of them cannot be read."""
        numbers = [next(self._numbers) for _ in files]
        try:
            with resource_errors():
                self._insert(dict(zip(numbers, files, strict=True)))
        except ResourceExhausted:
            raise
        except duckdb.Error:
            if len(files) > 1:
                return [file for one in files for file in self._add_alike([one])]
            if files[0].source == "text":
                return list(files)
            files[0].faults.append(Fault("unreadable"))
            return []
        if files[0].source != "text":
            self.files.update(zip(numbers, files, strict=True))
            return []
        return self._proved(dict(zip(numbers, files, strict=True)))

    def _insert(self, files: Mapping[int, Prepared]) -> None:
        first = next(iter(files.values()))
        reader = {"text": _text, "rows": _rows, "parquet": _parquet}[first.source or ""]
        statement = judged_rows(self.contract, Source(_numbered(files, reader(first)), first.families))
        used = {name: codes for name, codes in self.parameters.items() if f"${name}" in statement}
        paths = [glob.escape(str(file.path)) for file in files.values()]
        self.con.execute(f"insert into {ROWS} {statement}", {"files": paths, **used}).fetchall()

    def _proved(self, files: Mapping[int, Prepared]) -> list[Prepared]:
        """Take plain texts for read only when their rows stand together, in order, one for each line.

        The line of a row is its place in the table: nothing may have been skipped, split or moved.
        """
        found = {
            number: (rows, first, last)
            for number, rows, first, last in self.con.execute(
                f"select file_no, count(*), min(rowid), max(rowid) from {ROWS} "
                "where file_no between ? and ? group by file_no",
                [min(files), max(files)],
            ).fetchall()
        }
        uneven, place = [], -1
        for number, file in files.items():
            rows, first, last = found.get(number, (0, 0, -1))
            if rows == file.lines == last - first + 1 and first > place:
                self.files[number] = file
                self.first_row[number] = first
                place = last
            else:
                uneven.append(file)
        return uneven


def _layout(file: Prepared) -> Layout:
    """Files with the same layout can be read by one statement."""
    text = file.taken.text if file.source == "text" else None
    look = (text.crlf, text.quoted, text.blanks, text.wide_blanks) if text else ()
    return (
        file.source,
        tuple(file.columns.items()),
        tuple(file.families.items()),
        file.types,
        file.width,
        look,
    )


def _numbered(files: Mapping[int, Prepared], reader: str) -> str:
    """SQL of ``Source``: beside its columns each row gets its file's number and the dates it is judged by.

    These are looked up in lists by the file's place in the reader's list: a join would lose the rows' order.
    """
    periods = [_period(file) for file in files.values()]
    lists = {
        "file_no": [str(number) for number in files],
        "extract_date": [f"date '{file.key.extract_date}'" for file in files.values()],
        "period_start": [f"date '{period.start}'" for period in periods],
        "period_end": [f"date '{period.end}'" for period in periods],
    }
    looked_up = ", ".join(f"[{', '.join(values)}][place] as {name}" for name, values in lists.items())
    return f"select * exclude (place), {looked_up} from ({reader})"


def _period(file: Prepared) -> Period:
    label = file.key.period
    return Period.parse(label, "tertial" if "T" in label else "month" if "-" in label else "year")


def _text(file: Prepared) -> str:
    text = file.taken.text
    if text is None:
        raise ValueError("no text")
    types = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(file.width))
    line_end = "\\r\\n" if text.crlf else "\\n"
    quote = '"' if text.quoted else ""
    columns = ""
    for name, position in file.columns.items():
        value = (
            trimmed(f"c{position}", text.wide_blanks) if text.blanks or text.wide_blanks else f"c{position}"
        )
        columns += f", {value} as {quoted(f'in_{name}')}"
    return (
        f"select file_index::bigint + 1 as place, null::bigint as {LINE}, true as {WHOLE}{columns} "
        f"from read_csv($files, columns = {{{types}}}, auto_detect = false, delim = ';', "
        f"quote = '{quote}', escape = '{quote}', comment = '', header = false, skip = 1, "
        f"new_line = '{line_end}', nullstr = '', "
        "ignore_errors = true, hive_partitioning = false)"
    )


def _rows(file: Prepared) -> str:
    columns = "".join(f", {trimmed(quoted(name))} as {quoted(f'in_{name}')}" for name in file.columns)
    return f"select file_index::bigint + 1 as place, {LINE}, {WHOLE}{columns} from {_READ_PARQUET}"


def _parquet(file: Prepared) -> str:
    columns = ""
    for name, column in file.columns.items():
        value = trimmed(f"{column}::varchar") if file.families[name] == TEXT else column
        columns += f", {value} as {quoted(f'in_{name}')}"
    return (
        f"select file_index::bigint + 1 as place, file_row_number + 2 as {LINE}, true as {WHOLE}{columns} "
        f"from {_READ_PARQUET}"
    )


_READ_PARQUET = "read_parquet($files, hive_partitioning = false, union_by_name = false)"
