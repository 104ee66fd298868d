"""One file of the Open Data Contract Standard 3.1, read strictly: nothing invalid or written twice.

Belongs here: YAML, the standard's own JSON Schema, and ``Place``, which knows where in the file it stands.
Does not belong here: what this project makes of a contract (``load.py``).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from jsonschema import Draft201909Validator
from jsonschema.exceptions import best_match

_LONGEST_MESSAGE = 200


class ContractError(Exception):
    """What is wrong, where in the file, and what to do; becomes a UsageError that names the file."""


@dataclass(frozen=True)
class Place:
    """One object of a contract file and the path to it."""

    fields: dict[str, Any]
    path: str = ""

    def at(self, name: str) -> str:
        """Path of one of the fields."""
        return f"{self.path}.{name}" if self.path else name

    def need(self, name: str, kind: type) -> Any:
        """A field that must be there and be of exactly that type.

        Raises:
            ContractError: it is not.
        """
        if name not in self.fields:
            raise ContractError(f"{self.at(name)} is missing; add it")
        value = self.fields[name]
        if type(value) is not kind:
            raise ContractError(f"{self.at(name)} must be of type {kind.__name__}; correct it")
        return value

    def get(self, name: str, kind: type, default: Any = None) -> Any:
        """A field that may be missing; there it must be of exactly that type."""
        return self.need(name, kind) if name in self.fields else default

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """A text that must be one of those allowed."""
        value = self.need(name, str)
        if value not in allowed:
            raise ContractError(f"{self.at(name)} must be one of {', '.join(allowed)}; correct it")
        return str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty when it is missing."""
        values = self.get(name, list, [])
        if any(type(value) is not str for value in values):
            raise ContractError(f"{self.at(name)} must be a list of texts; quote them")
        return tuple(values)

    def one(self, name: str) -> Place:
        """An object."""
        return Place(self.need(name, dict), self.at(name))

    def many(self, name: str) -> list[Place]:
        """A list of objects; empty when it is missing."""
        return [Place(value, f"{self.at(name)}[{i}]") for i, value in enumerate(self.get(name, list, []))]

    def only(self, known: Collection[str]) -> Place:
        """This object, when it has no other fields: a promise that nothing enforces is refused."""
        unknown = sorted(set(self.fields) - set(known))
        if unknown:
            raise ContractError(f"{self.at(unknown[0])} is not enforced by this project; take it out")
        return self

    def custom(self, known: Collection[str]) -> Place:
        """The customProperties as the fields of one object; an unknown or repeated name is refused."""
        fields: dict[str, Any] = {}
        for item in self.many("customProperties"):
            if item.fields["property"] in fields:
                raise ContractError(f"{item.path}: «{item.fields['property']}» is written twice; keep one")
            fields[item.fields["property"]] = item.fields["value"]
        return Place(fields, self.at("customProperties")).only(known)


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML in which a key is written once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping without repeated keys."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise ContractError(f"line {key.start_mark.line + 1}: «{key.value}» stands twice; keep one")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def parse(content: bytes) -> Place:
    """The bytes of a contract file as a document that is valid by the standard's JSON Schema.

    Raises:
        ContractError: no UTF-8, no YAML, a repeated key, or a breach of the schema.
    """
    try:
        document = yaml.load(content.decode("utf-8"), _StrictLoader)  # noqa: S506 (a SafeLoader)
    except UnicodeDecodeError:
        raise ContractError("the text is not UTF-8; save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContractError(f"line {line}: no YAML ({error.problem}); correct it") from None
    except (yaml.YAMLError, ValueError):
        raise ContractError("the text is no YAML; correct it") from None
    breach = best_match(_standard().iter_errors(document))
    if breach is not None:
        message = " ".join(breach.message.split())
        if len(message) > _LONGEST_MESSAGE:
            message = f"the rule «{breach.validator}» of the standard is broken"
        raise ContractError(f"{breach.json_path}: {message}; correct it")
    return Place(document)


@cache
def _standard() -> Draft201909Validator:
    """The standard's JSON Schema, as its own package ships it."""
    text = resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    return Draft201909Validator(json.loads(text))
