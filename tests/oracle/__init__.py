"""The independent check: the 16 indicators once more, in plain Python, from the specification alone.

Belongs here: the rules of the indicators as short readable functions over lists of rows, and a comparison
with a built warehouse. Does not belong here: SQL or dataframes for the computation, and any import from
``orchestration`` or from the dbt project: shared code would hide a shared mistake.
"""
