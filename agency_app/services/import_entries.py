"""Bring the time entries of another product's export into the workspace, once each, with a report on every row.

What becomes of a row:
- Its person is the member with that e-mail address, else the one with that name. Its client is the client with that
  name, legal name or short name. Unknown ones are reported, and created only on request: a member without a password
  who is not active, a client in the workspace's currency.
- A row without a client is the agency's own work: it goes to the internal client, and is never billable.
- Its project becomes a campaign of the client, one of that name if there is one, else a new one on the platform
  "Other". Its task becomes the activity, "Imported work" when it has none. Both are made as needed. A tag that names a
  platform also says where the work happened; all tags are kept on the entry.
- Its seconds are kept as they are. When the clock times span more (a break) or less, the start is kept and the end
  follows from the seconds, so that an entry is never longer or shorter than its time.
- Work that was invoiced elsewhere comes in as not billable, with the other invoice's number in its note, so that it
  can never be billed twice. Its rate is that of the rate card on its day; rates and amounts in the file are not used. A
  fixed price cannot be kept: each row that had one is named.
- A row seen before, by the key of its content, is left out, even when its entry was edited or deleted since.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from agency_app.connectors.importers import Export, ExportError, ImportedRow, RowFault, read_export
from agency_app.domain.tags import tags_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.import_match import Match, Unmatched
from agency_app.services.refusal import Refused
from agency_app.store import imports
from agency_app.tables import ImportedEntry, Task, TimeEntry
from agency_app.tables.base import new_id, now

MAY_IMPORT = ("owner", "lead")
NOT_WORK = {"break_row", "not_work"}
LONGEST_TITLE = 200


@dataclass
class ImportReport:
    """What an import did, or, for a dry run, would do.

    rows_total = added + held_back + already_known + skipped + rejected, whatever was stored.
    """

    format: str
    file_name: str
    stored: bool = False
    """False for a dry run, and when one bad row kept everything out."""
    rows_total: int = 0
    added: int = 0
    added_seconds: int = 0
    held_back: int = 0
    """Good rows that stay out because all or nothing is asked for, and others are refused."""
    held_back_seconds: int = 0
    already_known: int = 0
    skipped: int = 0
    """Rows that are not work: zero-length rows and breaks; each has its warning."""
    rejected: list[RowFault] = field(default_factory=list)
    warnings: list[RowFault] = field(default_factory=list)
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
    date_order: Literal["day", "month"] | None = None,
    dry_run: bool = False,
    create_missing: bool = False,
    all_or_nothing: bool = False,
    member_email: str | None = None,
) -> ImportReport:
    """Import an export of Toggl Track, Clockify, Harvest, Kimai or solidtime in one transaction.

    `zone` is the IANA zone of the file's local times, `date_order` how ambiguous dates are read. `member_email` gives
    every row to that member, also those that name nobody. A dry run reports everything and stores nothing; with
    `all_or_nothing` one rejected row has the same effect. Raises Refused naming "file" for a file that cannot be read as
    a whole and "member_email" for an unknown one, and NotAllowed for anyone but owner and lead; nothing is stored then.
    """
    try:
        export = read_export(data, zone, date_order, one_person=member_email is not None)
    except ExportError as error:
        raise Refused(f"{file_name}: {error}", "file") from error
    report = ImportReport(export.format, file_name, rows_total=export.rows_total)
    try:
        with acting(actor, *MAY_IMPORT) as session:
            match = Match(session, actor.workspace_id, zone, create_missing, member_email)
            known = imports.known_keys(session, actor.workspace_id, [row.key for row in export.rows])
            stored = _read_rows(export, match, known, zone, report)
            match.forget_unused({made.entry[column] for made in stored for column in ("member_id", "client_id")})
            _describe(match, report)
            if all_or_nothing and report.rejected:
                report.held_back, report.held_back_seconds = report.added, report.added_seconds
                report.added = report.added_seconds = 0
            if dry_run or not report.added:
                raise _NothingToStore
            for created in match.created():
                session.add_all(created)
                session.flush()
            imports.add_rows(session, Task, [made.task for made in stored])
            imports.add_rows(session, TimeEntry, [made.entry for made in stored])
            imports.add_rows(session, ImportedEntry, [made.memory for made in stored])
            report.stored = True
            digest = hashlib.sha256(data).hexdigest()
            words = {"file": file_name, "sha256": digest, "format": export.format, "added": report.added}
            record(session, actor, "import_entries", actor.workspace_id, **words)
    except _NothingToStore:
        pass
    return report


class _NothingToStore(Exception):
    """Leaves the transaction without a trace."""


@dataclass(frozen=True)
class _Made:
    """The columns of what a row becomes: plain values, because ten thousand table objects take as many seconds."""

    task: dict[str, Any]
    entry: dict[str, Any]
    memory: dict[str, Any]


def _read_rows(export: Export, match: Match, known: set[str], zone: str, report: ImportReport) -> list[_Made]:
    """Turn the rows into what is to be stored, and count every one of them in the report."""
    made: list[_Made] = []
    silent: set[int] = set()
    notices: list[RowFault] = []
    breaks = [fault for fault in export.rejected if fault.code in NOT_WORK]
    report.skipped += len(breaks)
    report.rejected += [fault for fault in export.rejected if fault.code not in NOT_WORK]
    for row in export.rows:
        if row.key in known:
            report.already_known += 1
            silent.add(row.line)
        elif row.seconds <= 0:
            report.skipped += 1
            notices += _notices(row)
        else:
            try:
                made.append(_rows_of(row, match, export.format, zone))
            except Unmatched as unmatched:
                report.rejected.append(RowFault(row.line, unmatched.code, unmatched.reason))
                silent.add(row.line)
            else:
                report.added += 1
                report.added_seconds += row.seconds
                notices += _notices(row)
                if match.is_to_come(row.work_date):
                    reason = f"It is of {row.work_date:%d %b %Y}, a day still to come. Check the year."
                    notices.append(RowFault(row.line, "day_to_come", reason))
    report.rejected.sort(key=lambda fault: fault.line)
    report.warnings = sorted(
        [*breaks, *(fault for fault in export.warnings if fault.line not in silent), *notices],
        key=lambda fault: fault.line,
    )
    return made


def _rows_of(row: ImportedRow, match: Match, format_name: str, zone: str) -> _Made:
    """Return the task, its entry and the memory of the row. Raises Unmatched when the row cannot come in."""
    member, client = match.who(row)
    match.refuse_closed_day(client, member, row.work_date)
    activity, campaign = match.activity(row), match.campaign(row, client)
    retainer = match.retainer(client, row.work_date, activity, campaign)
    rate = match.rates.rate(client.id, activity.id, member.id, row.work_date)
    workspace_id, task_id, entry_id, instant = client.workspace_id, new_id(), new_id(), now()
    retainer_id = retainer.id if retainer else None
    task = {
        "id": task_id,
        "workspace_id": workspace_id,
        "client_id": client.id,
        "retainer_id": retainer_id,
        "campaign_id": campaign.id if campaign else None,
        "activity_id": activity.id,
        "title": " ".join(row.description.split())[:LONGEST_TITLE],
        "platform": match.platform(row, campaign),
        "planned_seconds": None,
        "done": False,
        "created_at": instant,
        "version": 1,
    }
    entry = {
        "id": entry_id,
        "workspace_id": workspace_id,
        "task_id": task_id,
        "client_id": client.id,
        "retainer_id": retainer_id,
        "member_id": member.id,
        "started_at": row.start,
        "ended_at": row.start + timedelta(seconds=row.seconds) if row.start else None,
        "work_date": row.work_date,
        "zone": zone,
        "seconds": row.seconds,
        "billable": row.billable and not row.invoiced and bool(row.client) and not client.internal,
        "note": _note(row),
        "tags": tags_text(row.tags),
        "rate": rate.rate,
        "rate_source": rate.source,
        "invoice_id": None,
        "created_at": instant,
        "version": 1,
    }
    memory = {
        "id": new_id(),
        "workspace_id": workspace_id,
        "key": row.key,
        "format": format_name,
        "line": row.line,
        "entry_id": entry_id,
        "imported_at": instant,
    }
    return _Made(task, entry, memory)


def _notices(row: ImportedRow) -> list[RowFault]:
    """Return what a row says that has no place here."""
    if row.fixed_price is None:
        return []
    price = f"{row.fixed_price} {row.currency or ''}".strip()
    reason = f"The fixed price of {price} is not kept; time is billed by the rate card. Bill the price by hand."
    return [RowFault(row.line, "fixed_price_not_kept", reason)]


def _note(row: ImportedRow) -> str:
    if not row.invoiced:
        return row.description.strip()
    where = f"on {row.external_invoice}" if row.external_invoice else "elsewhere"
    return f"{row.description.strip()} (already invoiced {where})".strip()


def _describe(match: Match, report: ImportReport) -> None:
    report.unknown_clients, report.unknown_members = sorted(match.unknown_clients), sorted(match.unknown_members)
    report.created_clients = [client.name for client in match.new_clients]
    report.created_members = [member.name for member in match.new_members]
    report.created_activities = [activity.name for activity in match.new_activities]
    report.created_campaigns = [f"{campaign.name} ({match.client_of(campaign)})" for campaign in match.new_campaigns]
