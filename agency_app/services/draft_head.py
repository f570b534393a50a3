"""Change how a draft is laid out: the grouping of its work, the order and the words of its lines, and its head."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session

from agency_app.domain.kept_days import kept_day
from agency_app.domain.vat import EXCHANGE_SCALE
from agency_app.services.actor import Actor, acting
from agency_app.services.draft_edits import LINE, MAY_BUILD, PLAN, Edited, keep, open_invoice, refuse_stale
from agency_app.services.draft_layout import GROUPINGS
from agency_app.services.refusal import FieldsRefused, Refused
from agency_app.services.typed_text import typed_line
from agency_app.store import builder
from agency_app.tables import DraftLine, DraftPlan

LONGEST_NOTE, LONGEST_KEY, MOST_LINES = 1000, 500, 2000


def group_work(actor: Actor, invoice_id: str, version: int, grouping: str) -> Edited:
    """Put the time of a draft together in another way. Words given to lines before stay with their lines.

    Raises NotAllowed by role, Locked for a final invoice, Stale when somebody changed the layout since `version`, and
    Refused for an unknown grouping. Nothing changes then; so it is with each verb here.
    """
    if grouping not in GROUPINGS:
        raise Refused(f"Choose one of: {', '.join(GROUPINGS)}.", "grouping")
    with acting(actor, *MAY_BUILD) as session:
        plan, before = _plan(session, actor, invoice_id, version)
        plan.grouping = grouping
        return keep(session, actor, PLAN, before, plan)


def order_lines(actor: Actor, invoice_id: str, version: int, keys: Sequence[str]) -> Edited:
    """Put the lines of a draft in an order, by their keys; lines that come later stand where they stand by nature."""
    if len(keys) > MOST_LINES or any(len(key) > LONGEST_KEY for key in keys) or len(set(keys)) != len(keys):
        raise Refused("These are not the lines of this draft. Reload the page and try again.", "order")
    with acting(actor, *MAY_BUILD) as session:
        plan, before = _plan(session, actor, invoice_id, version)
        plan.line_order = json.dumps(list(keys))
        return keep(session, actor, PLAN, before, plan)


def describe_line(actor: Actor, invoice_id: str, key: str, version: int, words: str) -> Edited:
    """Give a line words of its own; with none it says again what follows from its work. `version` is that of the
    line's words as the person saw them, 0 where it had none."""
    if not key or len(key) > LONGEST_KEY:
        raise Refused("That line is not on this draft. Reload the page and try again.", "description")
    cleaned = typed_line(words, "description")
    with acting(actor, *MAY_BUILD) as session:
        open_invoice(session, actor, invoice_id)
        row = builder.line(session, invoice_id, key)
        refuse_stale(session, actor, LINE, row, version)
        before = row.model_copy() if row is not None else None
        if not cleaned:
            return keep(session, actor, LINE, before, None) if before is not None else Edited("", 0, "")
        if row is None:
            row = DraftLine(workspace_id=actor.workspace_id, invoice_id=invoice_id, key=key, description=cleaned)
        row.description = cleaned
        return keep(session, actor, LINE, before, row)


def save_head(actor: Actor, invoice_id: str, version: int, typed: Mapping[str, str]) -> Edited:
    """Save note, purchase_order, due_on and exchange_rate of a draft as they were typed; fields that are not given
    stay as they are. An empty order number or due date is the client's own again.

    Raises FieldsRefused with what to do in each field, and as `group_work` does.
    """
    with acting(actor, *MAY_BUILD) as session:
        plan, before = _plan(session, actor, invoice_id, version)
        errors: dict[str, str] = {}
        for name, read in _HEAD.items():
            if name in typed:
                try:
                    setattr(plan, name, read(typed[name]))
                except Refused as refused:
                    errors[name] = refused.message
        if errors:
            raise FieldsRefused(errors)
        return keep(session, actor, PLAN, before, plan)


def _plan(session: Session, actor: Actor, invoice_id: str, version: int) -> tuple[DraftPlan, DraftPlan | None]:
    """Return the layout of a draft for changing, and a copy of it as it was, None where there was none."""
    open_invoice(session, actor, invoice_id)
    plan = builder.plan(session, invoice_id)
    refuse_stale(session, actor, PLAN, plan, version)
    if plan is None:
        return DraftPlan(workspace_id=actor.workspace_id, invoice_id=invoice_id), None
    return plan, plan.model_copy()


def _note(typed: str) -> str:
    note = "\n".join(line.rstrip() for line in typed.replace("\r\n", "\n").strip().split("\n"))
    if len(note) > LONGEST_NOTE:
        raise Refused(f"Keep the note within {LONGEST_NOTE} characters; it has {len(note)}.", "note")
    return note


def _order_number(typed: str) -> str | None:
    return typed_line(typed, "purchase_order") or None


def _due_on(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return kept_day(typed.strip())
    except ValueError:
        raise Refused("Give the day as 2026-12-14, or leave it empty for the client's terms.", "due_on") from None


def _exchange_rate(typed: str) -> int | None:
    """Read a rate with up to six decimals, which amounts do not have."""
    compact = typed.strip().replace(",", ".")
    if not compact:
        return None
    whole, _, decimals = compact.partition(".")
    if not (whole + decimals).isascii() or not (whole + decimals).isdigit() or len(decimals) > 6 or len(whole) > 7:
        raise Refused("Give the rate with up to six decimals, such as 0.9214.", "exchange_rate")
    rate = int(whole or "0") * EXCHANGE_SCALE + int(decimals.ljust(6, "0"))
    if not rate:
        raise Refused("The exchange rate is more than zero.", "exchange_rate")
    return rate


_HEAD = {"note": _note, "purchase_order": _order_number, "due_on": _due_on, "exchange_rate": _exchange_rate}
