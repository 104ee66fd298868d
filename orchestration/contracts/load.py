"""From the data contracts in ``data_contracts/`` to ``Contract`` values, or one sentence on what is wrong.

Belongs here: which fields of the standard this project reads, and that a contract promises only what landing
and gate enforce. Does not belong here: YAML and JSON Schema (``odcs.py``), rules over rows, the gate.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

from orchestration.contracts.model import Column, ColumnType, Contract, Expectation, Reference
from orchestration.contracts.odcs import ContractError, Place, parse
from orchestration.contracts.suite import EXPECTATIONS
from orchestration.periods import Cadence
from orchestration.settings import UsageError

SUFFIX = ".odcs.yaml"
API_VERSION = "v3.1.0"
FORMATS = ("csv", "csv.gz", "parquet", "xlsx", "json")
RESERVED = frozenset({"delivery_id", "file_name", "line"})
"""Columns that ``raw.<dataset>`` has before the contract's own."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""Names go into SQL: nothing else is let through."""
_COLUMN_FIELDS = (
    *("name", "businessName", "description", "logicalType", "logicalTypeOptions", "required", "primaryKey"),
    *("primaryKeyPosition", "classification", "relationships", "quality", "customProperties"),
)
_OPTIONS: dict[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength"),
    "integer": ("minimum",),
    "number": ("minimum",),
    "boolean": (),
    "date": ("format",),
    "timestamp": ("timezone", "defaultTimezone"),
}
_TYPES: dict[tuple[str, str | None], ColumnType] = {
    ("string", None): "string",
    ("integer", None): "integer",
    ("number", None): "decimal",
    ("boolean", None): "boolean",
    ("date", None): "date",
    ("date", "yyyy-MM"): "month",
    ("timestamp", None): "timestamp",
}
_REFERENCES: dict[tuple[str, tuple[str, ...]], Reference] = {
    ("organisations.org_id", ("trust",)): "trust",
    ("organisations.org_id", ("region", "trust")): "trust_or_region",
    ("cancer_forms.cancer_form", ()): "cancer_form",
    ("apprentice_trades.trade", ()): "apprentice_trade",
}


