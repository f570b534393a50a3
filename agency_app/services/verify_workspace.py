"""Recompute what must never be wrong from the stored rows: totals, traceability, locks, periods and the hash chain."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from sqlmodel import Session

from agency_app.documents.einvoice.figures import amount
from agency_app.documents.einvoice.reading import adjustments_of, stated_due_minor, totals_of_snapshot
from agency_app.documents.einvoice.ubl import read_ubl
from agency_app.domain import retainer as arithmetic
from agency_app.domain.invoice import (
    Adjustment,
    DocumentAdjustment,
    DocumentKind,
    Line,
    LineKind,
    LineUnit,
    LineWork,
    Totals,
    VatGroup,
    check_invoice,
    totals_of,
)
from agency_app.domain.money import MoneyError, exponent
from agency_app.domain.retainer import ClosedPeriod
from agency_app.domain.tags import tags_in, tags_text
from agency_app.services.document_chain import document_chain_faults
from agency_app.services.finalise_invoice import chain_hash
from agency_app.services.number_series import number_of
from agency_app.services.retainer_books import worth
from agency_app.services.retainer_terms import closed_period_of
from agency_app.services.sound_rows import is_password_hash, same_addresses, span_fault
from agency_app.services.verify_builder import builder_faults
from agency_app.services.verify_credit_notes import credit_faults
from agency_app.store import clients, people
from agency_app.store.changes import events_of_subjects
from agency_app.store.whole_workspace import dangling, objects, reading_at_one_instant
from agency_app.tables import (
    Activity,
    DraftItem,
    EntryDecision,
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceSeries,
    LateEntry,
    Member,
    Retainer,
    RetainerPeriod,
    Task,
    TimeEntry,
)
from agency_app.tables import LineWork as LineWorkRow


class _Books:
    """The rows of a workspace that the checks read, by id and by what they belong to, as of one instant."""

    def __init__(self) -> None:
        self.invoices: dict[str, Invoice] = {}
        self.series: list[InvoiceSeries] = []
        self.lines: dict[str, list[InvoiceLine]] = defaultdict(list)
        self.work: dict[str, list[LineWorkRow]] = defaultdict(list)
        self.documents: list[InvoiceDocument] = []
        self.document_head = ""
        self.entries: dict[str, TimeEntry] = {}
        self.tasks: dict[str, Task] = {}
        self.retainers: dict[str, Retainer] = {}
        self.periods: list[RetainerPeriod] = []
        self.drawing: dict[str, list[TimeEntry]] = defaultdict(list)
        self.late: dict[str, LateEntry] = {}
        self.decided: dict[str, EntryDecision] = {}
        self.items: list[DraftItem] = []
        self.currencies: dict[str, str] = {}
        self.members: list[Member] = []
        self.member_names: dict[str, set[str]] = {}
        self.activity_names: dict[str, set[str]] = {}
        self.dangling: list[tuple[str, str, str, str, int]] = []
        with reading_at_one_instant() as session:
            workspace = people.any_workspace(session)
            if workspace is None:
                return
            self.invoices = {row.id: row for row in objects(session, Invoice, workspace.id)}
            self.series = objects(session, InvoiceSeries, workspace.id)
            for line in objects(session, InvoiceLine, workspace.id):
                self.lines[line.invoice_id].append(line)
            for work in objects(session, LineWorkRow, workspace.id):
                self.work[work.line_id].append(work)
            self.documents = objects(session, InvoiceDocument, workspace.id)
            self.document_head = workspace.document_head
            self.entries = {row.id: row for row in objects(session, TimeEntry, workspace.id)}
            self.tasks = {row.id: row for row in objects(session, Task, workspace.id)}
            self.retainers = {row.id: row for row in objects(session, Retainer, workspace.id)}
            self.periods = objects(session, RetainerPeriod, workspace.id)
            self.late = {row.entry_id: row for row in objects(session, LateEntry, workspace.id)}
            self.decided = {row.entry_id: row for row in objects(session, EntryDecision, workspace.id)}
            self.items = objects(session, DraftItem, workspace.id)
            self.currencies = clients.currencies(session, workspace.id)
            self.members = objects(session, Member, workspace.id)
            self.member_names = _names(session, self.members)
            self.activity_names = _names(session, objects(session, Activity, workspace.id))
            self.dangling = list(dangling(session))
        for entry in self.entries.values():
            late = self.late.get(entry.id)
            if entry.billable and entry.retainer_id is not None and (late is None or late.placement == "next"):
                self.drawing[entry.retainer_id].append(entry)

    def counts_on(self, entry: TimeEntry) -> date:
        """Return the day whose period an entry draws on: another than it was worked on if it came late or was moved."""
        late, decided = self.late.get(entry.id), self.decided.get(entry.id)
        if decided is not None and decided.bill_on is not None:
            return decided.bill_on
        return entry.work_date if late is None else late.counts_on

    def decimals(self, retainer: Retainer) -> int:
        """Return the number of decimals of a retainer's currency."""
        return exponent(self.currencies[retainer.client_id])

    def name(self, invoice_id: str) -> str:
        """Return how a person finds the invoice."""
        invoice = self.invoices.get(invoice_id)
        kind = "Credit note" if invoice and invoice.kind == "credit_note" else "Invoice"
        return f"{kind} {invoice.number or invoice.id}" if invoice else f"Invoice {invoice_id}"


