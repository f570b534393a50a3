"""Finalise a draft: one transaction takes the number, freezes what the invoice says and locks the entries.

The PDF is drawn afterwards, from the frozen snapshot alone, so that the lock on the series is never held while pages
are laid out; the same snapshot gives the same bytes whenever it is drawn.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.documents import wording
from agency_app.documents.einvoice.places import country_of
from agency_app.documents.speech import date_locale, line_detail
from agency_app.documents.translation import Words
from agency_app.domain import retainer as arithmetic
from agency_app.domain.bank_account import is_iban
from agency_app.domain.invoice import Line, Totals, check_invoice
from agency_app.domain.vat import CATEGORIES, VatGroup, is_untold
from agency_app.domain.vat_number import is_vat_number
from agency_app.services.actor import Actor, acting, record
from agency_app.services.client_language import client_locale, client_words
from agency_app.services.close_period import close_up_to
from agency_app.services.document_chain import store_document
from agency_app.services.draw_apart import drawn_apart
from agency_app.services.number_series import series_for, take_number
from agency_app.services.read_draft import LiveDraft, live_draft
from agency_app.services.refusal import Fault, Locked, NotFound, NotReady, Refused, Stale
from agency_app.services.retainer_terms import terms_from_text
from agency_app.store import invoices, logos, people
from agency_app.store.engine import reading, transaction
from agency_app.store.work import EntryRow
from agency_app.tables import (
    Client,
    Invoice,
    InvoiceLine,
    InvoiceSeries,
    LineWork,
    Workspace,
)
from agency_app.tables.base import now

BY_MAIL = "EM"
"""EAS code of an electronic address that is an e-mail address."""
MAY_FINALISE = ("owner", "lead", "finance")
TEMPLATE = "4"
"""Raised when the documents of new invoices are drawn in another way; those of earlier ones stay as they were drawn.
1: a PDF/A-3B. 2: the e-invoice is embedded in it, and the snapshot says what that needs.
3: in the client's language, with a code to pay by and the logo. 4: each discount with the VAT it is a part of, each
prepayment with its day, the rate of exchange."""


@dataclass(frozen=True)
class Finalised:
    """What finalising gave: the invoice's id and number, its dates, and the hash that chains it to the one before."""

    invoice_id: str
    number: str
    issue_date: date
    due_date: date
    sha256: str


def open_draft(actor: Actor, client_id: str, day: date) -> str:
    """Return the id of the client's draft for the period that holds a day, making its row when there is none; of a period
    that is invoiced whole, the id of its newest invoice. A void draft stays void until it is restored."""
    first_day, _ = arithmetic.period_of(day)
    with reading() as session:
        known = invoices.drafts_of_period(session, actor.workspace_id, client_id, first_day)
        if known:
            return known[0].id
        invoice = invoices.final_invoice_on(session, actor.workspace_id, client_id, first_day)
        if invoice is not None and live_draft(session, actor.workspace_id, client_id, day).invoiced_on:
            return invoice.id
    with acting(actor) as session:
        live = live_draft(session, actor.workspace_id, client_id, day)
        return draft_row(session, actor.workspace_id, live).id


def finalise_invoice(
    actor: Actor,
    client_id: str,
    day: date,
    version: str,
    issue_date: date | None = None,
) -> Finalised:
    """Finalise the draft of the client's period that holds a day, and store its PDF.

    `version` is the draft's version as the actor saw it. `issue_date` is today in the workspace's zone when None.
    Raises NotAllowed by role, Stale when the draft changed since, Locked when the period is invoiced already,
    NotReady with every reason when data is missing, nothing is billable, or the totals do not reconcile. Nothing
    changes then.
    """
    with acting(actor, *MAY_FINALISE) as session:
        done = finalise_within(session, actor, client_id, day, version, issue_date)
    document_bytes(actor, done.invoice_id, "pdf")
    return done


