"""What another rounding would do to a draft, in hours and money, before it applies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agency_app.domain.rounding import RoundingPolicy
from agency_app.services.actor import Actor
from agency_app.services.change_client import ROUNDING_MODES, ROUNDING_SCOPES, typed_step
from agency_app.services.read_draft import LiveDraft, live_draft
from agency_app.services.refusal import Refused
from agency_app.store.engine import reading


@dataclass(frozen=True)
class RoundingEffect:
    """Billed seconds and the total without VAT (minor units), as the draft is and as it would be."""

    seconds_now: int
    seconds_then: int
    subtotal_now: int
    subtotal_then: int
    currency: str
    client_version: int

    @property
    def seconds(self) -> int:
        """Billed seconds that come on top; less than nothing where some fall away."""
        return self.seconds_then - self.seconds_now

    @property
    def subtotal(self) -> int:
        """What comes on top of the total without VAT, in minor units."""
        return self.subtotal_then - self.subtotal_now


def preview_rounding(actor: Actor, client_id: str, day: date, typed: Mapping[str, str]) -> RoundingEffect:
    """Return what a rounding would do to the draft of the client's period that holds a day.

    `typed` holds rounding_mode, rounding_step_seconds (in minutes, as the client's form has it) and rounding_scope.
    Raises Refused naming the field that cannot be read, NotFound for an unknown client. Nothing is written.
    """
    policy = typed_rounding(typed)
    with reading() as session:
        present = live_draft(session, actor.workspace_id, client_id, day)
        then = live_draft(session, actor.workspace_id, client_id, day, policy)
    return RoundingEffect(
        _billed(present),
        _billed(then),
        present.draft.totals.subtotal_minor,
        then.draft.totals.subtotal_minor,
        present.draft.currency,
        present.client.version,
    )


def typed_rounding(typed: Mapping[str, str]) -> RoundingPolicy:
    """Return the rounding that was typed. Raises Refused naming the field to mend."""
    mode, scope = typed.get("rounding_mode", ""), typed.get("rounding_scope", "line")
    if mode not in ROUNDING_MODES:
        raise Refused(f"Choose one of: {', '.join(ROUNDING_MODES)}.", "rounding_mode")
    if scope not in ROUNDING_SCOPES:
        raise Refused(f"Choose one of: {', '.join(ROUNDING_SCOPES)}.", "rounding_scope")
    step = typed_step(typed.get("rounding_step_seconds", ""))
    if mode != "none" and not step:
        raise Refused("Say to how many minutes the time is rounded, such as 15.", "rounding_step_seconds")
    return RoundingPolicy(mode, step, scope)  # pyright: ignore[reportArgumentType]  # checked just above


def _billed(live: LiveDraft) -> int:
    return sum(work.billed_seconds for line in live.draft.lines for work in line.work)
