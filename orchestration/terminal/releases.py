"""The kept releases as a table.

Belongs here: which facts of a release are shown. Does not belong here: keeping, verifying and switching
(``release/store.py``).
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from orchestration.periods import OSLO
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.terminal import words


def show(console: Console, settings: Settings) -> None:
    """Print the kept releases, newest first; one that was changed keeps no other from being listed.

    Raises:
        IntegrityError: a manifest was changed; the sentence names the newest such.
    """
    kept, changed = store.releases(settings.published)
    if not kept and not changed:
        console.print("Ingen utgivelser.")
        return
    table = Table()
    for heading in ("Utgivelse", "Laget", "Per dato", "Endrede tall", ""):
        table.add_column(heading, justify="right" if heading == "Endrede tall" else "left")
    for one in kept:
        table.add_row(
            one.release_id,
            f"{one.created_at.astimezone(OSLO):%d.%m.%Y %H:%M}",
            f"{one.as_of:%d.%m.%Y}" if one.as_of else "alle leveranser",
            words.NOTHING if one.figures_changed is None else words.plain(one.figures_changed),
            "gjeldende" if one.current else "",
        )
    console.print(table)
    if changed:
        raise changed[0]
