"""What a sender does about each fault, in Norwegian: with the codes, forms and limits of the contract.

Belongs here: the words for each rule of the sender's check. Does not belong here: the rules, and tables. No
sentence holds a value from a row.
"""

from __future__ import annotations

from collections.abc import Mapping

from orchestration.contracts.model import Column, ColumnType, Contract
from orchestration.landing.check import CheckedFault
from orchestration.landing.model import DeliveryKey
from orchestration.periods import Period

MOST_CODES = 12
"""A longer list of codes is not repeated."""

FORM: Mapping[ColumnType, str] = {
    "string": "skriv verdien som tekst",
    "integer": "skriv et helt tall med bare sifre",
    "decimal": "skriv et tall med komma eller punktum, uten tusenskille",
    "boolean": "skriv ja eller nei, true eller false, 1 eller 0",
    "date": "skriv datoen som ÅÅÅÅ-MM-DD eller DD.MM.ÅÅÅÅ, uten klokkeslett",
    "timestamp": "skriv tidspunktet som ÅÅÅÅ-MM-DD TT:MM, uten tidssone",
    "month": "skriv måneden som ÅÅÅÅ-MM",
}
ADVICE: Mapping[str, str] = {
    "required": "fyll ut verdien; feltet må ha en",
    "range": "rett tallet; det laveste som godtas er {minimum}",
    "length": "rett verdien; {length}",
    "code": "bruk en kode fra listen{codes}",
    "period": "flytt raden til leveransen for sin periode, eller rett datoen; perioden er {start} til {end}",
    "after_extract_date": "rett datoen; den er senere enn uttrekksdatoen {extract_date}",
    "before_1900": "rett datoen; den er før 1900",
    "end_before_start": "rett en av datoene; slutten er før starten ({start_column})",
    "invalid_orgnr": "rett organisasjonsnummeret; det skal ha 9 sifre med gyldig kontrollsiffer",
    "unknown_trust": "rett organisasjonsnummeret; det er ikke et foretak i organisasjonslisten",
    "key_clash": "behold én rad per nøkkel; flere rader har samme nøkkel og ulikt innhold",
    "field_count": "gi raden like mange felt som overskriften; sett verdier med semikolon i anførselstegn",
    "encoding": "lagre filen som UTF-8 eller Windows-1252",
    "nul": "lag filen på nytt uten NUL-tegn",
    "missing_column": "ta med kolonnen i overskriften; i csv skilles kolonner med semikolon",
    "duplicate_column": "fjern den ene av to kolonner med samme navn",
    "no_rows": "lever radene, eller la være å levere filen",
    "identity_number": "bytt ut fødselsnummer, D-nummer og lignende med pseudonymer",
    "too_many_rejected": "rett de avviste radene; mer enn {tolerance} % avviser filen",
    "too_large": "del opp filen, eller få hevet grensen for størrelse",
    "unrecognised_path": "lever en fil av avtalt format ({formats}), ikke en mappe eller en lenke; "
    "navnet kan ikke begynne med . _ eller ~$ eller slutte på .tmp eller .part",
    "unknown_column": "fjern kolonner som ikke står i kontrakten; de blir ikke lest",
    "unknown_region": "kontroller kodene i Region; de som ikke er en kjent organisasjon, er utelatt",
}
"""Rule code -> what the sender does; ``type`` and ``unreadable`` depend on more than the rule."""
UNREADABLE = "lag filen på nytt i avtalt format; den er skadet, ufullstendig eller har feil format"
UNREADABLE_COLUMN = "lever kolonnen med en type som kan holde feltet, uten tidssone"
UNREADABLE_QUOTES = "rett anførselstegnene; fra denne linjen kan filen ikke leses"


def advice(fault: CheckedFault, key: DeliveryKey, contract: Contract) -> str:
    """What to do about a fault, in one Norwegian sentence."""
    column = contract.index.get(fault.column or "")
    text = ADVICE.get(fault.rule)
    if fault.rule == "type" and column is not None:
        text = FORM[column.type]
    elif fault.rule == "unreadable":
        text = UNREADABLE_COLUMN if column else UNREADABLE_QUOTES if fault.line is not None else UNREADABLE
    elif text is None:
        expected = next((one.description for one in contract.expectations if one.name == fault.rule), "")
        return f"Kontroller leveransen: {expected}"
    period = Period.parse(key.period, contract.cadence)
    told = text.format(
        minimum=column.minimum if column else "",
        length=_length(column),
        codes=_codes(column),
        start=period.start,
        end=period.end,
        extract_date=key.extract_date,
        start_column=next((start for start, end in contract.not_before if end == fault.column), ""),
        tolerance=contract.tolerance_percent,
        formats=", ".join(contract.formats),
    )
    return f"{told[0].upper()}{told[1:]}."


def _length(column: Column | None) -> str:
    if column is None:
        return ""
    if column.min_length == column.max_length:
        return f"den skal ha {column.max_length} tegn"
    return f"den kan ha høyst {column.max_length} tegn"


def _codes(column: Column | None) -> str:
    """The allowed codes, where the contract itself lists a few."""
    if column is None or not column.codes:
        return ""
    return f": {', '.join(column.codes)}" if len(column.codes) <= MOST_CODES else " i kontrakten"
