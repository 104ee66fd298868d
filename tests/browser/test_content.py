"""What the pages say: nothing that a name or a code could do, only text."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page
from report_marts import FACTS, REGION, reference, write_release

from orchestration import report

pytestmark = pytest.mark.browser
PAYLOADS = tuple(
    payload.replace("#", str(number))
    for number in range(10)
    for payload in (
        "<script>window.broken=#</script>",
        '"><img src=x onerror="window.broken=#">',
        "</td></table><svg onload=window.broken=#>",
        '<a href="javascript:window.broken=#">x</a>',
        "{{ # * 7 }}<!--&lt;b&gt;-->' style='background:url(//example.org/#)",
    )
)
"""What somebody could write where a name, a code or a comment is expected."""
READ = ("datakvalitet.html", "3-2.html", "arlig-melding-tabell.html")
THEIRS = "script, img, a[href^='javascript'], [onload], [onerror], [style], main b"


def write_payloads(database: Path) -> None:
    """Put payloads wherever a table of the release holds text that people wrote."""
    with duckdb.connect(database) as con:
        con.execute("create temp table payload (text varchar)")
        con.executemany("insert into payload values (?)", [[payload] for payload in PAYLOADS])
        con.execute(
            "insert into marts.delivery (delivery_id, dataset, period, extract_date, sender, file_name, sha256, "
            "status, reason) select text || '/x', text, text, date '2024-06-10', text, text, text, 'rejected', "
            "text from payload"
        )
        con.execute("insert into marts.rejection select text || '/x', text, text, text, 3 from payload")
        con.execute(
            "insert into marts.exclusion select text, '3.6', ?, '2024-T1', text, 7 from payload", [REGION]
        )
        for table, columns in {
            "indicator": ("name_no", "short_name_no", "goal_no", "definition_no", "source_no"),
            "organisation": ("name",),
            "target": ("wording_no",),
            "comment": ("text_no",),
            "indicator_value": ("note",),
            "indicator_status": ("detail",),
            "revision": ("old_release", "cause"),
        }.items():
            assigned = ", ".join(f"{column} = ?" for column in columns)
            con.execute(f"update marts.{table} set {assigned}", list(PAYLOADS[: len(columns)]))


@pytest.fixture(scope="module")
def hostile(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every text that people wrote is an attack."""
    database = write_release(
        tmp_path_factory.mktemp("hostile") / "indicators.duckdb", indicators=frozenset({"3.2", "3.6"})
    )
    write_payloads(database)
    words = reference(PAYLOADS[2])
    words["series"] = [{**row, "name_no": PAYLOADS[1]} for row in words["series"]]
    report.build(database, database.parent / "report", FACTS, words)
    return database.parent / "report"


def test_names_and_codes_are_text(page: Page, hostile: Path) -> None:
    """50 payloads in every text column: no dialog, no request, no element of theirs, and all can be read."""
    said: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    read = {}
    for path in sorted(hostile.rglob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("window.broken") is None
        assert page.locator(THEIRS).count() == 0, path.name
        if path.name in READ:
            read[path.name] = page.locator("body").text_content() or ""
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len(set(PAYLOADS)) == 50
    assert [payload for payload in PAYLOADS if payload not in read["datakvalitet.html"]] == []
    assert all(PAYLOADS[at] in read["3-2.html"] for at in (0, 1, 2))
    assert PAYLOADS[0] in read["arlig-melding-tabell.html"]
