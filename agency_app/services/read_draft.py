"""Read the live draft of a client's period, and what is left of its retainers. Nothing here writes."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session

from agency_app.documents import speech, wording
from agency_app.domain import retainer as arithmetic
from agency_app.domain.draft import FEE, Draft, RetainerTerms, WorkEntry, build_draft
from agency_app.domain.retainer import Balance, Period
from agency_app.domain.rounding import RoundingPolicy
from agency_app.services.actor import Actor
from agency_app.services.approve_week import unapproved
from agency_app.services.client_language import client_locale, client_words
from agency_app.services.draft_layout import Layout, additions_of, group_of, layout_of, usual_treatment
from agency_app.services.refusal import NotFound
from agency_app.services.retainer_books import Book, books_of
from agency_app.services.retainer_terms import terms_from_text
from agency_app.store import builder, clients, invoices, people, work
from agency_app.store.builder import DecidedEntry
from agency_app.store.engine import reading
from agency_app.store.retainers import PlacedEntry
from agency_app.store.work import EntryRow
from agency_app.tables import Client, Retainer, RetainerPeriod, Workspace


@dataclass(frozen=True)
class LiveDraft:
    """A draft as it stands now: the arithmetic, and the entries and agreements it was made of."""

    client: Client
    first_day: date
    last_day: date
    draft: Draft
    entries: dict[str, EntryRow]
    keys: dict[str, str]
    """By entry: what it draws on, as `period_key` names it; entries outside every retainer are not in it."""
    retainers: tuple[tuple[Retainer, RetainerPeriod], ...]
    """The periods that the month touches, the agreements oldest first."""
    unapproved: tuple[EntryRow, ...]
    """The work that a lead still has to approve before it is invoiced; none where the agency does not ask for it."""
    version: str
    """Changes whenever anything that the invoice would say changes."""
    invoiced_on: str = ""
    """The number of the invoice that bills the period, when nothing of it is left to bill."""
    layout: Layout = field(default_factory=Layout)
    """What people added to the draft, and how they want it."""
    decided: dict[str, DecidedEntry] = field(default_factory=dict)
    """By entry, what was decided about the billing of the month's work, and of what another month gave it."""
    accounting_currency: str = ""
    """The currency that VAT has to be stated in too; empty where it is the invoice's own."""
    moved_out: tuple[EntryRow, ...] = ()
    """The month's work that another invoice bills."""
    approval: bool = False
    """Whether the agency asks for its weeks to be approved before they are invoiced."""

    def balance(self, period: RetainerPeriod) -> Balance:
        """Return the balance of one of the periods, with the work up to the end of the month."""
        return dict(self.draft.balances)[period_key(period)]

    def drawn_from(self, row: EntryRow, period: RetainerPeriod) -> bool:
        """Tell whether an entry of the draft draws on one of the periods."""
        return self.keys.get(row.id) == period_key(period)


def read_draft(actor: Actor, client_id: str, day: date) -> LiveDraft:
    """Return the draft of the client's period that holds a day. Raises NotFound for an unknown client.

    What invoices bill already is not in it. Of a period that is invoiced whole it is what those invoices were made of.
    """
    with reading() as session:
        live = live_draft(session, actor.workspace_id, client_id, day)
        if not live.invoiced_on:
            return live
        whole = live_draft(session, actor.workspace_id, client_id, day, billed_too=True)
        return replace(whole, invoiced_on=live.invoiced_on)