def _names(session: Session, rows: Sequence[Member] | Sequence[Activity]) -> dict[str, set[str]]:
    """Return by id every name that a row has or, by the audit events of its changes, ever had."""
    names = {row.id: {row.name} for row in rows}
    for event in events_of_subjects(session, list(names)):
        detail = _parsed(event.detail) or {}
        for held in (detail.get("before"), detail.get("after")):
            if isinstance(held, dict) and isinstance(held.get("name"), str):
                names[event.subject_id].add(held["name"])
    return names


def verify_workspace() -> list[str]:
    """Return every fault of the books as a sentence that names the row; an empty list when everything adds up.

    Nothing is written. An installation without a workspace has no faults.
    """
    books = _Books()
    faults: list[str] = []
    for invoice in sorted(books.invoices.values(), key=lambda row: (row.number or "", row.id)):
        faults += _invoice_faults(books, invoice)
    for series in sorted(books.series, key=lambda row: (row.kind, row.year)):
        faults += _chain_faults(books, series)
    faults += credit_faults(books.invoices, books.lines, books.work)
    faults += _work_faults(books)
    faults += _entry_faults(books)
    faults += _member_faults(books)
    faults += _period_faults(books)
    faults += _late_faults(books)
    faults += builder_faults(books.invoices, books.entries, books.work, books.decided, books.items)
    faults += _document_faults(books)
    faults += document_chain_faults(books.documents, books.invoices, books.document_head, books.name)
    faults += _dangling_faults(books)
    return faults


def _invoice_faults(books: _Books, invoice: Invoice) -> Iterator[str]:
    name = books.name(invoice.id)
    rows = sorted(books.lines[invoice.id], key=lambda row: row.position)
    if invoice.status != "final":
        if rows:
            yield f"{name}: a draft has stored lines; its lines are derived from the entries."
        return
    if invoice.series_id is None or invoice.sequence is None:
        yield f"{name}: a final invoice is in no number series."
    if [row.position for row in rows] != list(range(1, len(rows) + 1)):
        yield f"{name}: the positions of its lines are not 1 to {len(rows)}."
    snapshot = _parsed(invoice.snapshot)
    if snapshot is None:
        yield f"{name}: the snapshot is missing or is not JSON."
    said = snapshot.get("lines") if snapshot else None
    stated = said if isinstance(said, list) and len(said) == len(rows) else [{}] * len(rows)
    lines = [_line(books, row, one) for row, one in zip(rows, stated, strict=True)]
    try:
        yield from (f"{name}: {fault}" for fault in _arithmetic_faults(invoice, lines, snapshot))
    except MoneyError as error:
        yield f"{name}: {error}"
    if snapshot is not None:
        yield from (f"{name}: {fault}" for fault in _snapshot_faults(books, invoice, rows, snapshot))


