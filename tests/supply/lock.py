"""The lock file by itself, without a connection: pinned, hashed, and nothing missing.

Belongs here: reading the lock and comparing it with what is asked for and what is installed. Does not belong
here: what others know of the packages (``__main__.py``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
OURS = "vedlegg2"
"""Installed from this folder, not from the lock."""
TOOLS = frozenset({"pip", "setuptools"})
"""What ``python -m venv`` brings itself."""


@dataclass(frozen=True)
class Pin:
    """One package of the lock; ``applies``: it is for this Python."""

    name: str
    version: str
    hashes: int
    applies: bool


def read(text: str) -> tuple[list[Pin], list[str]]:
    """The pins, and a sentence for every line that is none."""
    pins, faults = [], []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        words, hashes = re.sub(r"\s--hash=\S+", "", line).strip(), len(HASH.findall(line))
        try:
            wanted = Requirement(words)
        except InvalidRequirement:
            faults.append(f"requirements.lock: «{words}» is no pinned package.")
            continue
        versions = [one.version for one in wanted.specifier if one.operator == "=="]
        if wanted.url or len(versions) != 1 or "*" in versions[0]:
            faults.append(f"requirements.lock: {wanted.name} is not pinned to one version.")
        elif hashes == 0 or hashes != line.count("--hash="):
            faults.append(f"requirements.lock: {wanted.name} has no SHA-256, or another kind of hash.")
        else:
            applies = wanted.marker is None or wanted.marker.evaluate()
            pins.append(Pin(canonicalize_name(wanted.name), versions[0], hashes, applies))
    return pins, faults


def incomplete(pins: list[Pin], pyproject: str, installed: Mapping[str, Distribution]) -> Iterator[str]:
    """What is asked for, needed by a package, or installed, and not locked in that version."""
    locked = {pin.name: pin.version for pin in pins if pin.applies}
    project = tomllib.loads(pyproject)
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    yield from _unmet("pyproject.toml", map(Requirement, asked), locked, extras=("",))
    for name, found in sorted(installed.items()):
        if name in locked and locked[name] != found.version:
            yield f"{name} is installed in version {found.version} and locked in {locked[name]}."
        elif name not in locked and name not in {OURS, *TOOLS}:
            yield f"{name} is installed and not locked."
    yield from (f"{name} is locked and not installed." for name in sorted(locked.keys() - installed.keys()))
    for name in sorted(locked.keys() & installed.keys()):
        needs = map(Requirement, installed[name].requires or ())
        yield from _unmet(name, needs, locked, extras=("",))


def _unmet(
    who: str, needs: Iterator[Requirement], locked: Mapping[str, str], extras: tuple[str, ...]
) -> Iterator[str]:
    for need in needs:
        if need.marker is not None and not any(need.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        name = canonicalize_name(need.name)
        if name not in locked:
            yield f"{who} needs {name}, which is not locked."
        elif not need.specifier.contains(locked[name], prereleases=True):
            yield f"{who} needs {need}, and {locked[name]} is locked."
