"""When and where: moves data from a delivered file to a published release, and computes no indicator.

The rooms are those of the README's map; what a figure means is decided in ``dbt_project/`` and ``seeds/``.
"""