def live_draft(
    session: Session,
    workspace_id: str,
    client_id: str,
    day: date,
    rounding: RoundingPolicy | None = None,
    *,
    billed_too: bool = False,
) -> LiveDraft:
    """Return the draft of what is left to bill, read within a session; with `billed_too`, as if nothing were billed.
    With a rounding it is as it would be under that policy."""
    client = clients.client(session, workspace_id, client_id)
    if client is None:
        raise NotFound("That client is not in this workspace.", "client")
    first_day, last_day = arithmetic.period_of(day)
    agreements = clients.retainers(session, workspace_id, client_id)
    currencies = {client_id: client.currency}
    books = books_of(session, workspace_id, agreements, last_day, since=first_day, currencies=currencies)
    held = [
        (books[agreement.id], period)
        for agreement in agreements
        for period in books[agreement.id].periods(last_day)
        if period.last >= first_day
    ]
    workspace = people.workspace(session, workspace_id)
    invoice = invoices.final_invoice_on(session, workspace_id, client_id, first_day)
    drafts = invoices.drafts_of_period(session, workspace_id, client_id, first_day)
    drafted = invoice if billed_too else drafts[0] if drafts else None
    layout = layout_of(session, drafted.id if drafted else None)
    usual = usual_treatment(workspace, client)
    decided = builder.decided_between(session, workspace_id, client_id, first_day, last_day)
    rows, late, moved = _rows(session, workspace_id, client_id, books, decided, first_day, last_day)
    words = client_words(workspace, client)
    dates = speech.date_locale(words, client_locale(workspace, client))
    keys = {row.id: key for row in rows if (key := _key_of(row, late.get(row.id), held))}
    late_terms = {
        key: _late_terms(books[entry.retainer_id], entry, key)
        for entry in late.values()
        if entry.placement == "overage" and (key := _late_key(entry)) in keys.values()
    }
    included, overage = _billed(session, [] if billed_too else rows)
    charged = [] if billed_too else invoices.billed_fees(session, workspace_id, client_id, first_day)
    draft = build_draft(
        currency=client.currency,
        vat_category=usual.category,
        vat_rate=usual.rate,
        vat_reason=usual.reason,
        rounding=rounding or rounding_of(client),
        fee_description=words.say(speech.FEE),
        overage_description=words.say(speech.OVERAGE),
        retainers=[
            *(_unless_charged(_terms(book, period, held, first_day), charged) for book, period in held),
            *late_terms.values(),
        ],
        entries=[
            WorkEntry(
                row.id,
                row.work_date,
                row.started_at,
                row.seconds,
                row.activity,
                row.activity_position,
                row.rate,
                keys.get(row.id),
                included.get(row.id, 0),
                overage.get(row.id, 0),
                group_of(layout.plan.grouping, row, first_day, words, dates),
                decided[row.id].held_back if row.id in decided else 0,
            )
            for row in rows
        ],
        additions=additions_of(workspace, client, layout),
    )
    unbilled = {work.entry_id for line in draft.lines for work in line.work}
    return LiveDraft(
        client,
        first_day,
        last_day,
        draft,
        {row.id: row for row in rows},
        keys,
        tuple((book.retainer, book.row(period)) for book, period in held),
        tuple(unapproved(session, workspace_id, [row for row in rows if row.id in unbilled or billed_too])),
        _fingerprint(workspace, client, draft, rows, layout, decided),
        invoice.number or "" if invoice and not billed_too and not draft.lines else "",
        layout=layout,
        decided=decided,
        accounting_currency=workspace.currency if workspace.currency != client.currency else "",
        moved_out=tuple(moved),
        approval=workspace.approval,
    )


