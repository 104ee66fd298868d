"""The letters of ``tests/letters/`` through the whole program: what a release holds of them, and what ``status`` says.

Every file has a column that nobody asked for. Does not belong here: which verdicts are right
(``test_second_letter.py``).
"""

from __future__ import annotations

import subprocess

import pytest

from tests.integration import letters
from tests.integration.forms import UNEXPECTED
from tests.integration.letters import rows_of
from tests.integration.place import Place
from tests.integration.test_second_letter import OTHER, REGION

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, subprocess.CompletedProcess[str]]:
    """The place of a run that has ended, and what it said."""
    place = Place(tmp_path_factory.mktemp("letters"), limit="3")
    letters.deliver(place)
    for path in place.landing.rglob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        lines = [f"{header};uventet kolonne", *(f"{row};{UNEXPECTED}" for row in rows)]
        path.write_text("\n".join(lines), encoding="utf-8")
    for name in ("organisations", "targets"):
        place.refer(name, rows_of(name))
    done = place.vedlegg2("run")
    assert (done.returncode, done.stderr) == (0, "")
    return place, done


def test_status_shows_the_newest_letter_of_each_region(released):
    place, _ = released
    names = {row["org_id"]: row["name"] for row in rows_of("organisations")}
    newest = place.vedlegg2("status")
    assert newest.returncode == 0, newest.stderr
    assert names[REGION] in newest.stdout
    assert names[OTHER] in newest.stdout
    assert "2025" in newest.stdout
    before = place.vedlegg2("status", "--year", "2024", "--org", REGION)
    assert before.returncode == 0, before.stderr
    assert "minst 80 %" in before.stdout.replace("\u00a0", " ")
    none = place.vedlegg2("status", "--year", "2024", "--org", OTHER)
    assert none.returncode == 2


def test_an_unexpected_column_reaches_nothing(released):
    """It may hold personal data; only its name may be told."""
    place, done = released
    assert UNEXPECTED not in done.stdout + done.stderr
    for folder in (place.warehouse.parent, place.published):
        for path in folder.rglob("*"):
            if path.is_file() and "kept" not in path.parts:
                assert UNEXPECTED.encode() not in path.read_bytes(), path.name
