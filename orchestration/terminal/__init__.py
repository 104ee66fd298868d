"""What people read in the terminal: the course of a run, the verdict table, one figure taken apart.

Belongs here: Norwegian words, numbers and tables over a published release. Does not belong here: options and
exit codes (``cli.py``), and anything that computes.
"""
