"""The lock is complete by itself, and an audit that audited nothing never says that all is well."""

from __future__ import annotations

import json
from importlib.metadata import distributions
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.utils import canonicalize_name

from tests.supply import lock
from tests.supply.__main__ import LOCK, ROOT, bill_of_materials, vulnerabilities

HASH = "--hash=sha256:" + "0a" * 32
PINS, FAULTS = lock.read(LOCK.read_text())


def test_the_lock_is_pinned_hashed_and_complete() -> None:
    assert FAULTS == []
    assert len(PINS) > 100
    installed = {canonicalize_name(one.name): one for one in distributions()}
    assert list(lock.incomplete(PINS, (ROOT / "pyproject.toml").read_text(), installed)) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("agate==1.9.1", "no SHA-256"),
        ("agate==1.9.1 --hash=md5:" + "0a" * 16, "no SHA-256"),
        (f"agate==1.9.1 {HASH} --hash=sha512:" + "0a" * 64, "another kind of hash"),
        (f"agate>=1.9.1 {HASH}", "not pinned"),
        (f"agate==1.* {HASH}", "not pinned"),
        (f"agate @ file:agate.whl {HASH}", "not pinned"),
        ("-e .", "no pinned package"),
        ("--extra-index-url file:///tmp", "no pinned package"),
    ],
)
def test_what_is_no_pin(line: str, words: str) -> None:
    pins, (fault,) = lock.read(line + "\n")
    assert pins == []
    assert words in fault


def test_what_is_missing_in_the_lock() -> None:
    pins, _ = lock.read(f"agate==1.9.1 {HASH}\nbabel==2.17 \\\n    {HASH}\n")
    project = '[project]\ndependencies = ["agate>=2", "duckdb"]\n[dependency-groups]\ndev = []\n'
    installed = {
        "agate": SimpleNamespace(version="1.9.0", requires=['leather; extra == "x"', "parsedatetime"]),
        "stray": SimpleNamespace(version="1", requires=None),
    }
    assert list(lock.incomplete(pins, project, installed)) == [
        "pyproject.toml needs agate>=2, and 1.9.1 is locked.",
        "pyproject.toml needs duckdb, which is not locked.",
        "agate is installed in version 1.9.0 and locked in 1.9.1.",
        "stray is installed and not locked.",
        "babel is locked and not installed.",
        "agate needs parsedatetime, which is not locked.",
    ]


def test_an_audit_of_nothing_is_no_audit() -> None:
    pins, _ = lock.read(f"agate==1.9.1 {HASH}\nbabel==2.17 {HASH}\n")
    agate, babel = {"name": "agate", "version": "1.9.1"}, {"name": "Babel", "version": "2.17"}
    clean = {"dependencies": [{**agate, "vulns": []}, {**babel, "vulns": []}]}
    assert vulnerabilities(json.dumps(clean), pins) == []
    known = {"id": "PYSEC-1", "fix_versions": ["1.9.2"]}
    bad = {"dependencies": [{**agate, "vulns": [known]}, {**babel, "vulns": []}]}
    assert vulnerabilities(json.dumps(bad), pins) == ["agate 1.9.1 has PYSEC-1, mended in 1.9.2."]
    skipped = {"dependencies": [{**agate, "skip_reason": "unknown"}, {**babel, "vulns": []}]}
    for answer, count in (("", 2), ("[]", 2), ('{"dependencies": []}', 2), (json.dumps(skipped), 1)):
        (told,) = vulnerabilities(answer, pins)
        assert "Nothing can be said" in told
        assert f"know {count} of 2 packages" in told


def test_the_bill_of_materials_lists_every_package(tmp_path: Path) -> None:
    assert bill_of_materials(tmp_path / "a.json", PINS) == []
    assert bill_of_materials(tmp_path / "b.json", PINS) == []
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    bill = json.loads((tmp_path / "a.json").read_bytes())
    assert bill["bomFormat"] == "CycloneDX"
    assert len(bill["components"]) >= len(PINS)
    strange, _ = lock.read(f"nothing==1 {HASH}\n")
    assert bill_of_materials(tmp_path / "c.json", strange) == ["nothing 1 is missing in c.json."]
