"""``make audit-deps``: lock, bill of materials, known vulnerabilities; fails when one of them cannot be told.

Belongs here: the order and the sentences. Does not belong here: rules over the lock (``lock.py``).
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.supply import lock

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
UNKNOWN = (
    "Nothing can be said of known vulnerabilities: the service that knows them was not reached, or it does not "
    "know {count} of {all} packages. Run it again where it can be reached."
)
AUDIT = ["pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip", "--strict"]
AUDIT += ["--timeout", "10", "--format", "json", "--progress-spinner", "off"]


def vulnerabilities(answer: str, pins: list[lock.Pin]) -> list[str]:
    """What pip-audit answered, as sentences; an answer that leaves out a package is none."""
    wanted = {(pin.name, pin.version) for pin in pins if pin.applies}
    try:
        found = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return [UNKNOWN.format(count=len(wanted), all=len(wanted))]
    audited = {(canonicalize_name(one["name"]), one["version"]) for one in found if "vulns" in one}
    told = [
        f"{one['name']} {one['version']} has {vulnerability['id']}, mended in "
        f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}."
        for one in found
        for vulnerability in one.get("vulns", ())
    ]
    missing = wanted - audited
    return told + ([UNKNOWN.format(count=len(missing), all=len(wanted))] if missing else [])


def bill_of_materials(target: Path, pins: list[lock.Pin]) -> list[str]:
    """Write the packages of the lock as CycloneDX; the same lock gives the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    arguments = ["cyclonedx_py", "requirements", "--output-reproducible", "--short-PURLs", "--of", "JSON"]
    arguments += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-file", str(target), str(LOCK)]
    subprocess.run([sys.executable, "-m", *arguments], check=True, capture_output=True)
    listed = {(one["name"], one["version"]) for one in json.loads(target.read_bytes())["components"]}
    missing = {(pin.name, pin.version) for pin in pins} - {(canonicalize_name(n), v) for n, v in listed}
    return [f"{name} {version} is missing in {target.name}." for name, version in sorted(missing)]


def main(target: Path) -> int:
    """Say everything that is wrong; 0 only when all three are known to be right."""
    pins, faults = lock.read(LOCK.read_text())
    installed = {canonicalize_name(one.name): one for one in distributions()}
    faults += lock.incomplete(pins, (ROOT / "pyproject.toml").read_text(), installed)
    faults += bill_of_materials(target, pins)
    if not faults:
        print(
            f"{len(pins)} packages are pinned, with {sum(pin.hashes for pin in pins)} hashes; see {target}."
        )
    done = subprocess.run([sys.executable, "-m", *AUDIT], capture_output=True, text=True, check=False)
    faults += vulnerabilities(done.stdout, pins)
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print("No known vulnerability.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
