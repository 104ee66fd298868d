"""Faults of deliveries: several files or senders, and the limit of 5 %.

Belongs here: what one file does to others. Does not belong here: what is wrong with a single file.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.faults.model import Case, bad_file, bad_rows, place
from tests.faults.rows import Make, csv, data, good_rows, row, text

WAITING = "waiting_times"


def _share(good: int, bad: int, copies: int = 0) -> Make:
    """Good rows, then bad ones, then copies of the first."""

    def content(trust: str) -> str:
        rows = good_rows(WAITING, trust, good)
        rows += [row(WAITING, trust, 9000 + number, tjenesteomraade="X") for number in range(bad)]
        return csv([*rows, *rows[:1] * copies])

    return data(content)


def _some(numbers: range, without: str = "", **changes: str) -> Make:
    def content(trust: str) -> str:
        rows = [row(WAITING, trust, number, **changes) for number in numbers]
        return csv([{name: value for name, value in one.items() if name != without} for one in rows])

    return data(content)


def _several(
    name: str,
    files: Mapping[str, Make],
    told: str,
    rule: str,
    others: Mapping[str, str],
    line: int | None = None,
    column: str | None = None,
) -> Case:
    folder = place(WAITING, name)
    return Case(
        name,
        "deliveries",
        WAITING,
        "file",
        {f"{folder}/{file}": make for file, make in files.items()},
        f"{folder}/{told}",
        frozenset({(column, rule, 1, line)}),
        rule,
        0,
        {f"{folder}/{file}": status for file, status in others.items()},
    )


def _two_senders(name: str, first: Make, second: Make) -> Case:
    """The same trust from two senders: the first by name holds."""
    one, two = place(WAITING, f"{name}-1"), place(WAITING, f"{name}-2")
    return Case(
        name,
        "deliveries",
        WAITING,
        "delivery",
        {f"{one}/a.csv": first, f"{two}/b.csv": second},
        f"{two}/b.csv",
        frozenset({(None, "same_trust_twice", 1, None)}),
        "same_trust_twice",
        0,
        {f"{one}/a.csv": "accepted"},
    )


CODE = ("tjenesteomraade", "code")
KEY = "foretak_orgnr, henvisning_id"

CASES = [
    bad_rows("deliveries", "five-percent", WAITING, _share(95, 5), {(*CODE, 5, 97)}, 95),
    bad_file(
        "deliveries",
        "over-five-percent",
        WAITING,
        _share(94, 5),
        "too_many_rejected",
        count=5,
        also={(*CODE, 5, 96)},
    ),
    bad_rows("deliveries", "five-percent-of-twenty", WAITING, _share(19, 1), {(*CODE, 1, 21)}, 19),
    bad_file(
        "deliveries", "one-of-nineteen", WAITING, _share(18, 1), "too_many_rejected", also={(*CODE, 1, 20)}
    ),
    bad_rows("deliveries", "copies-count-in-the-total", WAITING, _share(18, 1, 1), {(*CODE, 1, 20)}, 18),
    bad_file(
        "deliveries",
        "only-bad-rows",
        WAITING,
        _share(0, 3),
        "too_many_rejected",
        count=3,
        also={(*CODE, 3, 2)},
    ),
    _several(
        "one-of-two-empty",
        {"a.csv": text(WAITING), "b.csv": data(lambda _: "")},
        "b.csv",
        "no_rows",
        {"a.csv": "held_back"},
    ),
    _several(
        "one-of-three-without-column",
        {
            "a.csv": _some(range(1, 5)),
            "b.csv": _some(range(9, 12), without="pasient_id"),
            "c.csv": _some(range(5, 9)),
        },
        "b.csv",
        "missing_column",
        {"a.csv": "held_back", "c.csv": "held_back"},
        1,
        "pasient_id",
    ),
    _two_senders("same-trust-twice", _some(range(1, 9)), _some(range(100, 109))),
    _two_senders("same-trust-and-rows-twice", text(WAITING), text(WAITING)),
    Case(
        "clash-across-files",
        "deliveries",
        WAITING,
        "file",
        {
            f"{place(WAITING, 'clash-across-files')}/a.csv": _some(range(1, 60)),
            f"{place(WAITING, 'clash-across-files')}/b.csv": _some(range(59, 61), pasient_id="x"),
        },
        f"{place(WAITING, 'clash-across-files')}/b.csv",
        frozenset({(KEY, "key_clash", 1, 2), (None, "too_many_rejected", 1, None)}),
        "too_many_rejected",
        0,
        {f"{place(WAITING, 'clash-across-files')}/a.csv": "held_back"},
    ),
]