def _parsed(snapshot: str | None) -> dict[str, Any] | None:
    try:
        parsed = json.loads(snapshot or "")
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _line(books: _Books, row: InvoiceLine, said: Any) -> Line:
    """Return a stored line with the discounts and surcharges that the snapshot says it has; the chain guards those."""
    work = tuple(
        LineWork(one.entry_id, one.seconds, one.billed_seconds, one.amount_minor) for one in books.work[row.id]
    )
    kind, unit = cast(LineKind, row.kind), cast(LineUnit, row.unit)
    return Line(
        kind,
        row.description,
        row.quantity,
        unit,
        row.price,
        row.net_minor,
        row.vat_category,
        row.vat_rate,
        work,
        _adjustments(said),
    )


def _adjustments(said: Any) -> tuple[Adjustment, ...]:
    listed = said.get("adjustments", ()) if isinstance(said, dict) else ()
    try:
        return tuple(Adjustment(**one) for one in listed)
    except TypeError:
        return ()


def _arithmetic_faults(invoice: Invoice, lines: list[Line], snapshot: dict[str, Any] | None) -> Iterator[str]:
    adjustments = _document_adjustments(snapshot)
    recomputed = totals_of(lines, invoice.currency, adjustments)
    stored = Totals(
        invoice.subtotal_minor or 0,
        _vat_groups(snapshot) if snapshot else recomputed.vat,
        invoice.vat_minor or 0,
        invoice.total_minor or 0,
        recomputed.allowances_minor,
        recomputed.charges_minor,
    )
    kind: DocumentKind = "credit_note" if invoice.kind == "credit_note" else "invoice"
    if snapshot:
        try:
            said = totals_of_snapshot(snapshot)
        except (KeyError, TypeError) as error:
            yield f"what the snapshot says of its sums cannot be read: {error}"
            return
        stored = replace(stored, prepaid_minor=said.prepaid_minor, accounting=said.accounting)
        if kind == "invoice" and stated_due_minor(snapshot) != stored.due_minor:
            yield f"BR-CO-16: prepayments leave {stored.due_minor} due, the snapshot says otherwise."
    yield from check_invoice(lines, stored, invoice.currency, adjustments, kind)
    for number, line in enumerate(lines, start=1):
        if line.kind in {"time", "overage"} and not line.work:
            yield f"Line {number} ({line.description}): it bills hours, but no work is tied to it."


def _document_adjustments(snapshot: dict[str, Any] | None) -> tuple[DocumentAdjustment, ...]:
    try:
        return adjustments_of(snapshot or {})
    except TypeError:
        return ()


def _vat_groups(snapshot: dict[str, Any]) -> tuple[VatGroup, ...]:
    try:
        return tuple(
            VatGroup(
                group["category"],
                group["rate"],
                group["base_minor"],
                group["amount_minor"],
                group.get("reason", ""),
            )
            for group in snapshot["vat"]
        )
    except (KeyError, TypeError):
        return ()


def _snapshot_faults(
    books: _Books, invoice: Invoice, rows: list[InvoiceLine], snapshot: dict[str, Any]
) -> Iterator[str]:
    """Compare the stored rows with what the invoice said when it was finalised."""
    stored = {
        "kind": invoice.kind,
        "number": invoice.number,
        "issue_date": invoice.issue_date.isoformat() if invoice.issue_date else None,
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "period": {
            "start": invoice.period_start.isoformat(),
            "end": invoice.period_end.isoformat(),
        },
        "currency": invoice.currency,
        "subtotal_minor": invoice.subtotal_minor,
        "vat_minor": invoice.vat_minor,
        "total_minor": invoice.total_minor,
    }
    yield from _differences("", stored, snapshot)
    said = snapshot.get("lines")
    if not isinstance(said, list) or len(said) != len(rows):
        yield f"it has {len(rows)} stored lines, the snapshot has {len(said) if isinstance(said, list) else 'none'}."
        return
    for row, line in zip(rows, said, strict=True):
        if not isinstance(line, dict):
            yield f"line {row.position}: the snapshot's line is not an object."
            continue
        columns = (
            "position",
            "kind",
            "description",
            "quantity",
            "unit",
            "price",
            "net_minor",
        )
        kept = {column: getattr(row, column) for column in (*columns, "vat_category", "vat_rate")}
        yield from _differences(f"line {row.position} ", kept, line)
        yield from _work_differences(books, row, line)


