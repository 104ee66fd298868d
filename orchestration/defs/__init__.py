"""What Dagster sees: assets, checks, jobs, schedules and the sensor, all over the functions next door.

Belongs here: everything that imports Dagster. Does not belong here: how a file is read, a figure computed or
a release written; nothing outside imports this package but ``definitions.py`` and the command line.
"""
