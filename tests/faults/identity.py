"""National identity numbers of every series in columns where they may not be, and what only looks like them.

Belongs here: numbers made from their control digits while the tests run. Does not belong here: any number
written down; one may belong to somebody.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.model import Case, accepted, bad_file
from tests.faults.rows import BAD_LINE, GOOD, Make, csv, data, with_bad_row

FIRST, SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
SERIES = {
    "fodselsnummer": (0, 0),
    "d-number": (40, 0),
    "h-number": (0, 40),
    "synthetic-80": (0, 80),
    "synthetic-65": (0, 65),
    "synthetic-d-80": (40, 80),
    "synthetic-d-65": (40, 65),
}
"""What is added to day and month."""
COLUMNS = {
    "waiting_times": "henvisning_id",
    "planned_contacts": "pasient_id",
    "outpatient_contacts": "kontakt_id",
    "inpatient_stays": "behandlingssted_orgnr",
    "epicrises": "opphold_id",
    "cancer_pathways": "forlop_id",
    "treatment_plans": "pasient_id",
    "icu_capacity": "behandlingssted_orgnr",
    "clinical_trials": "studie_id",
    "training_positions": "stilling_id",
    "apprentices": "laerling_id",
}


def numbers(day: int, month: int, year: int = 83) -> Iterator[str]:
    """Numbers of a day and month (with what is added to them), control digits right."""
    for individual in range(1000):
        digits = [int(digit) for digit in f"{day:02}{month:02}{year:02}{individual:03}"]
        for weights in (FIRST, SECOND):
            digits.append(-sum(w * d for w, d in zip(weights, digits, strict=True)) % 11)
        if max(digits) < 10:
            yield "".join(map(str, digits))


def _file(dataset: str, column: str, value: str) -> Make:
    return data(lambda trust: csv(with_bad_row(dataset, trust, **{column: value})))


def _found(name: str, dataset: str, column: str, value: str) -> Case:
    make = _file(dataset, column, value)
    return bad_file("identity", name, dataset, make, "identity_number", line=BAD_LINE, column=column)


def _wrong_digit(number: str, place: int) -> str:
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]


SOME = next(numbers(14, 3))
HARMLESS = {
    "first-control-digit-wrong": _wrong_digit(SOME, 9),
    "second-control-digit-wrong": _wrong_digit(SOME, 10),
    "no-such-day": next(numbers(32, 3)),
    "no-such-month": next(numbers(14, 13)),
    "twelve-digits": SOME + "0",
    "ten-digits": SOME[:10],
    "within-a-text": "P" + SOME,
    "thirtieth-of-february": next(numbers(30, 2)),
}

CASES = [
    *(
        _found(name, "waiting_times", "pasient_id", next(numbers(14 + day, 3 + month)))
        for name, (day, month) in SERIES.items()
    ),
    *(_found(f"in-{dataset}", dataset, column, SOME) for dataset, column in COLUMNS.items()),
    _found("with-blanks", "waiting_times", "pasient_id", f"  {SOME} "),
    _found("leap-day", "waiting_times", "pasient_id", next(numbers(29, 2, 84))),
    *(
        accepted("identity", name, "waiting_times", _file("waiting_times", "pasient_id", value), GOOD + 1)
        for name, value in HARMLESS.items()
    ),
]