def _differences(prefix: str, stored: dict[str, Any], snapshot: dict[str, Any]) -> Iterator[str]:
    for key, value in stored.items():
        if snapshot.get(key) != value:
            yield f"{prefix}{key} is {value!r} in the stored row and {snapshot.get(key)!r} in the snapshot."


def _work_differences(books: _Books, row: InvoiceLine, line: dict[str, Any]) -> Iterator[str]:
    columns = ("entry_id", "seconds", "billed_seconds", "amount_minor")
    stored = sorted(tuple(getattr(work, column) for column in columns) for work in books.work[row.id])
    listed = line.get("work")
    said = [work for work in listed if isinstance(work, dict)] if isinstance(listed, list) else []
    if stored != sorted((tuple(work.get(column) for column in columns) for work in said), key=str):
        yield f"line {row.position}: the work stored under it is not the work in the snapshot."
    for work in said:
        entry = books.entries.get(str(work.get("entry_id")))
        if entry is not None and entry.invoice_id == row.invoice_id:  # what was credited may have changed since
            yield from (
                f"line {row.position}: entry {entry.id} {fault}" for fault in _entry_differences(books, entry, work)
            )


def _entry_differences(books: _Books, entry: TimeEntry, work: dict[str, Any]) -> Iterator[str]:
    """Compare a locked entry with what the invoice's lines and its work log say of it; a row may have been renamed since."""
    if entry.work_date.isoformat() != work.get("date"):
        yield f"was worked on {work.get('date')}, the stored entry says {entry.work_date}."
    task = books.tasks.get(entry.task_id)
    activities = books.activity_names.get(task.activity_id if task else "", set())
    members = books.member_names.get(entry.member_id, set())
    told = entry.note or (task.title if task else "")
    if work.get("member") not in members:
        yield f"is of {work.get('member')} in the snapshot, the stored entry is of {_either(members)}."
    if work.get("activity") not in activities:
        yield f"is {work.get('activity')} in the snapshot, the stored entry is {_either(activities)}."
    elif work.get("task") not in ({told} if told else activities):
        yield f"reads {work.get('task')!r} in the snapshot, the stored entry reads {told or _either(activities)!r}."


def _either(names: set[str]) -> str:
    return " or ".join(sorted(names)) or "nobody known"