def finalise_within(
    session: Session, actor: Actor, client_id: str, day: date, version: str, issue_date: date | None = None
) -> Finalised:
    """Finalise within a transaction of a caller, who has the actor authorised and keeps other writers out.

    Raises as `finalise_invoice` does; the caller's transaction must then be rolled back. No document is stored.
    """
    workspace = people.workspace(session, actor.workspace_id)
    issued = issue_date or now().astimezone(ZoneInfo(workspace.zone)).date()
    live = live_draft(session, actor.workspace_id, client_id, day)
    if live.invoiced_on:
        month = wording.month_seen_from(live.first_day, issued)
        raise Locked(f"{live.client.name}'s {month} is already invoiced on {live.invoiced_on}.")
    invoice = draft_row(session, actor.workspace_id, live)
    if invoice.status == "void":
        raise Refused("This draft is void. Restore it first.")
    if live.version != version:
        raise Stale("The draft changed while you were looking at it. Check the new total, then finalise again.")
    faults, due = faults_of(workspace, live, issued), due_date_of(live, issued)
    if faults:
        raise NotReady(faults)
    series = series_for(session, workspace, "invoice", issued)
    number = take_number(session, series, issued)
    snapshot = canonical(snapshot_of(workspace, live, number, issued, due))
    _freeze_work(session, invoice, live)
    invoice.due_date, invoice.currency = due, live.draft.currency
    digest = seal(session, actor, invoice, series, snapshot, live.draft.totals, issued)
    _close_periods(session, live)
    record(session, actor, "finalise_invoice", invoice.id, number=number, sha256=digest)
    return Finalised(invoice.id, number, issued, due, digest)


def document_bytes(actor: Actor, invoice_id: str, kind: str = "pdf") -> bytes:
    """Return a final invoice's document, drawing and storing it when it is first asked for.

    `kind` is "pdf", which finalising asks for, or "ubl", the e-invoice. Raises NotFound for an unknown invoice and
    Refused for a draft, which has no document, or for an e-invoice that the invoice does not say enough for.
    """
    with reading() as session:
        invoice = invoices.invoice(session, actor.workspace_id, invoice_id)
        if invoice is None:
            raise NotFound("That invoice is not in this workspace.")
        stored = invoices.document(session, actor.workspace_id, invoice_id, kind)
        snapshot = json.loads(invoice.snapshot) if invoice.snapshot is not None else None
        picture = logo_of_snapshot(session, actor.workspace_id, snapshot)
    if stored is not None:
        return stored.content
    if snapshot is None or invoice.finalised_at is None:
        raise Refused("A draft has no document yet. Finalise it first.")
    content = drawn_apart(kind, snapshot, invoice.finalised_at, picture)
    with transaction() as session:
        people.lock_workspace(session, actor.workspace_id)  # first, as every verb does: whoever draws it too waits here
        again = invoices.document(session, actor.workspace_id, invoice_id, kind)
        if again is not None:
            return again.content
        store_document(session, invoice, kind, content)
    return content


def logo_of_snapshot(session: Session, workspace_id: str, snapshot: dict[str, Any] | None) -> bytes | None:
    """Return the logo that a snapshot names; None where it names none, or where there is no snapshot yet."""
    found = logos.logo(session, workspace_id, snapshot["seller"].get("logo", "")) if snapshot else None
    return found.content if found else None


def seal(
    session: Session,
    actor: Actor,
    invoice: Invoice,
    series: InvoiceSeries,
    snapshot: str,
    totals: Totals,
    issued: date,
) -> str:
    """Make an invoice or credit note final under the number just taken, chain it to the one before, and return its hash.

    Its lines and their work must be stored already: no more are taken afterwards.
    """
    digest = chain_hash(series.head, snapshot)
    invoice.status, invoice.series_id, invoice.sequence = "final", series.id, series.last_number
    invoice.number, invoice.issue_date = json.loads(snapshot)["number"], issued
    invoice.subtotal_minor, invoice.vat_minor, invoice.total_minor = (
        totals.subtotal_minor,
        totals.vat_minor,
        totals.total_minor,
    )
    invoice.snapshot, invoice.previous_sha256, invoice.sha256 = snapshot, series.head, digest
    invoice.finalised_at, invoice.finalised_by = now(), actor.member_id
    series.head, series.last_issue_date = digest, issued
    session.add_all([invoice, series])
    session.flush()
    return digest


