"""Where an entry is billed: the lines of final invoices that bill it, and what was decided about the rest."""

from dataclasses import dataclass

from agency_app.services.actor import Actor
from agency_app.store import builder
from agency_app.store.builder import BillingLine
from agency_app.store.engine import reading
from agency_app.tables import EntryDecision


@dataclass(frozen=True)
class Billing:
    """The lines that bill an entry, and the decision about it, where there is one."""

    lines: tuple[BillingLine, ...]
    decision: EntryDecision | None


def read_billing(actor: Actor, entry_id: str) -> Billing:
    """Return where an entry of the actor's workspace is billed; nothing for an unknown one."""
    with reading() as session:
        decision = builder.decision(session, entry_id)
        own = decision is not None and decision.workspace_id == actor.workspace_id
        lines = builder.lines_billing(session, actor.workspace_id, entry_id)
        return Billing(tuple(lines), decision if own else None)
