"""Rejections that stand: what is rejected now and has not been overtaken, for messages and the exit code.

Belongs here: reading them. Does not belong here: deciding them, and wording messages.
"""

from __future__ import annotations

import duckdb

from orchestration.landing.model import StandingRejection


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