def chain_hash(previous: str, snapshot: str) -> str:
    """Return the SHA-256 that chains an invoice to the one before it: of the previous hash, a line feed, the snapshot
    and a line feed."""
    return hashlib.sha256(f"{previous}\n{snapshot}\n".encode()).hexdigest()


def canonical(snapshot: dict[str, Any]) -> str:
    """Return a snapshot as the one text that is hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def due_date_of(live: LiveDraft, issued: date) -> date:
    """Return when an invoice issued on a day is due: on the day a person chose, else by the client's terms."""
    return live.layout.plan.due_on or issued + timedelta(days=live.client.payment_terms_days)


def faults_of(workspace: Workspace, live: LiveDraft, issued: date) -> list[Fault]:
    """Return every reason why a draft cannot become an invoice issued on a day, and where to mend it; none means that
    it can."""
    faults = []
    draft_id, month = live.layout.invoice_id, wording.month_seen_from(live.first_day, issued)
    if not live.draft.lines:
        faults.append(Fault(f"{live.client.name} has nothing to bill in {month}.", day=live.first_day, log=True))
    if live.client.internal:
        faults.append(Fault(f"{live.client.name} is the agency's own work and is never billed."))
    if not workspace.legal_name:
        faults.append(Fault("The agency's legal name is missing: add it in the settings.", "legal_name"))
    if not workspace.address:
        faults.append(Fault("The agency's address is missing: add it in the settings.", "address"))
    if live.draft.totals.due_minor > 0 and workspace.iban and not is_iban(workspace.iban):
        faults.append(Fault(f"The agency's IBAN {workspace.iban} is none: mend it in the settings.", "iban"))
    if workspace.vat_id and not is_vat_number(workspace.vat_id):
        wrong = (
            f"The agency's VAT number {workspace.vat_id} is none: it begins with the country. Mend it in the settings."
        )
        faults.append(Fault(wrong, "vat_id"))
    if not live.client.address:
        missing = f"{live.client.name} has no billing address: add it to the client."
        faults.append(Fault(missing, "address", of_client=True))
    untold = any(is_untold(line.vat_category, line.vat_rate) for line in live.draft.lines)
    if untold:
        missing = f"{live.client.name} has no VAT rate yet: add it to the client, or choose there why there is none."
        faults.append(Fault(missing, "vat_rate", of_client=True))
    if live.unapproved:
        seconds = sum(row.seconds for row in live.unapproved)
        names = sorted({row.member for row in live.unapproved})
        faults.append(
            Fault(
                f"{wording.hours(seconds)} h of {', '.join(names)} is not approved yet: a lead approves submitted weeks.",
                weeks=True,
            )
        )
    for retainer, period in live.retainers:
        overage = live.balance(period).overage
        if terms_from_text(period.terms).overage == "approval" and overage and not period.overage_decision:
            over = f"{retainer.name} is over what was agreed: decide whether the overage is billed or absorbed."
            faults.append(Fault(over, retainer_id=retainer.id, day=live.last_day))
    for item in live.draft.loose:
        gone = f"“{item.description}” is on a line that is gone: put it on another one, or remove it."
        faults.append(Fault(gone, fix=f"item:{item.id}", draft_id=draft_id))
    due = due_date_of(live, issued)
    if due < issued:
        late = f"The due date {due:%d %b %Y} is before the issue date {issued:%d %b %Y}."
        faults.append(Fault(late, fix="head", draft_id=draft_id))
    if live.first_day > issued:
        faults.append(Fault(f"{month} has not begun: finalised now, none of its work could be billed any more."))
    draft, added = live.draft, "items" if live.layout.items else ""
    if draft.totals.total_minor < 0:
        below = "The total is below zero: what is given back belongs on a credit note."
        faults.append(Fault(below, fix=added, draft_id=draft_id))
    faults += [
        Fault(finding, fix=added, draft_id=draft_id)
        for finding in check_invoice(draft.lines, draft.totals, draft.currency, draft.adjustments)
        if not (untold and "BR-S-05" in finding)  # said above, and where to mend it
    ]
    return faults


