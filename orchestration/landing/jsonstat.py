"""JSON-stat 2.0 from Statistics Norway: beds in mental health care as rows of the extract.

Belongs here: the shapes that a JSON-stat 2.0 dataset may have, and which of its cells are meant. Does not
belong here: rules over rows. The dimension and category names are those of the specification.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.landing.model import Refused
from orchestration.landing.rewrite import Row

COLUMNS = ("foretak_orgnr", "aar", "tjenesteomraade", "dognplasser")
"""Columns of psychiatric_beds, in the order in which rows are handed on."""
DIMENSIONS: Mapping[str, str] = {
    "region": "foretak_orgnr",
    "tid": "aar",
    "tjenesteomraade": "tjenesteomraade",
    "contentscode": "dognplasser",
}
"""Dimension, in small letters, and the column it stands for when it is missing."""
CONTENTS = "dognplasser"
MISSING = (":", ".", "..")
"""Status symbols that say: there is no figure."""
MOST_BYTES = 1 << 28
MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class _Cube:
    """Dimension (in small letters) -> its categories in order; ``order`` is that of the cells."""

    order: Sequence[str]
    categories: Mapping[str, Sequence[str]]
    values: Mapping[int, Any]
    missing: frozenset[int]


def rows(
    path: Path, year: str, organisations: frozenset[str], region_codes: Mapping[str, str], left_out: list[str]
) -> Iterator[Row]:
    """The cells of a year and of ``Dognplasser``; ``line`` is the cell's number, the first being 1.

    Args:
        path: the file, UTF-8.
        year: the delivery's year; other years are left out.
        organisations: numbers of trusts and regions.
        region_codes: other codes of a Region that stand for an organisation.
        left_out: gets an item for each Region code that is neither; its cells are left out.

    Raises:
        Refused: ``unreadable``, ``too_large``, or ``missing_column`` for a dimension that is not there.
    """
    cube = _read(path)
    sizes = [len(cube.categories[name]) for name in cube.order]
    known: dict[str, str] = {}
    for code in cube.categories["region"]:
        organisation = code if code in organisations else region_codes.get(code)
        if organisation is None:
            left_out.append(code)
        else:
            known[code] = organisation
    for cell in range(math.prod(sizes)):
        rest, place = cell, {}
        for name, size in zip(reversed(cube.order), reversed(sizes), strict=True):
            rest, position = divmod(rest, size)
            place[name] = cube.categories[name][position]
        if place["tid"] == year and place["contentscode"].lower() == CONTENTS and place["region"] in known:
            value = cube.values.get(cell)
            value = None if cell in cube.missing or value in MISSING else value
            yield cell + 1, True, (known[place["region"]], year, place["tjenesteomraade"], value)


def _read(path: Path) -> _Cube:
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large")
    try:
        document = json.loads(
            path.read_text(encoding="utf-8-sig"), parse_float=_decimal, parse_int=str, parse_constant=_decimal
        )
        return _cube(document)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise Refused("unreadable") from None


def _decimal(text: str) -> str:
    """A number of the file as plain digits; not a number and infinity are a ValueError."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return format(Decimal(repr(number)), "f")


def _cube(document: Mapping[str, Any]) -> _Cube:
    """The dataset of a document.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, IndexError: it is no JSON-stat 2.0 dataset.
    """
    if document["version"] not in ("2.0", "2") or document["class"] != "dataset":
        raise ValueError
    order = [str(name).lower() for name in document["id"]]
    missing = [column for name, column in DIMENSIONS.items() if name not in order]
    if missing:
        raise Refused("missing_column", None, missing[0])
    sizes = [int(size) for size in document["size"]]
    cells = math.prod(sizes)
    if cells > MOST_CELLS:
        raise Refused("too_large")
    dimensions = {str(name).lower(): dimension for name, dimension in document["dimension"].items()}
    categories = {name: _categories(dimensions[name]["category"]) for name in order}
    if len(set(order)) != len(order) or [len(categories[name]) for name in order] != sizes:
        raise ValueError
    if any(len(categories[name]) > 1 for name in order if name not in DIMENSIONS):
        raise ValueError
    values = _cells(document["value"], cells)
    status = document.get("status") or {}
    symbols = _cells([status] * cells if isinstance(status, str) else status, cells)
    if any(isinstance(value, bool | list | dict) for value in values.values()):
        raise ValueError
    return _Cube(
        order, categories, values, frozenset(cell for cell, symbol in symbols.items() if symbol in MISSING)
    )


def _categories(category: Mapping[str, Any]) -> list[str]:
    """Codes of a dimension in the order of their positions; a single one may come with its label only."""
    index = category.get("index")
    if index is None:
        (only,) = category["label"]
        return [str(only)]
    if isinstance(index, list):
        return [str(code) for code in index]
    codes = sorted(index, key=lambda code: int(index[code]))
    if [int(index[code]) for code in codes] != list(range(len(codes))):
        raise ValueError
    return codes


def _cells(given: Any, cells: int) -> dict[int, Any]:
    """A list of all cells, or an object of sparse indices, as number -> what stands there."""
    if isinstance(given, list):
        if len(given) != cells:
            raise ValueError
        return {cell: value for cell, value in enumerate(given) if value is not None}
    found = {int(cell): value for cell, value in given.items() if value is not None}
    if any(not 0 <= cell < cells for cell in found):
        raise ValueError
    return found
