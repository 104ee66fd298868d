"""The report of a release: a static site in Norwegian, without JavaScript.

Belongs here: reading the release's own tables and writing pages. Does not belong here: computing a figure or
a verdict, which the release has done.
"""

from orchestration.report.site import build

__all__ = ["build"]
