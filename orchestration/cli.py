"""The program ``vedlegg2``: a thin face over the Dagster jobs and the published releases.

Belongs here: commands, options, exit codes, one sentence per error. Does not belong here: anything a command
does; it is imported when its command runs, so that reading a release takes no second.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import click

from orchestration.settings import Settings, UsageError, iso_date

FOLDER = click.Path(path_type=Path)
WIDTH = 200
"""Characters per line where standard output is no terminal."""


def _console(stderr: bool = False) -> Any:
    """Standard output or standard error, for tables and sentences."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else WIDTH)


def _settings(**options: Any) -> Settings:
    """The environment with the given options before it."""
    return Settings.from_environment(**options)


def _date(_context: click.Context, parameter: click.Parameter, text: str | None) -> Any:
    """An ISO date."""
    try:
        return text and iso_date(text)
    except ValueError:
        raise click.BadParameter(f"«{text}» is no date; write YYYY-MM-DD.", param=parameter) from None


published_option = click.option("--published", type=FOLDER, help="Folder of the releases.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The 16 indicators of Vedlegg 2, from delivered extracts to an audited release."""


@cli.command()
@click.option("--landing", type=FOLDER, help="Folder with the delivered extracts; only read.")
@click.option("--warehouse", type=FOLDER, help="DuckDB file that the run works in.")
@published_option
@click.option(
    "--reference", type=FOLDER, help="Folder with reference data that goes before seeds/; only read."
)
@click.option(
    "--as-of", metavar="YYYY-MM-DD", callback=_date, help="Look at deliveries up to this extract date."
)
@click.option("--make-current", is_flag=True, default=None, help="Let «current» point to an as-of release.")
@click.option(
    "--dataset", "datasets", metavar="NAME", multiple=True, help="Load this dataset only; repeatable."
)
@click.option(
    "--enforce-targets", is_flag=True, default=None, help="Exit 10 when an official target is missed."
)
def run(datasets: tuple[str, ...], **options: Any) -> int:
    """Load every delivery that is new, build, test and publish."""
    settings = _settings(**options)
    if not settings.landing.is_dir():
        raise UsageError(f"{settings.landing} is no folder; make it, or say with --landing where it is.")
    there = next(path for path in (settings.published, *settings.published.parents) if path.exists())
    if not there.is_dir():
        raise UsageError(f"{there} is a file, not the folder of releases; choose another with --published.")
    from orchestration.pipeline import Pipeline, new_run_id
    from orchestration.terminal.progress import progress_bar

    out, errors = _console(), _console(stderr=True)
    with progress_bar(out) as told, Pipeline.running(settings, new_run_id(), told) as pipeline:
        from orchestration.terminal import run as course

        return course.run(pipeline, datasets, out, errors)


@cli.command()
@click.option("--year", type=int, help="Year of the letter; the newest with targets when not said.")
@click.option("--org", metavar="ID", help="Organisation number; each region with targets when not said.")
@published_option
def status(year: int | None, org: str | None, published: Path | None) -> None:
    """Show the verdict table of the newest release."""
    from orchestration.terminal import status as table

    table.show(_console(), _settings(published=published), year, org)


@cli.command()
@click.argument("indicator", metavar="ID")
@click.argument("period")
@click.option("--series", help="One series; all of them when not said.")
@click.option("--org", metavar="ID", help="Organisation number; each region with targets when not said.")
@published_option
def explain(indicator: str, period: str, series: str | None, org: str | None, published: Path | None) -> None:
    """Take one figure apart: ID such as 3.6, PERIOD such as 2024-03, 2024-T1, 2024-YTD08 or 2024."""
    from orchestration.terminal import explanation

    explanation.show(_console(), _settings(published=published), indicator, period, series, org)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--from", "first", metavar="YYYY-MM", default="2022-01", show_default=True, help="First month.")
@click.option("--to", "last", metavar="YYYY-MM", default="2024-12", show_default=True, help="Last month.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="1.0 is about the real volume.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--faults", is_flag=True, help="Also write deliveries that are rejected.")
def sample(folder: Path, first: str, last: str, scale: float, seed: int, faults: bool) -> None:
    """Write synthetic extracts of all 14 datasets to DIR."""
    from orchestration.sample import write_sample
    from orchestration.terminal.progress import progress_bar

    with progress_bar(_console()) as told:
        write_sample(folder, first, last, scale, seed, faults, told)


@cli.command()
@click.argument("path", metavar="PATH", type=FOLDER)
@click.option("--dataset", required=True, metavar="NAME", help="Dataset that the files belong to.")
@click.option("--period", required=True, metavar="P", help="Such as 2024-03, 2024-T1 or 2024.")
@click.option(
    "--extract-date", required=True, metavar="YYYY-MM-DD", callback=_date, help="When the source was read."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "xlsx")),
    default="table",
    show_default=True,
    help="xlsx writes an error workbook to the current folder.",
)
def check(path: Path, dataset: str, period: str, extract_date: Any, form: str) -> int:
    """Check a file, or a folder as one delivery, before it is delivered: everything that could reject it."""
    from orchestration.terminal import check as sender

    return sender.run(_console(), _settings(), path, dataset, period, extract_date, form)


@cli.command()
@published_option
def releases(published: Path | None) -> None:
    """List the kept releases, newest first."""
    from orchestration.terminal import releases as kept

    kept.show(_console(), _settings(published=published))


@cli.command()
@click.argument("release_id", metavar="[ID]", required=False)
@published_option
def verify(release_id: str | None, published: Path | None) -> None:
    """Recompute every hash of a release, the current one when no ID is given."""
    from orchestration.release import store

    found = store.verify(_settings(published=published).published, release_id)
    click.echo(f"{found.release_id}: alle filer stemmer med release.json.")


@cli.command()
@click.argument("release_id", metavar="ID")
@published_option
def rollback(release_id: str, published: Path | None) -> None:
    """Make a kept release current again."""
    from orchestration.release import store

    folder = _settings(published=published).published
    store.verify(folder, release_id)
    found = store.rollback(folder, release_id)
    click.echo(f"Gjeldende utgivelse er nå {found.release_id}.")


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
def ui(port: int) -> None:
    """Start Dagster's web interface with schedules and sensor, on 127.0.0.1 only."""
    from orchestration.terminal.jobs import dagster_environment

    os.environ.update(dagster_environment(_settings()))
    os.umask(0o077)  # what Dagster writes is private
    arguments = ["dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "dagster", *arguments])  # noqa: S606 (no shell)


def main(arguments: list[str] | None = None) -> None:
    """Run the program and exit with the code of the specification (Commands)."""
    warnings.simplefilter("ignore")
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    from orchestration.terminal.stopping import Stopping

    with Stopping() as stopping:
        try:
            code = cli.main(arguments, prog_name="vedlegg2", standalone_mode=False) or 0
        except (click.Abort, KeyboardInterrupt):
            code = stopping.exit_code
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except Exception as error:  # an interrupted query is one too
            code = stopping.exit_code if stopping.told else _tell(error)
    sys.exit(code)


def _tell(error: Exception) -> int:
    """One sentence on standard error, and the exit code."""
    from orchestration.failures import BugError, known_errors, told_without_values

    codes = known_errors()
    if type(error) not in codes:
        with contextlib.suppress(UsageError):
            folder = Settings.from_environment().workspace / "log"
            try:
                with told_without_values(folder):
                    raise error
            except BugError as bug:
                error = bug
    click.echo(str(error), err=True)
    return codes.get(type(error), 1)
