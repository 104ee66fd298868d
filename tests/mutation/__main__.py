"""Report which mutants of the indicator and intermediate models the unit tests do not notice.

``python -m tests.mutation TARGET`` reads the unit tests that dbt compiled into TARGET, changes one thing at a time
in the model's SQL and runs the test's query on DuckDB: a mutant is noticed when any unit test of the model gives
another result. Does not belong here: what is changed (``mutants``), or why a survivor may stay (docs/mutation.md).
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import duckdb

from tests.mutation.mutants import mutants, parse

FOLDERS = ("intermediate", "indicators")


def _result(con: duckdb.DuckDBPyConnection, sql: str, columns: list[str]) -> object:
    """The rows a unit test looks at, as a sorted text; an error counts as a result of its own."""
    chosen = ", ".join(f'cast("{column}" as varchar)' for column in columns)
    try:
        rows = con.execute(f"select {chosen} from ({sql})").fetchall()
    except duckdb.Error as error:
        return type(error).__name__
    return sorted(rows, key=repr)


def unit_tests(target: Path) -> dict[str, list[tuple[str, str, list[str]]]]:
    """Compiled unit tests per model: (name, SQL, columns that are looked at)."""
    found: dict[str, list[tuple[str, str, list[str]]]] = defaultdict(list)
    manifest = json.loads((target / "manifest.json").read_text())
    for test in manifest["unit_tests"].values():
        folder = Path(test["original_file_path"]).parent.name
        files = list((target / "compiled").rglob(f"{test['model']}.yml/**/{test['name']}.sql"))
        if folder in FOLDERS and files:
            columns = sorted({column for row in test["expect"]["rows"] for column in row})
            found[test["model"]].append((test["name"], files[0].read_text().rstrip().rstrip(";"), columns))
    return dict(found)


def main(target: Path) -> int:
    """Print the survivors of each model and the share noticed; exit 1 when it is below 90 %."""
    con = duckdb.connect()
    con.execute("set timezone = 'Europe/Oslo'")
    noticed = total = 0
    for model, tests in sorted(unit_tests(target).items()):
        expected = [_result(con, parse(sql).sql(dialect="duckdb"), columns) for _, sql, columns in tests]
        survivors = []
        for changed in zip(*(mutants(sql) for _, sql, _ in tests), strict=True):
            total += 1
            results = [
                _result(con, sql, columns) for (_, sql), (_, _, columns) in zip(changed, tests, strict=True)
            ]
            if results == expected:
                survivors.append(changed[0][0])
            else:
                noticed += 1
        print(f"{model}: {len(survivors)} not noticed")
        for survivor in survivors:
            print(f"    {survivor}")
    print(f"{noticed} of {total} mutants noticed ({100 * noticed / max(total, 1):.1f} %)")
    return 0 if noticed >= 0.9 * total else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
