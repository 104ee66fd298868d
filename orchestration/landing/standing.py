"""Rejections for messages and the exit code: those that stand, and single rows of files that were accepted.

Belongs here: reading them. Does not belong here: deciding them, and wording messages.
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from orchestration.landing.model import StandingRejection


def quarantined_rows(con: duckdb.DuckDBPyConnection, deliveries: Collection[str]) -> list[StandingRejection]:
    """Rejected rows of accepted files of these deliveries, one item per field and rule, in the same order."""
    found = con.execute(
        """
        select f.dataset, f.delivery_id, f.file_name, r.first_line, r.field, r.rule, r.row_count
        from raw.delivery_file f
        join raw.rejection r using (delivery_id, file_name, sha256)
        where f.status = 'accepted' and list_contains($ids, f.delivery_id)
        order by all""",
        {"ids": list(deliveries)},
    ).fetchall()
    return [StandingRejection(*row) for row in found]


def standing_rejections(con: duckdb.DuckDBPyConnection) -> list[StandingRejection]:
    """Rejected files, one item per field and rule, in order of dataset, delivery, file and line.

    A rejected file stands until it is corrected or removed, or until a newer extract date of the same
    dataset, period and sender is in force. Unrecognised paths stand as long as they are there. Single
    rejected rows of accepted files are no rejection; they are in quarantine.
    """
    found = con.execute("""
        with in_force as (
            select dataset, period, sender, max(extract_date) as extract_date
            from raw.delivery_file where status = 'accepted' group by all
        ), standing as (
            select f.dataset, f.delivery_id, f.file_name, f.sha256 from raw.delivery_file f
            left join in_force n on n.dataset = f.dataset and n.period = f.period and n.sender = f.sender
            where f.status = 'rejected' and (n.extract_date is null or n.extract_date <= f.extract_date)
        )
        select s.dataset, s.delivery_id, coalesce(u.path, s.file_name),
            r.first_line, r.field, r.rule, r.row_count
        from standing s
        join raw.rejection r on r.delivery_id is not distinct from s.delivery_id
            and r.file_name = s.file_name and r.sha256 = s.sha256
        left join raw.unrecognised u on s.delivery_id is null and u.sha256 = s.sha256
        order by all""").fetchall()
    return [StandingRejection(*row) for row in found]
