"""Faults of the text and of its header: encodings, line ends, quotes, fields, columns.

Belongs here: what goes wrong before a value is looked at. Does not belong here: archives, names, values.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.model import Case, accepted, bad_file, bad_rows
from tests.faults.rows import BAD_LINE, GOOD, ROWS, Make, csv, data, good_rows, text

WAITING = "waiting_times"
COLUMNS = list(ROWS[WAITING])
MIB = 1 << 20


def _lines(change: Callable[[list[str]], list[str]]) -> Make:
    return text(WAITING, lambda whole: "\n".join(change(whole.splitlines())) + "\n")


def _at(number: int, change: Callable[[str], str]) -> Make:
    """A change of one line; the header is line 1."""
    return _lines(lambda lines: [*lines[: number - 1], change(lines[number - 1]), *lines[number:]])


def _header(change: Callable[[str], str]) -> Make:
    return _at(1, change)


def _columns(change: Callable[[dict[str, str]], dict[str, str]]) -> Make:
    return data(lambda trust: csv([change(row) for row in good_rows(WAITING, trust)]))


def _in_id(letters: bytes) -> Make:
    """Bytes in the patient's pseudonym on the bad line."""
    mark = f"P{BAD_LINE - 1};".encode()
    return text(WAITING, lambda whole: whole.encode().replace(mark, mark[:-1] + letters + b";"))


def _long(size: int) -> Make:
    return _at(BAD_LINE, lambda line: "x" * size + line)


OK = {
    "bom": text(WAITING, lambda t: b"\xef\xbb\xbf" + t.encode()),
    "crlf": text(WAITING, lambda t: t.replace("\n", "\r\n")),
    "cr": text(WAITING, lambda t: t.replace("\n", "\r")),
    "mixed-line-ends": text(WAITING, lambda t: t.replace("\n", "\r\n", 20)),
    "no-last-newline": text(WAITING, str.rstrip),
    "blank-lines": _lines(lambda lines: [*lines[:9], "", "   ", *lines[9:], "", ""]),
    "blanks-around": text(WAITING, lambda t: t.replace(";", " ; ")),
    "windows-1252": _in_id("ÆØÅ–€".encode("cp1252")),
    "utf8": _in_id("ÆØÅ–€".encode()),
    "quotes": text(
        WAITING, lambda t: "\n".join('"' + one.replace(";", '";"') + '"' for one in t.splitlines())
    ),
    "newline-in-quotes": _at(BAD_LINE, lambda line: line.replace(f"P{BAD_LINE - 1};", '"P\r\n;x";')),
    "separator-in-quotes": _at(BAD_LINE, lambda line: line.replace(f"P{BAD_LINE - 1};", '"P;""x""";')),
    "line-of-3-mb": _long(3 * MIB),
    "zero-width": _in_id("\u200b".encode()),
    "formula": _in_id(b"=HYPERLINK()"),
    "header-upper": _header(str.upper),
    "header-blanks": _header(lambda line: line.replace(";", " ; ")),
    "header-reordered": _columns(lambda row: dict(reversed(row.items()))),
    "header-extra": _columns(lambda row: {"navn": "Ola Nordmann", **row, "fnr": "1"}),
    "header-10000-columns": data(
        lambda trust: csv(
            [{**row, **{f"x{n}": "" for n in range(10_000)}} for row in good_rows(WAITING, trust)]
        )
    ),
}
FIELDS = {
    "too-few-fields": _at(BAD_LINE, lambda line: line.rpartition(";")[0]),
    "too-many-fields": _at(BAD_LINE, lambda line: line + ";x"),
    "one-field": _at(BAD_LINE, lambda line: "x"),
    "open-separator": _at(BAD_LINE, lambda line: line.replace(";", ";;", 1)),
}
UNREADABLE = {
    "unclosed-quote": _at(BAD_LINE, lambda line: line.replace(";", ';"', 1)),
    "text-after-quote": _at(BAD_LINE, lambda line: '"a"b' + line),
    "quote-opened-on-the-last-line": _at(GOOD + 1, lambda line: '"' + line),
}
ENCODING = {
    "utf-16": (text(WAITING, lambda t: t.encode("utf-16")), "encoding", 1),
    "utf-16-be": (text(WAITING, lambda t: b"\xfe\xff" + t.encode("utf-16-be")), "encoding", 1),
    "utf-16-without-mark": (text(WAITING, lambda t: t.encode("utf-16-le")), "nul", 1),
    "utf-32": (text(WAITING, lambda t: t.encode("utf-32")), "encoding", 1),
    "undefined-in-1252": (_in_id(b"\x81"), "encoding", BAD_LINE),
    "undefined-after-1252": (_in_id(b"\xe5\x9d"), "encoding", BAD_LINE),
    "nul": (_in_id(b"\0"), "nul", BAD_LINE),
    "line-of-17-mib": (_long(17 * MIB), "too_large", BAD_LINE),
}


