"""The course of ``vedlegg2 run``: load what is new, publish when anything differs, say what came of it.

Belongs here: the order of the jobs in one process under one lock, and what is printed. Does not belong here:
the jobs (``jobs.py``, ``definitions.py``) and the options (``cli.py``).
"""

from __future__ import annotations

from collections.abc import Collection

from rich.console import Console

from orchestration import fault_points, landing
from orchestration.failures import DONE, REJECTED, TARGETS
from orchestration.periods import Cadence, Period, today
from orchestration.pipeline import Pipeline
from orchestration.release import current_inputs, inputs_fingerprint, store
from orchestration.settings import Settings, UsageError
from orchestration.terminal import published, status, words
from orchestration.terminal.jobs import Jobs
from orchestration.terminal.rejections import line_of

MISSED = """
with complete as (
    select
        indicator_id, org_id, period,
        row_number() over (
            partition by indicator_id, org_id
            order by v.period_end desc, v.period_start asc, v.period_type desc
        ) as newest
    from indicator_value as v
    inner join indicator_status as s
        using (indicator_id, series, org_id, period)
    where v.org_level = 'region' and v.complete and s.official
)
select distinct s.indicator_id
from indicator_status as s
inner join complete as c
    on s.indicator_id = c.indicator_id and s.org_id = c.org_id and s.period = c.period and c.newest = 1
where s.official and s.status = 'not_met'
order by all
"""
"""Indicators with an official target not met in a region's newest complete period, as dbt's test has it."""

SETTLED = "settled"
"""File in the workspace: the current release, and the last inputs that gave the same content."""

QUARANTINED = (
    "select count(*) from (select distinct delivery_id, file_name, line from quarantine.rejected_row)"
)


def run(pipeline: Pipeline, datasets: Collection[str], out: Console, errors: Console) -> int:
    """Do everything that is to be done, and print it.

    Args:
        pipeline: the run, which holds the warehouse.
        datasets: limits loading to these; empty means all.
        out: standard output.
        errors: standard error.

    Returns:
        The exit code: rejected files go before missed targets.

    Raises:
        UsageError: no such data set.
        Exception: others of ``failures.known_errors``.
    """
    settings = pipeline.settings
    for name in datasets:
        if name not in pipeline.contracts:
            there = ", ".join(pipeline.contracts)
            raise UsageError(f"There is no dataset «{name}»; there are: {there}.")
    jobs = Jobs(pipeline)
    _load(pipeline, jobs, datasets)
    with pipeline.connected() as con:
        inputs = inputs_fingerprint(settings, con, pipeline.reference, pipeline.contracts)
        rejections = landing.standing_rejections(con)
        rows = landing.quarantined_rows(con, pipeline.deliveries)
        quarantined: int = con.execute(QUARANTINED).fetchall()[0][0]
        accepted = con.execute("select 1 from raw.delivery_file where status = 'accepted' limit 1").fetchall()
    new = bool(accepted) and inputs not in (current_inputs(settings.published), _same_content(settings))
    if new:
        jobs.execute("publish")
        if pipeline.outcome and not pipeline.outcome.published:
            settled = f"{pipeline.outcome.release_id} {inputs}"
            (settings.workspace / SETTLED).write_text(settled, encoding="utf-8")
    else:
        store.tidy(settings.published, settings.keep_releases)
        if store.current_id(settings.published):
            store.verify(settings.published)
    for warning in pipeline.warnings:
        out.print(f"Merk: {warning}", markup=False, highlight=False, soft_wrap=True)
    for line in *map(line_of, rejections), *(line_of(row, "quarantined") for row in rows):
        errors.print(line, markup=False, highlight=False, soft_wrap=True)
    _say_what_came_of_it(pipeline, new, out)
    missed = _missed(settings, out)
    out.print(
        f"{words.plain(quarantined)} {'rad' if quarantined == 1 else 'rader'} står i karantene.",
        highlight=False,
    )
    fault_points.reach("run.done")
    if rejections:
        return REJECTED
    return TARGETS if missed and settings.enforce_targets else DONE


def _same_content(settings: Settings) -> str | None:
    """Inputs that were found to give the content of the current release, and so need no second look."""
    path = settings.workspace / SETTLED
    release_id, _, inputs = (
        path.read_text(encoding="utf-8").partition(" ") if path.is_file() else ("", "", "")
    )
    return inputs if inputs and release_id == store.current_id(settings.published) else None


def _load(pipeline: Pipeline, jobs: Jobs, datasets: Collection[str]) -> None:
    """Load what is new, one job per cadence."""
    with pipeline.connected() as con:
        found = landing.discover(pipeline.settings.landing, pipeline.contracts, today())
        landing.record_unrecognised(con, found.unrecognised)
        pending = landing.pending(con, pipeline.settings, pipeline.contracts, pipeline.reference)
    wanted: dict[Cadence, dict[str, set[Period]]] = {}
    for name, labels in pending.items():
        cadence = pipeline.contracts[name].cadence
        if labels and (not datasets or name in datasets):
            periods = {Period.parse(label, cadence) for label in labels}
            wanted.setdefault(cadence, {})[name] = periods
    if wanted:
        pipeline.start_dbt()  # it parses while files are read
    for cadence, extracts in wanted.items():
        jobs.execute(f"load_{cadence}", extracts)


def _say_what_came_of_it(pipeline: Pipeline, new: bool, out: Console) -> None:
    """The verdict table of the current release, and one sentence about this run."""
    settings, outcome = pipeline.settings, pipeline.outcome
    if not any(not path.name.startswith((".", "_", "~$")) for path in settings.landing.iterdir()):
        out.print("Leveringsmappen er tom.")
    current = store.current_id(settings.published)
    if current:
        status.show(out, settings)
    if outcome and outcome.published and outcome.made_current:
        out.print(f"Publisert: {outcome.path}", markup=False, highlight=False, soft_wrap=True)
    elif outcome and outcome.published:
        out.print(
            f"Utgivelsen er laget, men «current» står som før: {outcome.path} (--make-current bytter).",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    elif new:
        out.print("Ingenting nytt å publisere: innholdet er det samme som i gjeldende utgivelse.")
    elif current:
        out.print("Ingenting nytt: gjeldende utgivelse står.")
    else:
        out.print("Ingen leveranse er godtatt ennå; det er ingenting å publisere.")


def _missed(settings: Settings, out: Console) -> list[str]:
    """Indicators whose official targets the current release does not meet; says which."""
    if not store.current_id(settings.published):
        return []
    with published.opened(settings.published) as (_, con):
        missed = [row[0] for row in con.execute(MISSED).fetchall()]
    if missed:
        out.print(f"Mål som ikke er nådd: {', '.join(missed)}.", highlight=False)
    return missed
