"""When and where: moves data from a delivered file to a published release, and computes no indicator.

The rooms are those of the README's map; what a figure means is decided in ``dbt_project/`` and ``seeds/``.
"""

import sys

# jsonschema would spend two seconds of every process on it; it only checks the form of IRIs, and we have none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