def snapshot_of(workspace: Workspace, live: LiveDraft, number: str | None, issued: date, due: date) -> dict[str, Any]:
    """Return everything the documents say, as plain values: what is drawn from it never needs the database again."""
    client, draft, plan = live.client, live.draft, live.layout.plan
    words, locale = client_words(workspace, client), client_locale(workspace, client)
    dates = date_locale(words, locale)
    days = {f"item:{row.id}": wording.long_date(row.happened_on, dates) for row in live.layout.items if row.happened_on}
    return {
        "v": 1,
        "kind": "invoice",
        "template": TEMPLATE,
        "number": number,
        "issue_date": issued.isoformat(),
        "due_date": due.isoformat(),
        "period": {
            "start": live.first_day.isoformat(),
            "end": live.last_day.isoformat(),
        },
        "currency": draft.currency,
        "language": words.language,
        "locale": locale,
        "seller": {
            "name": workspace.legal_name or workspace.name,
            "address": workspace.address.splitlines(),
            "country": workspace.country or country_of(workspace.address.splitlines()),
            "vat_id": workspace.vat_id,
            "tax_number": workspace.tax_number,
            "registration": workspace.registration,
            "contact": workspace.contact,
            "phone": workspace.phone,
            "email": workspace.email,
            "electronic_address": _electronic_address(workspace),
            "logo": workspace.logo_sha256,
            "iban": workspace.iban,
            "bic": workspace.bic,
        },
        "buyer": {
            "name": client.legal_name or client.name,
            "attention": client.attention,
            "address": client.address.splitlines(),
            "country": client.country or country_of(client.address.splitlines()),
            "vat_id": client.vat_id,
            "reference": client.reference,
            "order": client.purchase_order if plan.purchase_order is None else plan.purchase_order,
            "electronic_address": _electronic_address(client),
        },
        "lines": [
            _line(position, line, live.entries, days.get(line.key) or _detail(line, live.entries, words))
            for position, line in enumerate(draft.lines, start=1)
        ],
        "subtotal_minor": draft.totals.subtotal_minor,
        "vat": [
            {
                "category": group.category,
                "rate": group.rate,
                "base_minor": group.base_minor,
                "amount_minor": group.amount_minor,
                "reason": _vat_reason(group, words),
            }
            for group in draft.totals.vat
        ],
        "vat_minor": draft.totals.vat_minor,
        "total_minor": draft.totals.total_minor,
        **_added(live),
        "retainers": [
            {
                "name": retainer.name,
                "granted": live.balance(period).granted,
                "rolled_in": live.balance(period).rolled_in,
                "used": live.balance(period).used,
                "overage": live.balance(period).overage,
                "remaining": live.balance(period).remaining,
                # a budget's figures are minor units; those without a unit are seconds
                **({"unit": "money"} if terms_from_text(period.terms).basis == "budget" else {}),
            }
            for retainer, period in live.retainers
        ],
        "rounding": {
            "mode": client.rounding_mode,
            "step_seconds": client.rounding_step_seconds,
            "scope": client.rounding_scope,
        },
        "note": plan.note,
    }


def _added(live: LiveDraft) -> dict[str, Any]:
    """Return what the sums say besides lines and VAT, as far as there is any of it."""
    totals, said = live.draft.totals, {}
    if live.draft.adjustments:
        said["adjustments"] = [asdict(one) for one in live.draft.adjustments]
        said["allowances_minor"], said["charges_minor"] = totals.allowances_minor, totals.charges_minor
    if totals.prepaid_minor:
        said["prepaid_minor"], said["due_minor"] = totals.prepaid_minor, totals.due_minor
        said["prepayments"] = [
            {
                "description": row.description,
                "date": row.happened_on.isoformat() if row.happened_on else None,
                "amount_minor": row.amount_minor,
            }
            for row in live.layout.items
            if row.kind == "prepayment"
        ]
    if totals.accounting:
        said["accounting"] = asdict(totals.accounting)
    return said


