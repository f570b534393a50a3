"""Bring the time entries of another product's export into the workspace, once each, with a report on every row.

What becomes of a row:
- Its person is the member with that e-mail address, else the one with that name. Its client is the client with that
  name, legal name or short name. Unknown ones are reported, and created only on request: a member without a password
  who is not active, a client in the workspace's currency.
- A row without a client is the agency's own work: it goes to the internal client, and is never billable.
- Its project becomes a campaign of the client, one of that name if there is one, else a new one on the platform
  "Other". Its task becomes the activity, "Imported work" when it has none. Both are made as needed. A tag that names a
  platform says where the work happened; other tags are not kept.
- Its seconds are kept as they are. When the clock times span more (a break) or less, the start is kept and the end
  follows from the seconds, so that an entry is never longer or shorter than its time.
- Work that was invoiced elsewhere comes in as not billable, with the other invoice's number in its note, so that it
  can never be billed twice. Its rate is that of the rate card on its day; rates and amounts in the file are not used.
- A row seen before, by the key of its content, is left out, even when its entry was edited or deleted since.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, SQLModel

from agency_app.connectors.importers import Export, ImportedRow, read_export
from agency_app.domain.durations import LONGEST_ENTRY_SECONDS
from agency_app.services.actor import Actor, acting, record
from agency_app.services.rate_card import RateCard
from agency_app.services.refusal import NotFound
from agency_app.store import clients, imports, people
from agency_app.tables import (
    Activity,
    Campaign,
    Client,
    ImportedEntry,
    Member,
    Retainer,
    Task,
    TimeEntry,
)

MAY_IMPORT = ("owner", "lead")
INTERNAL, IMPORTED_WORK, OTHER_PLATFORM = "Internal", "Imported work", "Other"
PLATFORMS = ("Meta", "Google Ads", "TikTok", "LinkedIn")
COLOURS = 4
LONGEST_TITLE = 200


@dataclass(frozen=True)
class RowNote:
    """What there is to say about one row: the physical line it starts on, a word for scripts, a sentence for people."""

    line: int
    code: str
    reason: str


@dataclass
class ImportReport:
    """What an import did, or would do. rows_total = added + already_known + skipped + rejected, whatever was stored."""

    format: str
    file_name: str
    stored: bool = False
    """False for a dry run, and when one bad row kept everything out."""
    rows_total: int = 0
    added: int = 0
    added_seconds: int = 0
    already_known: int = 0
    skipped: int = 0
    """Rows that are not work: zero-length rows and breaks; each has its warning."""
    rejected: list[RowNote] = field(default_factory=list)
    warnings: list[RowNote] = field(default_factory=list)
    unknown_clients: list[str] = field(default_factory=list)
    unknown_members: list[str] = field(default_factory=list)
    created_clients: list[str] = field(default_factory=list)
    created_members: list[str] = field(default_factory=list)
    created_activities: list[str] = field(default_factory=list)
    created_campaigns: list[str] = field(default_factory=list)


def import_entries(
    actor: Actor,
    data: bytes,
    file_name: str,
    *,
    zone: str,
    date_order: str | None = None,
    dry_run: bool = False,
    create_missing: bool = False,
    all_or_nothing: bool = False,
    member_email: str | None = None,
) -> ImportReport:
    """Import an export of Toggl Track, Clockify, Harvest, Kimai or solidtime in one transaction.

    `zone` is the IANA zone of the file's local times, `date_order` how ambiguous dates are read. `member_email` gives
    every row to that member. A dry run reports everything and stores nothing; with `all_or_nothing` one rejected row
    has the same effect. Raises what `read_export` raises for a file that it cannot read, NotFound for an unknown
    `member_email`, and NotAllowed for anyone but owner and lead.
    """
    export = read_export(data, zone, date_order)
    report = ImportReport(export.format, file_name, rows_total=export.rows_total)
    try:
        with acting(actor, *MAY_IMPORT) as session:
            importer = _Importer(session, actor, report, zone, create_missing, member_email)
            importer.read(export)
            if dry_run or not importer.entries or (all_or_nothing and report.rejected):
                raise _NothingToStore
            importer.store()
            report.stored = True
            record(
                session,
                actor,
                "import_entries",
                actor.workspace_id,
                file=file_name,
                sha256=hashlib.sha256(data).hexdigest(),
                format=report.format,
                added=report.added,
            )
    except _NothingToStore:
        pass
    return report


class _NothingToStore(Exception):
    """Leaves the transaction without a trace."""
