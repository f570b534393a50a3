"""The key that names a row across exports, so that importing the same data twice adds nothing."""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from agency_app.connectors.importers.export import ImportedRow


def with_keys(format_name: str, rows: Iterable[ImportedRow]) -> tuple[ImportedRow, ...]:
    """Give every row its key: SHA-256 over the format and who did what, when, for how long.

    Built from the values read, so line numbers, column order, date and number formats do not matter. Left out is what
    the source changes after the fact (invoiced, tags, billable, rate, amount): an invoice written there must not make
    the row look new here. Clock times count to the minute, for whether seconds are shown is a user's setting. Rows of
    one file that are alike in all of it are numbered, so that each is kept.
    """
    seen: Counter[str] = Counter()
    keyed = []
    for row in rows:
        start, end = (row.local_start or row.work_date.isoformat())[:16], (row.local_end or "")[:16]
        who_and_what = (row.user, row.client or "", row.project or "", row.task or "", row.description)
        cells = [format_name, *map(_plain, who_and_what), start, end, row.seconds]
        base = json.dumps(cells, ensure_ascii=False)
        seen[base] += 1
        text = json.dumps([base, seen[base]], ensure_ascii=False)
        keyed.append(replace(row, key=hashlib.sha256(text.encode("utf-8")).hexdigest()))
    return tuple(keyed)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