def _vat_reason(group: VatGroup, words: Words) -> str:
    """Return why a category charges no VAT, in words that the invoice and the e-invoice then both say."""
    known = CATEGORIES.get(group.category)
    return (group.reason or words.say(known.reason)) if known and known.reason else ""


def _electronic_address(party: Workspace | Client) -> dict[str, str] | None:
    """Return where a party takes e-invoices: the address it gave, else its e-mail address."""
    if party.electronic_address:
        return {"scheme": party.electronic_scheme or BY_MAIL, "value": party.electronic_address}
    return {"scheme": BY_MAIL, "value": party.email} if party.email else None


def _line(position: int, line: Line, entries: dict[str, EntryRow], detail: str) -> dict[str, Any]:
    return {
        "position": position,
        "key": line.key,
        "kind": line.kind,
        "description": line.description,
        "detail": detail,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "net_minor": line.net_minor,
        "vat_category": line.vat_category,
        "vat_rate": line.vat_rate,
        **({"adjustments": [asdict(one) for one in line.adjustments]} if line.adjustments else {}),
        "work": [
            {
                "entry_id": work.entry_id,
                "date": entries[work.entry_id].work_date.isoformat(),
                "member": entries[work.entry_id].member,
                "activity": entries[work.entry_id].activity,
                "task": entries[work.entry_id].note or entries[work.entry_id].title or entries[work.entry_id].activity,
                "platform": entries[work.entry_id].platform,
                "seconds": work.seconds,
                "billed_seconds": work.billed_seconds,
                "amount_minor": work.amount_minor,
            }
            for work in line.work
        ],
    }


def _detail(line: Line, entries: dict[str, EntryRow], words: Words) -> str:
    """Return how many entries a line bills; under a fee, the hours it covers by activity, for which nothing is asked."""
    covered: dict[tuple[int, str], int] = defaultdict(int)
    for work in line.work if line.kind == "fee" else ():
        entry = entries[work.entry_id]
        covered[entry.activity_position, entry.activity] += work.seconds
    hours = ", ".join(f"{name} {wording.hours_minutes(seconds)}" for (_, name), seconds in sorted(covered.items()))
    return line_detail(words, len(line.work), hours)


def draft_row(session: Session, workspace_id: str, live: LiveDraft) -> Invoice:
    """Return the draft of a period, the open one before a void one, or a new one; there is never a second open one."""
    known = invoices.drafts_of_period(session, workspace_id, live.client.id, live.first_day)
    if known:
        return known[0]
    invoice = Invoice(
        workspace_id=workspace_id,
        client_id=live.client.id,
        period_start=live.first_day,
        period_end=live.last_day,
        currency=live.client.currency,
    )
    session.add(invoice)
    session.flush()
    return invoice


def _freeze_work(session: Session, invoice: Invoice, live: LiveDraft) -> None:
    locked: set[str] = set()
    for position, line in enumerate(live.draft.lines, start=1):
        row = InvoiceLine(
            workspace_id=invoice.workspace_id,
            invoice_id=invoice.id,
            position=position,
            kind=line.kind,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            price=line.price,
            net_minor=line.net_minor,
            vat_category=line.vat_category,
            vat_rate=line.vat_rate,
            period_key=line.period_key,
        )
        session.add(row)
        session.flush()
        for work in line.work:
            session.add(
                LineWork(
                    workspace_id=invoice.workspace_id,
                    invoice_id=invoice.id,
                    line_id=row.id,
                    entry_id=work.entry_id,
                    seconds=work.seconds,
                    billed_seconds=work.billed_seconds,
                    amount_minor=work.amount_minor,
                )
            )
            locked.add(work.entry_id)
    session.flush()
    invoices.lock_entries(session, invoice.id, sorted(locked))


def _close_periods(session: Session, live: LiveDraft) -> None:
    """Close the periods that end within the month, and those before them whose rollover they depend on."""
    for retainer, period in live.retainers:
        if period.closed_at is None and period.ends_on <= live.last_day:
            close_up_to(session, retainer, period.starts_on)
