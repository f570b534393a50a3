"""Read the live draft of a client's period, and what is left of its retainers. Nothing here writes."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.domain import retainer as arithmetic
from agency_app.domain.draft import Draft, RetainerTerms, WorkEntry, build_draft
from agency_app.domain.rounding import RoundingPolicy
from agency_app.services.actor import Actor
from agency_app.services.agreement import periods_of
from agency_app.services.refusal import NotFound
from agency_app.store import clients, invoices, people, work
from agency_app.store.engine import reading
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
    retainers: tuple[tuple[Retainer, RetainerPeriod], ...]
    version: str
    """Changes whenever anything that the invoice would say changes."""


def read_draft(actor: Actor, client_id: str, day: date) -> LiveDraft:
    """Return the draft of the client's period that holds a day. Raises NotFound for an unknown client."""
    with reading() as session:
        return live_draft(session, actor.workspace_id, client_id, day)


def live_draft(session: Session, workspace_id: str, client_id: str, day: date) -> LiveDraft:
    """Return the draft, read within a session; see `read_draft`."""
    client = clients.client(session, workspace_id, client_id)
    if client is None:
        raise NotFound("That client is not in this workspace.", "client")
    first_day, last_day = arithmetic.period_of(day)
    agreements = clients.retainers(session, workspace_id, client_id)
    running = [agreement for agreement in agreements if _touches(agreement, first_day, last_day)]
    periods = periods_of(
        session,
        workspace_id,
        running,
        max([first_day, *(r.starts_on for r in running)]),
    )
    rows = [row for row in work.period_entries(session, workspace_id, client_id, first_day, last_day) if row.billable]
    kept = {agreement.id for agreement in running}
    draft = build_draft(
        currency=client.currency,
        vat_category=client.vat_category,
        vat_rate=client.vat_rate,
        rounding=_policy(client),
        retainers=[_terms(agreement, periods.get(agreement.id)) for agreement in running],
        entries=[
            WorkEntry(
                row.id,
                row.work_date,
                row.started_at,
                row.seconds,
                row.activity,
                row.activity_position,
                row.rate,
                row.retainer_id if row.retainer_id in kept else None,
            )
            for row in rows
        ],
    )
    return LiveDraft(
        client,
        first_day,
        last_day,
        draft,
        {row.id: row for row in rows},
        tuple((agreement, periods[agreement.id]) for agreement in running if agreement.id in periods),
        _fingerprint(people.workspace(session, workspace_id), client, draft, rows),
    )


def is_final(session: Session, workspace_id: str, client_id: str, day: date) -> bool:
    """Tell whether the period that holds a day is invoiced already."""
    return invoices.final_invoice_on(session, workspace_id, client_id, day) is not None


def _touches(agreement: Retainer, first_day: date, last_day: date) -> bool:
    return agreement.starts_on <= last_day and (agreement.ends_on is None or agreement.ends_on >= first_day)


def _policy(client: Client) -> RoundingPolicy:
    return RoundingPolicy(
        client.rounding_mode,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
        client.rounding_step_seconds,
        client.rounding_scope,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
    )


def _terms(agreement: Retainer, period: RetainerPeriod | None) -> RetainerTerms:
    return RetainerTerms(
        agreement.id,
        agreement.name,
        agreement.basis,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
        agreement.fee_minor if agreement.basis != "hours" else 0,
        period.granted_seconds if period else agreement.granted_seconds,
        period.rolled_in_seconds if period else 0,
        agreement.overage,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
        agreement.overage_rate,
    )


def _fingerprint(workspace: Workspace, client: Client, draft: Draft, rows: list[EntryRow]) -> str:
    said = [
        workspace.version,
        client.version,
        [(line.kind, line.description, line.quantity, line.price, line.net_minor) for line in draft.lines],
        [(row.id, row.version) for row in rows],
        draft.totals.total_minor,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
