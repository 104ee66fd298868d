"""Files that DuckDB cannot read row by row, written anew as Parquet: line number and text of each cell.

Belongs here: quoted and irregular csv, and the one way in which its rows, those of workbooks and of JSON-stat
are handed on. Does not belong here: what a value means (``rules.py``), reading workbooks and JSON-stat.
"""

from __future__ import annotations

import csv
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from orchestration.landing.model import Refused

Row = tuple[int, bool, tuple[str | None, ...]]
"""Line, whether the row had as many fields as the header, and the text of each column handed on."""

BATCH = 50_000
LINE, WHOLE = "line", "whole"
"""Columns of every rewritten file, before those of the contract."""


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows to a Parquet file; returns how many there were."""
    import pyarrow as pa  # takes a while, and few deliveries need it
    import pyarrow.parquet as pq

    fields = [pa.field(LINE, pa.int64()), pa.field(WHOLE, pa.bool_())]
    schema = pa.schema([*fields, *(pa.field(name, pa.string()) for name in columns)])
    count = 0
    rows = iter(rows)
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        while batch := list(itertools.islice(rows, BATCH)):
            lines, whole, values = zip(*batch, strict=True)
            arrays = [pa.array(lines, pa.int64()), pa.array(whole, pa.bool_())]
            arrays += [pa.array(column, pa.string()) for column in zip(*values, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count


def csv_records(path: Path, largest: int) -> Iterator[tuple[int, list[str]]]:
    """Records of a csv text with the physical line on which each begins; blank lines are skipped.

    Args:
        path: UTF-8 text with LF or CRLF line ends.
        largest: bytes that a field may have.

    Raises:
        Refused: ``unreadable``, with the line of the record in which a quote is opened that is never closed,
            or something else than a separator follows a closing quote.
    """
    csv.field_size_limit(largest)
    begins = 1
    with path.open(encoding="utf-8-sig") as file:
        reader = csv.reader(file, delimiter=";", skipinitialspace=True, strict=True)
        try:
            for record in reader:
                if len(record) > 1 or (record and record[0].strip()):
                    yield begins, record
                begins = reader.line_num + 1
        except csv.Error:
            raise Refused("unreadable", begins) from None


def placed(records: Iterable[tuple[int, list[str]]], positions: Sequence[int], width: int) -> Iterator[Row]:
    """The listed fields of each record, in the order of ``positions``; a missing one is None."""
    if len(positions) > 1:
        pick: Callable[[list[str]], tuple[str, ...]] = operator.itemgetter(*positions)
    else:  # of one position it would give no tuple
        pick = lambda record: tuple([record[position] for position in positions])  # noqa: E731
    for line, record in records:
        if len(record) == width:
            yield line, True, pick(record)
        else:
            reach = len(record)
            yield line, False, tuple([record[p] if p < reach else None for p in positions])
