"""What was rejected, one line each: where, which rule, how often, and what to do about it.

Belongs here: the words for each rule. Does not belong here: the rules themselves (``landing/``); no line
holds a value, and names of files are made harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from orchestration.terminal.words import safe

if TYPE_CHECKING:
    from orchestration.landing import StandingRejection

ADVICE: Mapping[str, str] = {
    "required": "fill in the value",
    "type": "write the value in the form of the contract",
    "range": "correct the number",
    "length": "correct the length of the value",
    "code": "use a code of the contract's list",
    "period": "move the row to the delivery of its period, or correct the date",
    "after_extract_date": "correct the date, or the extract date of the folder",
    "before_1900": "correct the date",
    "end_before_start": "correct one of the two dates",
    "invalid_orgnr": "correct the organisation number",
    "unknown_trust": "correct the organisation number, or add the trust to organisations.csv",
    "key_clash": "keep one row per key",
    "field_count": "give the row as many fields as the header",
    "unreadable": "make the file anew in one of the agreed formats",
    "encoding": "save the file as UTF-8 or Windows-1252",
    "nul": "make the file anew, without NUL bytes",
    "missing_column": "add the column",
    "duplicate_column": "remove one of the two columns",
    "no_rows": "deliver the rows, or remove the file",
    "identity_number": "replace national identity numbers by pseudonyms",
    "too_many_rejected": "correct the rejected rows",
    "too_large": "split the file, or raise the limit",
    "same_trust_twice": "deliver each trust from one sender only",
    "unrecognised_path": "move it to <dataset>/<period>/<extract date>/, or remove it",
}
"""Rule code (Which rows and which files are rejected, in the specification) -> what the sender does."""


def line_of(rejection: StandingRejection, what: str = "rejected") -> str:
    """One line about one rule in one file; ``what`` became of it."""
    place = f"{rejection.delivery_id}/{rejection.file_name}" if rejection.delivery_id else rejection.file_name
    line = f", line {rejection.line}" if rejection.line is not None else ""
    column = f", column {rejection.field}" if rejection.field else ""
    times = f"{rejection.row_count} times" if rejection.row_count != 1 else "once"
    advice = ADVICE.get(rejection.rule, "see the contract")
    return f"{what}: {safe(place)}{line}{safe(column)}: {rejection.rule}, {times}; {advice}."