def _billed(session: Session, rows: list[EntryRow]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the raw seconds of entries that invoices bill already: of what is not overage, and of the overage."""
    included: dict[str, int] = defaultdict(int)
    overage: dict[str, int] = defaultdict(int)
    on_invoices = [row.id for row in rows if row.invoice_number is not None]
    for entry_id, kind, seconds in invoices.billed_seconds(session, on_invoices):
        (overage if kind == "overage" else included)[entry_id] += seconds
    return included, overage


def _unless_charged(terms: RetainerTerms, charged: list[tuple[str, str]]) -> RetainerTerms:
    """Take the fee out of terms whose fee an invoice charges already. A line of before the period was kept with it is
    known by its words."""
    for key, description in charged:
        if key == terms.id or (not key and (description == FEE or description == f"{FEE} · {terms.name}")):
            return replace(terms, fee_minor=0)
    return terms


def period_key(period: RetainerPeriod) -> str:
    """Return how the arithmetic of a draft names a period: a month may touch several of one retainer."""
    return f"{period.retainer_id}:{period.starts_on}"


def _rows(
    session: Session,
    workspace_id: str,
    client_id: str,
    books: dict[str, Book],
    decided: dict[str, DecidedEntry],
    first_day: date,
    last_day: date,
) -> tuple[list[EntryRow], dict[str, PlacedEntry], list[EntryRow]]:
    """Return the billable work of a month, late and moved entries in the month in which they count, where the work of
    retainers went, and the month's work that was moved to another invoice."""
    late = {entry.entry_id: entry for book in books.values() for entry in book.late}
    counts_on = {one.entry_id: one.counts_on for one in decided.values() if one.billable and one.bill_on}
    counts_on |= {one.entry_id: one.counts_on for one in late.values() if one.billable}
    here = {entry_id for entry_id, day in counts_on.items() if first_day <= day <= last_day}
    worked = [row for row in work.period_entries(session, workspace_id, client_id, first_day, last_day) if row.billable]
    rows = [row for row in worked if row.id not in counts_on or row.id in here]
    moved = [row for row in worked if row.id in counts_on and row.id not in here and row.id in decided]
    wanted = sorted(here - {row.id for row in rows})
    if wanted:
        rows += work.entries_by_id(session, workspace_id, wanted)
    return rows, late, moved


def _key_of(row: EntryRow, late: PlacedEntry | None, held: list[tuple[Book, Period]]) -> str | None:
    if late is not None and late.placement == "overage":
        return _late_key(late)
    day = late.counts_on if late is not None else row.work_date
    for book, period in held:
        if book.retainer.id == row.retainer_id and period.first <= day <= period.last:
            return f"{row.retainer_id}:{period.first}"
    return None


def _late_key(entry: PlacedEntry) -> str:
    return f"{entry.retainer_id}:late"


def _late_terms(book: Book, entry: PlacedEntry, key: str) -> RetainerTerms:
    """Return what late work is billed on that was placed in the overage of its closed period: that period's terms."""
    row = next(row for row in book.stored if row.starts_on <= entry.work_date <= row.ends_on)
    terms = terms_from_text(row.terms)
    overage = "bill" if terms.overage in ("bill", "approval") else "absorb"
    return RetainerTerms(key, f"{book.retainer.name}, late work", "hours", 0, 0, 0, overage, terms.overage_rate)


def rounding_of(client: Client) -> RoundingPolicy:
    """Return the rounding policy that a client's time is billed by."""
    return RoundingPolicy(
        client.rounding_mode,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
        client.rounding_step_seconds,
        client.rounding_scope,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
    )


def _terms(book: Book, period: Period, held: list[tuple[Book, Period]], first_day: date) -> RetainerTerms:
    """Return what a period charges on the invoice of a month. Its fee is charged in the month it starts in, and what
    was worked before the month is billed there."""
    terms = period.terms
    alone = sum(other.retainer.id == book.retainer.id for other, _ in held) == 1
    span = f"{book.retainer.name}, {wording.day_span(period.first, period.last)}"
    agreed = terms.overage != "approval" or book.decision(period) == "bill"
    return RetainerTerms(
        f"{book.retainer.id}:{period.first}",
        book.retainer.name if alone else span,
        terms.basis,
        period.fee_minor if period.first >= first_day else 0,
        period.balance.granted,
        period.balance.rolled_in,
        "bill" if terms.overage in ("bill", "approval") and agreed else "absorb",
        terms.overage_rate,
        book.used.between(period.first, date.fromordinal(first_day.toordinal() - 1)),
    )


def _fingerprint(
    workspace: Workspace,
    client: Client,
    draft: Draft,
    rows: list[EntryRow],
    layout: Layout,
    decided: dict[str, DecidedEntry],
) -> str:
    said = [
        workspace.version,
        workspace.logo_sha256,
        client.version,
        [(line.kind, line.description, line.quantity, line.price, line.net_minor) for line in draft.lines],
        [(row.id, row.version) for row in rows],
        draft.totals.total_minor,
        layout.said(),
        [(one.entry_id, one.version) for one in decided.values()],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