def load_contracts(folder: Path) -> dict[str, Contract]:
    """Every ``<dataset>.odcs.yaml`` of a folder, by dataset name in alphabetical order.

    Raises:
        UsageError: the folder holds no contract, or one of them is wrong.
    """
    contracts = [load_contract(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    if not contracts:
        raise UsageError(f"{folder} holds no file *{SUFFIX}; put the data contracts there.")
    return {contract.dataset: contract for contract in contracts}


def load_contract(path: Path) -> Contract:
    """One contract file; its fingerprint is the SHA-256 of the file's bytes.

    Raises:
        UsageError: one sentence with the file, the place in it, what is wrong and what to do.
    """
    try:
        content = path.read_bytes()
        return _contract(parse(content), path, hashlib.sha256(content).hexdigest())
    except OSError:
        raise UsageError(f"{path} cannot be read; check that it exists and may be read.") from None
    except ContractError as fault:
        raise UsageError(f"{path}, {fault}.") from None


def _contract(document: Place, path: Path, fingerprint: str) -> Contract:
    """The contract of a document; what refers to something else is checked last."""
    document.choice("apiVersion", (API_VERSION,))
    dataset = document.need("id", str)
    schema = _only_one(document.many("schema"), document.at("schema"))
    if not dataset == schema.need("name", str) == path.name.removesuffix(SUFFIX):
        raise ContractError("id, schema[0].name and the file name must be the same dataset name; rename")
    _identifier(document, "id")
    terms = document.custom(("formats", "tolerancePercent"))
    rules = schema.custom(("granularityNo", "periodColumns", "notBefore", "summed"))
    description = document.one("description")
    columns = tuple(_column(place) for place in schema.many("properties"))
    contract = Contract(
        dataset=dataset,
        version=document.need("version", str),
        cadence=_cadence(document),
        description=description.need("purpose", str),
        description_no=description.custom(("purposeNo",)).need("purposeNo", str),
        owner=document.one("team").need("name", str),
        personal=any(place.fields["classification"] == "personal" for place in schema.many("properties")),
        columns=columns,
        key=_key(schema),
        summed=rules.get("summed", bool, False),
        period_columns=rules.texts("periodColumns"),
        not_before=_pairs(rules),
        formats=terms.texts("formats"),
        tolerance_percent=terms.need("tolerancePercent", int),
        expectations=(),
        path=path,
        fingerprint=fingerprint,
        index={column.name: column for column in columns},
    )
    _check(contract)
    judged = replace(contract, expectations=tuple(_expectation(q, contract) for q in schema.many("quality")))
    if len({expectation.name for expectation in judged.expectations}) != len(judged.expectations):
        raise ContractError(f"{schema.at('quality')}: two items have the same name; rename one")
    return judged


def _column(place: Place) -> Column:
    """One listed column; every rule in the file is one that landing enforces."""
    place.only(_COLUMN_FIELDS)
    _identifier(place, "name")
    place.choice("classification", ("personal", "internal"))
    custom = place.custom(("descriptionNo", "optionalColumn", "identityScan", "mayBeFuture"))
    logical = place.choice("logicalType", _OPTIONS)
    options = Place(place.get("logicalTypeOptions", dict, {}), place.at("logicalTypeOptions"))
    options.only(_OPTIONS[logical])
    kind = _TYPES.get((logical, options.get("format", str)))
    if kind is None:
        raise ContractError(f"{options.at('format')} may only be yyyy-MM, for a month; take it out")
    if kind == "timestamp" and options.fields != {"timezone": False, "defaultTimezone": "Europe/Oslo"}:
        raise ContractError(f"{options.path}: write timezone false, defaultTimezone Europe/Oslo")
    return Column(
        name=place.need("name", str),
        type=kind,
        description=place.need("description", str),
        description_no=custom.need("descriptionNo", str),
        required=place.need("required", bool),
        optional_column=custom.get("optionalColumn", bool, False),
        codes=_codes(place, kind),
        minimum=options.get("minimum", int),
        min_length=options.get("minLength", int),
        max_length=options.get("maxLength", int),
        identity_scan=custom.get("identityScan", bool, False),
        may_be_future=custom.get("mayBeFuture", bool, False),
        reference=_reference(place),
    )


def _codes(place: Place, kind: ColumnType) -> tuple[str, ...] | None:
    """The code list, which the standard writes as: the number of ``invalidValues`` must be 0."""
    if "quality" not in place.fields:
        return None
    rule = _only_one(place.many("quality"), place.at("quality")).only(("metric", "arguments", "mustBe"))
    rule.choice("metric", ("invalidValues",))
    if rule.need("mustBe", int) != 0:
        raise ContractError(f"{rule.at('mustBe')} must be 0; correct it")
    values = rule.one("arguments").only(("validValues",)).need("validValues", list)
    wanted = {"string": str, "integer": int}.get(kind)
    if not values or any(type(value) is not wanted for value in values):
        raise ContractError(f"{rule.path}: validValues must be texts, or whole numbers in an integer column")
    return tuple(str(value) for value in values)


def _reference(place: Place) -> Reference | None:
    """The reference list that the values must occur in."""
    if "relationships" not in place.fields:
        return None
    relation = _only_one(place.many("relationships"), place.at("relationships"))
    levels = relation.only(("to", "customProperties")).custom(("orgLevels",)).texts("orgLevels")
    reference = _REFERENCES.get((relation.need("to", str), levels))
    if reference is None:
        known = ", ".join(f"{to} {list(levels)}" if levels else to for to, levels in _REFERENCES)
        raise ContractError(f"{relation.path} must be one of {known}; correct it")
    return reference


def _key(schema: Place) -> tuple[str, ...]:
    """The key's columns in the order of their positions, which count from 1."""
    parts = {
        place.need("primaryKeyPosition", int): place.need("name", str)
        for place in schema.many("properties")
        if place.get("primaryKey", bool, False) or "primaryKeyPosition" in place.fields
    }
    if not parts or sorted(parts) != list(range(1, len(parts) + 1)):
        raise ContractError(f"{schema.at('properties')}: primaryKeyPosition must count from 1; correct it")
    return tuple(parts[position] for position in sorted(parts))


def _cadence(document: Place) -> Cadence:
    """The period of a delivery: the agreed frequency, once per month, tertial or year."""
    frequency = [sla for sla in document.many("slaProperties") if sla.fields["property"] == "frequency"]
    place = _only_one(frequency, "slaProperties with property frequency")
    if place.need("value", int) != 1:
        raise ContractError(f"{place.at('value')} must be 1; correct it")
    return place.choice("unit", get_args(Cadence))  # type: ignore[return-value]


def _pairs(rules: Place) -> tuple[tuple[str, str], ...]:
    """The pairs (start, end) whose end may not lie before its start."""
    pairs = rules.get("notBefore", list, [])
    if any(type(pair) is not list or len(pair) != 2 for pair in pairs):
        raise ContractError(f"{rules.at('notBefore')} must be a list of pairs [start, end]; correct it")
    return tuple((str(start), str(end)) for start, end in pairs)


def _expectation(place: Place, contract: Contract) -> Expectation:
    """One item of the quality section: an expectation over the metrics of a delivery's profile."""
    place.only(("name", "type", "engine", "dimension", "severity", "description", "implementation"))
    place.choice("type", ("custom",))
    place.choice("engine", ("greatExpectations",))
    call = place.one("implementation").only(("type", "kwargs"))
    kind = call.choice("type", EXPECTATIONS)
    arguments = call.one("kwargs").only(EXPECTATIONS[kind])
    for name, wanted in EXPECTATIONS[kind].items():
        if wanted == "metric":
            arguments.choice(name, contract.metrics)
        elif name in arguments.fields and type(arguments.fields[name]) not in (int, float):
            raise ContractError(f"{arguments.at(name)} must be a number; correct it")
    if len(arguments.fields) < 2:
        raise ContractError(f"{arguments.path} sets no limit; add one")
    return Expectation(
        name=place.need("name", str),
        type=kind,
        arguments=arguments.fields,
        severity=place.choice("severity", ("critical", "warning")),  # type: ignore[arg-type]
        description=place.need("description", str),
    )


def _check(contract: Contract) -> None:
    """What one part of a contract says about another."""
    names = [column.name for column in contract.columns]
    if len(set(names)) != len(names):
        raise ContractError("schema[0].properties: two columns have the same name; rename one")
    for name in contract.period_columns:
        if name not in contract.index or contract.column(name).type in ("string", "decimal", "boolean"):
            raise ContractError(f"periodColumns: «{name}» is no date, month or year column; correct it")
    for pair in contract.not_before:
        kinds = {contract.column(name).type if name in contract.index else None for name in pair}
        if kinds not in ({"date"}, {"timestamp"}):
            raise ContractError(f"notBefore: «{', '.join(pair)}» are not two dates or two times; correct it")
    if not contract.formats or not set(contract.formats) <= set(FORMATS):
        raise ContractError(f"formats must be some of {', '.join(FORMATS)}; correct it")
    if not 0 <= contract.tolerance_percent <= 100:
        raise ContractError("tolerancePercent must lie between 0 and 100; correct it")


def _identifier(place: Place, name: str) -> None:
    value = place.need(name, str)
    if not _IDENTIFIER.fullmatch(value) or value in RESERVED:
        raise ContractError(f"{place.at(name)} must be of a-z, 0-9 and _, not reserved; rename it")


def _only_one(places: list[Place], path: str) -> Place:
    if len(places) != 1:
        raise ContractError(f"{path} must have exactly one item; correct it")
    return places[0]
