"""What an analyst would do by hand on the same files: read_csv into tables, then one query per indicator.

It is the yardstick of ``make bench``: no contract, no row rules, no quarantine, no roll-up, no verdict, no release.
Does not belong here: anything that the product uses.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd

TIMES = {"inn_tid", "ut_tid", "utskrevet_tid", "epikrise_sendt_tid"}
NUMBERS = {
    "ventetid_sluttkode", "rett_til_helsehjelp", "utfall_av_vurdering", "omsorgsnivaa", "kontakttype", "polindir",
    "debitor", "innmate_hast", "uttilstand", "epikrise_samtykke", "inntilstand", "hdg", "maks_dager", "aar",
    "kategori", "regnskapsaar", "nye_pasienter",
}  # fmt: skip
AMOUNTS = {"virkestoff_gram", "dognplasser", "antall_senger", "belop_nok"}


def _typed(column: str) -> str:
    if column in TIMES:
        return f"try_cast({column} as timestamp) as {column}"
    if column in NUMBERS:
        return f"try_cast({column} as bigint) as {column}"
    if column in AMOUNTS:
        return f"try_cast(replace({column}, ',', '.') as decimal(20, 6)) as {column}"
    if column.endswith("dato") or column in {"kontrakt_fra", "kontrakt_til"}:
        return f"coalesce(try_cast({column} as date), cast(try_strptime({column}, '%d.%m.%Y') as date)) as {column}"
    return column


def load(con: duckdb.DuckDBPyConnection, landing: Path) -> int:
    """Read every file into a table named after its dataset; returns the number of rows."""
    rows = 0
    for folder in sorted(path for path in landing.iterdir() if path.is_dir()):
        first = True
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            if file.suffix == ".parquet":
                source = f"read_parquet('{file}')"
            elif file.suffix == ".xlsx":
                sheet = pd.read_excel(file, engine="calamine", dtype=str)  # noqa: F841 - read by name below
                source = "sheet"
            elif file.suffix == ".json":
                data = json.loads(file.read_text())
                sheet = pd.DataFrame({"dognplasser": [str(v) for v in _cells(data)]})  # noqa: F841
                source = "sheet"
            else:
                try:
                    file.open(encoding="utf-8").read() if file.suffix == ".csv" else None
                    encoding = "utf-8"
                except UnicodeDecodeError:
                    encoding = "latin-1"
                source = f"read_csv('{file}', delim=';', header=true, all_varchar=true, encoding='{encoding}', null_padding=true, strict_mode=false)"
            columns = [name for name, *_ in con.execute(f"describe select * from {source}").fetchall()]
            if file.suffix == ".parquet":
                chosen = ", ".join(columns)
            else:
                chosen = ", ".join(_typed(column) for column in columns)
            period, extract_date = file.relative_to(folder).parts[:2]
            query = (
                f"select '{period}' as period, date '{extract_date}' as extract_date, {chosen} from {source}"
            )
            con.execute(
                f"create table {folder.name} as {query}"
                if first
                else f"insert into {folder.name} by name {query}"
            )
            first = False
        rows += con.execute(f"select count(*) from {folder.name}").fetchall()[0][0]
    return rows


def _cells(data: dict) -> list[object]:
    return list(data["value"].values()) if isinstance(data["value"], dict) else data["value"]


QUERIES = {
    "1.1": """select regnskapsaar, foretak_orgnr, sum(belop_nok) from costs
        where tjenesteomraade in ('PHVV','PHBU','TSB') and kostnadsart not in ('PENSJON','AVSKRIVNING') group by all""",
    "1.2": """select period, foretak_orgnr, tjenesteomraade, count(*) from outpatient_contacts
        where tjenesteomraade <> 'SOM' and omsorgsnivaa = 3 and polindir is distinct from 21 and kontakttype <> 5
        and debitor not in (12,30,32,60,50) group by all""",
    "1.3": """select period, foretak_orgnr, tjenesteomraade, count(distinct (pasient_id, night)) from (
        select *, unnest(generate_series(cast(inn_tid as date), coalesce(cast(ut_tid as date), extract_date) - 1,
        interval 1 day)) as night from inpatient_stays where omsorgsnivaa = 1 and tjenesteomraade in ('PHVV','PHBU'))
        group by all""",
    "1.4": "select period, sum(try_cast(dognplasser as double)) from psychiatric_beds group by all",
    "2.1": """select aar, count(distinct studie_id) from clinical_trials
        where lower(behandlingsstudie) in ('true','1','ja') and nye_pasienter > 0 group by all""",
    "2.2": """select period, fagretning, count(distinct stilling_id) from training_positions
        where fra_dato <= make_date(cast(period as integer), 12, 31)
        and coalesce(til_dato, date '9999-12-31') >= make_date(cast(period as integer), 12, 31) group by all""",
    "2.3": """select period, larefag, count(distinct laerling_id) from apprentices
        where kontrakt_fra <= make_date(cast(period as integer), 12, 31)
        and coalesce(kontrakt_til, date '9999-12-31') >= make_date(cast(period as integer), 12, 31) group by all""",
    "2.4": """select a.period, a.foretak_orgnr, a.gram, b.days from
        (select period, foretak_orgnr, sum(virkestoff_gram) as gram from antibiotics group by all) as a
        join (select period, foretak_orgnr, sum(date_diff('day', inn_tid, coalesce(ut_tid, extract_date))) as days
        from inpatient_stays where omsorgsnivaa = 1 and tjenesteomraade = 'SOM' group by all) as b
        using (period, foretak_orgnr)""",
    "2.5": "select period, driftstype, sum(antall_senger) from icu_capacity where kategori in (2, 3) group by all",
    "3.1": """select period, kreftform, count(*), count(*) filter (behandling_start_dato - start_dato <= 40) from
        (select *, row_number() over (partition by foretak_orgnr, forlop_id order by behandling_start_dato) as n
        from cancer_pathways where behandlingstype in ('K','M','S')) where n = 1 group by all""",
    "3.2": """select period, foretak_orgnr, tjenesteomraade, count(*), avg(ventetid_sluttdato - ansiennitetsdato)
        from waiting_times where ventetid_sluttkode = 1 and utfall_av_vurdering in (1, 2) and rett_til_helsehjelp = 3
        and vurderingsdato is not null and vurderingsdato <> ventetid_sluttdato
        and ventetid_sluttdato - ansiennitetsdato between 2 and 3652 group by all""",
    "3.3": """select period, foretak_orgnr, tjenesteomraade, count(*),
        count(*) filter (planlagt_dato >= cast(extract_date - 8 as date))
        from planned_contacts where status = 'planlagt' and planlagt_dato is not null group by all""",
    "3.4": """select period, tjenesteomraade, count(distinct pasient_id),
        count(distinct case when kontakttype in (6, 7) or digital_oppfolging is not null then pasient_id end)
        from outpatient_contacts where omsorgsnivaa = 3 and debitor not in (12,30,32,60,50) group by all""",
    "3.5": """select period, tjenesteomraade, count(distinct forlop_id), count(distinct case when
        lower(plan_med_pasient) in ('true','1','ja') and behandlingsplan_dato is not null then forlop_id end)
        from treatment_plans group by all""",
    "3.6": """select period, tjenesteomraade, count(*),
        count(*) filter (cast(sent as date) - cast(discharged as date) <= 1) from
        (select period, tjenesteomraade, opphold_id, min(utskrevet_tid) as discharged, min(epikrise_sendt_tid) as sent
        from epicrises where omsorgsnivaa = 1 and epikrise_samtykke is distinct from 4 group by all) group by all""",
    "3.7": """select date_trunc('month', ut_tid), tjenesteomraade, count(*),
        count(*) filter (next_in between ut_tid + interval 8 hour and ut_tid + interval 720 hour) from
        (select *, lead(inn_tid) over (partition by pasient_id, tjenesteomraade order by inn_tid) as next_in from
        (select distinct on (opphold_id) * from inpatient_stays where omsorgsnivaa = 1)) group by all""",
}  # fmt: skip


def run(landing: Path) -> tuple[int, dict[str, int]]:
    """Load and query; returns rows loaded and rows of each answer."""
    con = duckdb.connect()
    rows = load(con, landing)
    return rows, {name: len(con.execute(query).fetchall()) for name, query in QUERIES.items()}