def _chain_faults(books: _Books, series: InvoiceSeries) -> Iterator[str]:
    """Walk the chain from the first invoice to the head: every number once, every hash from the one before."""
    name = f"Series {series.kind} {series.year}{'' if series.yearly else ' onwards'}"
    members = [invoice for invoice in books.invoices.values() if invoice.series_id == series.id]
    members = sorted(
        (one for one in members if one.sequence is not None),
        key=lambda one: one.sequence or 0,
    )
    previous, expected, newest = "", 1, None
    for invoice in members:
        label = books.name(invoice.id)
        sequence = invoice.sequence or 0
        year = invoice.issue_date.year if invoice.issue_date and not series.yearly else series.year
        if sequence > expected:
            missing = [number_of(series.pattern, year, number) for number in range(expected, sequence)]
            yield f"{name}: missing before {invoice.number}: {', '.join(missing)}."
        expected = sequence + 1
        if invoice.number != number_of(series.pattern, year, sequence):
            yield f"{label}: number {sequence} of its series is {number_of(series.pattern, year, sequence)}."
        if (invoice.previous_sha256 or "") != previous:
            yield f"{label}: it does not continue the chain: the hash of the invoice before it is another one."
        if invoice.sha256 != chain_hash(invoice.previous_sha256 or "", invoice.snapshot or ""):
            yield f"{label}: its content was changed after it was finalised: its hash does not match."
        if invoice.issue_date and newest and invoice.issue_date < newest:
            yield f"{label}: its issue date {invoice.issue_date} is before that of the invoice before it, {newest}."
        previous, newest = invoice.sha256 or "", invoice.issue_date
    if series.last_number >= expected:
        year = series.last_issue_date.year if series.last_issue_date and not series.yearly else series.year
        missing = [number_of(series.pattern, year, number) for number in range(expected, series.last_number + 1)]
        yield f"{name}: missing at its end: {', '.join(missing)}."
    elif series.last_number < expected - 1:
        yield f"{name}: the counter says {series.last_number}, the newest invoice is number {expected - 1}."
    if series.head != previous:
        yield f"{name}: the head of the chain is not the hash of the newest invoice."
    if series.last_issue_date != newest:
        yield f"{name}: the newest issue date is {newest}, the counter row says {series.last_issue_date}."


def _work_faults(books: _Books) -> Iterator[str]:
    """Check each tie between a line and an entry from both ends."""
    invoice_of_line = {row.id: row.invoice_id for rows in books.lines.values() for row in rows}
    billed: dict[str, int] = defaultdict(int)
    by_invoice: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_id = {work.id: work for rows in books.work.values() for work in rows}
    for line_id, rows in books.work.items():
        for work in rows:
            source = by_id.get(work.credits_id or "", work)
            seconds = -work.seconds if work.credits_id else work.seconds
            billed[work.entry_id] += seconds
            by_invoice[work.entry_id][source.invoice_id] += seconds
            if invoice_of_line.get(line_id) != work.invoice_id:
                yield f"{books.name(work.invoice_id)}: work {work.id} hangs on a line of another invoice."
            if work.entry_id not in books.entries:
                yield f"{books.name(work.invoice_id)}: the entry {work.entry_id} that it bills is gone."
    for entry in books.entries.values():
        label = f"Entry {entry.id} of {entry.work_date}"
        if billed[entry.id] > entry.seconds:
            yield f"{label}: {billed[entry.id]} s are billed, the entry has {entry.seconds} s."
        on = {invoice_id for invoice_id, seconds in by_invoice[entry.id].items() if seconds > 0}
        if on and entry.invoice_id not in on:
            names = ", ".join(sorted(books.name(invoice_id) for invoice_id in on))
            yield f"{label}: it is billed on {names}, but not locked by it."
        elif entry.invoice_id is not None and not on:
            yield f"{label}: it is locked by {books.name(entry.invoice_id)}, which does not bill it."


def _entry_faults(books: _Books) -> Iterator[str]:
    for entry in books.entries.values():
        task = books.tasks.get(entry.task_id)
        for what in ("client_id", "retainer_id"):
            if task is not None and getattr(entry, what) != getattr(task, what):
                words = what.removesuffix("_id")
                yield f"Entry {entry.id} of {entry.work_date}: its {words} is not the {words} of its task."
        _, fault = span_fault(entry.started_at, entry.ended_at, entry.seconds)
        if fault:
            yield f"Entry {entry.id} of {entry.work_date}: {fault}."
        if entry.tags != tags_text(tags_in(entry.tags)):
            yield f"Entry {entry.id} of {entry.work_date}: its tags are not in the form they are kept in."
        retainer = books.retainers.get(entry.retainer_id or "")
        if retainer is not None and retainer.client_id != entry.client_id:
            yield f"Entry {entry.id} of {entry.work_date}: its retainer belongs to another client."


def _member_faults(books: _Books) -> Iterator[str]:
    if books.members and not any(member.role == "owner" and member.active for member in books.members):
        yield "Members: nobody is an active owner."
    for place, before in same_addresses([member.email for member in books.members]):
        member, other = books.members[place], books.members[before]
        yield f"Member {member.name}: {member.email} is the address of {other.name}, {other.email}, but for capitals."
    for member in books.members:
        if not is_password_hash(member.password_hash):
            yield f"Member {member.name}: the stored password hash is none."