def _missing(name: str, make: Make, *columns: str, twice: bool = False) -> Case:
    faults = {(column, "missing_column", 1, 1) for column in columns}
    also = faults - {(columns[0], "missing_column", 1, 1)}
    if twice:
        also = also | {(None, "duplicate_column", 1, 1)}
    return bad_file("header", name, WAITING, make, "missing_column", line=1, column=columns[0], also=also)


CASES = [
    *(
        accepted("syntax" if "header" not in name else "header", name, WAITING, make, GOOD)
        for name, make in OK.items()
    ),
    *(
        bad_rows("syntax", name, WAITING, make, {(None, "field_count", 1, BAD_LINE)}, GOOD - 1)
        for name, make in FIELDS.items()
    ),
    bad_rows(
        "syntax",
        "footer",
        WAITING,
        text(WAITING, lambda t: t + "Antall rader: 44\n"),
        {(None, "field_count", 1, GOOD + 2)},
        GOOD,
    ),
    *(
        bad_file("syntax", name, WAITING, make, "unreadable", line=GOOD + 1 if "last" in name else BAD_LINE)
        for name, make in UNREADABLE.items()
    ),
    *(
        bad_file("syntax", name, WAITING, make, rule, line=line)
        for name, (make, rule, line) in ENCODING.items()
    ),
    _missing("commas", text(WAITING, lambda t: t.replace(";", ",")), *COLUMNS),
    _missing("tabs", text(WAITING, lambda t: t.replace(";", "\t")), *COLUMNS),
    _missing("renamed", _header(lambda line: line.replace("pasient_id", "pasientid")), "pasient_id"),
    _missing(
        "missing",
        _columns(lambda row: {n: v for n, v in row.items() if n != "vurderingsdato"}),
        "vurderingsdato",
    ),
    _missing("no-header", _lines(lambda lines: lines[1:]), *COLUMNS, twice=True),
    _missing(
        "english", _header(lambda line: line.replace("tjenesteomraade", "service_area")), "tjenesteomraade"
    ),
    _missing(
        "markup", _header(lambda line: line.replace("pasient_id", "<script>alert(1)</script>")), "pasient_id"
    ),
    _missing("sql", _header(lambda line: line.replace("pasient_id", "') or 1=1--")), "pasient_id"),
    _missing("header-formula", _header(lambda line: line.replace("pasient_id", "=1+1")), "pasient_id"),
    bad_file(
        "header",
        "twice",
        WAITING,
        _columns(lambda row: {**row, "Pasient_ID": "x"}),
        "duplicate_column",
        line=1,
        column="pasient_id",
    ),
    bad_file(
        "header",
        "unknown-twice",
        WAITING,
        _columns(lambda row: {**row, "Navn": "x", "navn": "y"}),
        "duplicate_column",
        line=1,
    ),
]
