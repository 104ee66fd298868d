"""What the environment is made of: a complete lock with hashes, no known vulnerabilities, a bill of materials.

Belongs here: ``make audit-deps``. Does not belong here: choosing versions (``pyproject.toml``, ``make lock``).
"""
