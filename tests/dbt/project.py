"""The dbt project on an empty warehouse, for its unit tests and for mutants of its models.

``python -m tests.dbt.project FOLDER`` leaves the compiled unit tests in FOLDER/target, where ``make mutate`` reads them.
Does not belong here: anything about a single model.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from orchestration import landing, transform
from orchestration.contracts.load import load_contracts
from orchestration.release import remember_published
from orchestration.settings import DATA_CONTRACTS, Settings
from orchestration.warehouse import connect


def unit_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build every relation empty, then run all dbt unit tests; the result holds dbt's own words."""
    settings = Settings(warehouse=folder / transform.WAREHOUSE_NAME, published=folder / "published")
    with connect(settings) as con:
        landing.prepare(con, load_contracts(DATA_CONTRACTS))
        remember_published(settings, con)
    environment = os.environ | transform.environment(settings, "../seeds")
    common = [a for a in transform.common_arguments(folder / "target") if a not in ("--log-level", "none")]
    for arguments in (
        ["build", *common, "--empty", "--quiet", "--exclude-resource-type", "test", "unit_test"],
        ["test", *common, "--select", "test_type:unit"],
    ):
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")),
                *(a for a in arguments if a != "--log-level-file"),
                "--log-level-file",
                "none",
            ],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            break
    return done


if __name__ == "__main__":
    result = unit_tests(Path(sys.argv[1]).absolute())
    print(result.stdout[-3000:])
    sys.exit(result.returncode)
