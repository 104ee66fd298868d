"""A locked connection reaches nothing but its database and the folder it was given; twenty-odd ways out, all shut."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import yaml
from dbt.adapters.duckdb import DuckDBCredentials, environments
from dbt.flags import set_flags
from jinja2 import Template

from orchestration import engine, warehouse
from orchestration.settings import DBT_PROJECT, SEEDS, Settings

PATIENTS = [["a patient"]]  # a variable that SQL could name


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    """A workspace in a folder whose name is a pattern, and files that are none of DuckDB's business."""
    settings = Settings(warehouse=tmp_path / "sp[a]ce*" / "w.duckdb")
    (tmp_path / "outside.csv").write_text("secret\n1\n")
    with duckdb.connect(tmp_path / "other.duckdb") as con:
        con.execute("create table t as select 1")
    return settings


ESCAPES = {
    "read": "from read_csv('{home}/outside.csv')",
    "read by name": "from '{home}/outside.csv'",
    "read upwards": "from read_csv('{spool}/../../outside.csv')",
    "read through a link": "from read_csv('{spool}/link.csv')",
    "read beside": "from read_csv('{spool}-beside/x.csv')",
    "sniff": "from sniff_csv('{home}/outside.csv')",
    "text": "from read_text('{home}/outside.csv')",
    "blob": "from read_blob('/etc/passwd')",
    "json": "from read_json('{home}/outside.csv')",
    "list": "from glob('{home}/*')",
    "parquet": "from parquet_schema('{home}/outside.csv')",
    "the warehouse's folder": "from glob('{spool}/../*')",
    "write": "copy (select 1) to '{home}/out.csv'",
    "write parquet": "copy (select 1) to '{home}/out.parquet' (format parquet)",
    "export": "export database '{home}/export'",
    "import": "import database '{home}'",
    "attach": "attach '{home}/other.duckdb' as other",
    "attach anew": "attach '{home}/new.duckdb' as new",
    "attach far away": "attach 'https://localhost/x.duckdb' as far",
    "read far away": "from read_csv('http://localhost/x.csv')",
    "install": "install httpfs",
    "install from elsewhere": "install spatial from community",
    "load": "load httpfs",
    "load a file": "load '{home}/x.duckdb_extension'",
    "secret": "create persistent secret s (type s3, key_id 'x', secret 'y')",
    "unlock": "set lock_configuration = false",
    "allow": "set enable_external_access = true",
    "allow folders": "set allowed_directories = ['/']",
    "allow paths": "set allowed_paths = ['/etc/passwd']",
    "spill elsewhere": "set temp_directory = '{home}'",
    "log elsewhere": "set log_query_path = '{home}/log'",
    "profile elsewhere": "pragma profiling_output = '{home}/profile'",
    "all extensions": "set allow_unsigned_extensions = true",
    "a variable of ours": "from PATIENTS",
}


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_way_out(house: Settings, escape: str) -> None:
    home = house.workspace.parent
    with warehouse.run_lock(house, "r"), warehouse.spool_folder(house) as spool:
        (spool.parent / "link.csv").symlink_to(home / "outside.csv")
        beside = spool.parent.with_name("spool-beside")
        beside.mkdir()
        (beside / "x.csv").write_text("secret\n")
        con = warehouse.connect(house)
        before = sorted(home.iterdir())
        with pytest.raises(duckdb.Error):
            con.execute(ESCAPES[escape].format(home=home, spool=spool.parent)).fetchall()
        con.close()
        assert sorted(home.iterdir()) == before


def test_what_is_wanted_works(house: Settings) -> None:
    """Reading a copy in the spool folder, also where the path holds characters of a pattern; and spilling."""
    with warehouse.run_lock(house, "r"), warehouse.spool_folder(house) as spool:
        (spool / "copy[1].csv").write_text("a\n7\n")
        con = warehouse.connect(house)
        path = str(spool / "copy[1].csv").replace("[", "[[]").replace("*", "[*]")
        assert con.execute("from read_csv(?)", [path]).fetchall() == [(7,)]
        second = warehouse.connect(house)
        asked = "select current_setting('TimeZone'), current_setting('lock_configuration')"
        assert second.execute(asked).fetchall() == [("Europe/Oslo", True)]
        con.execute("create table t as select 1")
        second.close()
        con.close()


def test_a_release_is_opened_to_be_read_and_nothing_else(house: Settings) -> None:
    home = house.workspace.parent
    con = engine.open_locked(home / "other.duckdb")
    assert con.execute("from t").fetchall() == [(1,)]
    for escape in (
        "insert into t values (2)",
        *(one.format(home=home, spool=home) for one in ESCAPES.values()),
    ):
        with pytest.raises(duckdb.Error):
            con.execute(escape).fetchall()
    con.close()


def test_dbt_reads_seeds_and_nothing_else(house: Settings) -> None:
    """The connection of the project's own profile, as dbt-duckdb opens it."""
    home, spill = house.workspace.parent, house.workspace / "spill"
    found = {"VEDLEGG2_WAREHOUSE": str(home / "dbt.duckdb"), "VEDLEGG2_SPILL": str(spill)}
    profile = Template((DBT_PROJECT / "profiles.yml").read_text()).render(
        env_var=lambda name, default="": found.get(name, default)
    )
    set_flags(SimpleNamespace(PROJECT_DIR=str(DBT_PROJECT)))
    credentials = DuckDBCredentials.from_dict(yaml.safe_load(profile)["vedlegg2"]["outputs"]["duckdb"])
    environment = environments.create(credentials)
    handle = environment.handle()
    con = handle.cursor()._cursor
    before = sorted(home.iterdir())
    for escape in ESCAPES.values():
        with pytest.raises(duckdb.Error):
            con.execute(escape.format(home=home, spool=home)).fetchall()
    assert sorted(home.iterdir()) == before
    for seed in (DBT_PROJECT / ".." / "seeds", SEEDS):
        assert con.execute("from read_csv(?)", [f"{seed}/organisations.csv"]).fetchall()
    asked = "select current_setting('TimeZone'), current_setting('temp_directory')"
    assert handle.cursor()._cursor.execute(asked).fetchall() == [("Europe/Oslo", str(spill))]
    handle.close()
    environment.close()