def _dangling_faults(books: _Books) -> Iterator[str]:
    for table, row_id, column, named, count in books.dangling:
        more = f", and {count - 1} more" if count > 1 else ""
        yield f"{table} {row_id}{more}: {column} names a {named} that is not there."


def _period_faults(books: _Books) -> Iterator[str]:
    """Close every closed period again, from the entries and on the terms frozen on it, and compare."""
    before: dict[str, RetainerPeriod] = {}
    for period in sorted(books.periods, key=lambda row: (row.retainer_id, row.starts_on)):
        retainer = books.retainers.get(period.retainer_id)
        if period.closed_at is None or retainer is None:
            continue
        name = f"Retainer {retainer.name}, period from {period.starts_on}"
        try:
            frozen = closed_period_of(period)
        except ValueError as error:
            yield f"{name}: what was frozen cannot be read: {error}"
            continue
        used = sum(
            worth(entry.seconds, entry.rate, frozen.terms, books.decimals(retainer))
            for entry in books.drawing.get(retainer.id, [])
            if period.starts_on <= books.counts_on(entry) <= period.ends_on
        )
        again = arithmetic.recomputed(frozen, period.granted_seconds, used)
        for what in ("rolled_in", "used", "overage", "remaining", "expired", "rolled_out"):
            stored, recomputed = getattr(period, f"{what}_seconds"), getattr(again.balance, what)
            if stored != recomputed:
                yield f"{name}: {what} is {recomputed} {_unit(frozen)}, the closed period says {stored} {_unit(frozen)}."
        if again.lots_out != frozen.lots_out:
            yield f"{name}: what it hands on by age is not what the closed period says."
        earlier = before.get(retainer.id)
        follows = earlier is not None and earlier.ends_on.toordinal() + 1 == period.starts_on.toordinal()
        if earlier is not None and follows and earlier.lots_out != period.lots_in:
            yield f"{name}: it does not start with what the period before it handed on."
        before[retainer.id] = period


def _unit(period: ClosedPeriod) -> str:
    return "minor units" if period.terms.basis == "budget" else "s"


def _late_faults(books: _Books) -> Iterator[str]:
    """Check that late work was late: its own period is closed, and where it counts comes after that."""
    for late in books.late.values():
        entry = books.entries.get(late.entry_id)
        if entry is None:
            continue
        label = f"Entry {entry.id} of {entry.work_date}"
        if entry.retainer_id != late.retainer_id:
            yield f"{label}: it was placed as late work of another retainer."
        if (late.placement == "written_off") == entry.billable:
            yield f"{label}: it is {'' if entry.billable else 'not '}billable, but was placed as {late.placement}."


def _document_faults(books: _Books) -> Iterator[str]:
    for document in books.documents:
        name = books.name(document.invoice_id)
        content: object = document.content  # SQLite keeps whatever an intruder put there, text included
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != document.sha256:
            yield f"{name}: its stored {document.kind} was changed: its hash does not match."
        elif document.kind == "ubl":
            yield from (f"{name}: {fault}" for fault in _ubl_faults(document, books.invoices.get(document.invoice_id)))


def _ubl_faults(document: InvoiceDocument, invoice: Invoice | None) -> Iterator[str]:
    """Compare what the stored e-invoice says with the invoice; it may have been written by an earlier release."""
    snapshot = _parsed(invoice.snapshot) if invoice else None
    if invoice is None or snapshot is None:
        return
    try:
        said = read_ubl(document.content)
    except ValueError as error:
        yield f"its stored ubl cannot be read: {error}"
        return
    expected = (invoice.number, amount(stated_due_minor(snapshot), invoice.currency), invoice.currency)
    if (said.number, said.payable, said.currency) != expected:
        yield f"its stored ubl says {said}, the invoice {expected}."
