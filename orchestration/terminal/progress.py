"""A progress bar for long work, when somebody watches.

Belongs here: how progress looks. Does not belong here: what is done and how much of it there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def progress_bar(out: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Yield what is told of each step (its name, how much is done, how much there is); gone at the end."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bars:
        bar = bars.add_task("", total=None)

        def told(step: str, done: int, total: int) -> None:
            bars.update(bar, description=step, completed=done, total=total)

        yield told
