"""Terms as somebody agrees them: checked field by field, and put on the row of an agreement or of an amendment."""

from dataclasses import asdict, dataclass
from datetime import date

from agency_app.domain.retainer import calendar_anchor
from agency_app.services.refusal import Refused
from agency_app.tables import Retainer, RetainerTerms

MOST_SECONDS = 100_000 * 3600
HIGHEST_RATE = 1_000_000_000 * 10_000
HIGHEST_MINOR = 1_000_000_000_000


@dataclass(frozen=True)
class NewTerms:
    """What is agreed from a date on. Time in seconds, money in minor units, the overage rate in 1/10000 an hour, shares
    in basis points. `anchor_on` None follows the calendar: Mondays, firsts of the month, quarters.
    """

    basis: str
    granted_seconds: int = 0
    fee_minor: int = 0
    budget_minor: int = 0
    cycle_unit: str = "month"
    cycle_every: int = 1
    anchor_on: date | None = None
    proration: str = "none"
    rollover: str = "expire"
    rollover_cap_seconds: int = 0
    rollover_cap_share: int | None = None
    rollover_expires_after: int | None = None
    carry_deficit: bool = False
    overage: str = "bill"
    overage_rate: int = 0


def put_terms(row: Retainer | RetainerTerms, terms: NewTerms, starts_on: date) -> None:
    """Put terms on a row that holds from a day on; without an anchor of its own the cycle follows the calendar."""
    unit = "week" if terms.cycle_unit == "week" else "month"
    anchor = terms.anchor_on or calendar_anchor(unit, terms.cycle_every, starts_on)
    for name, value in {**asdict(terms), "anchor_on": anchor}.items():
        setattr(row, name, value)


def check_terms(terms: NewTerms) -> None:
    """Raise Refused naming the first field that makes no sense."""
    words = (
        (terms.basis, ("hours", "fee", "budget", "hybrid"), "basis"),
        (terms.cycle_unit, ("month", "week"), "cycle_unit"),
        (terms.proration, ("none", "day", "working_day"), "proration"),
        (terms.rollover, ("expire", "all", "capped"), "rollover"),
        (terms.overage, ("bill", "approval", "absorb", "stop"), "overage"),
    )
    for word, known, field in words:
        if word not in known:
            raise Refused(f"Choose one of {', '.join(known)}.", field)
    limits = (
        (terms.granted_seconds, MOST_SECONDS, "granted_seconds", "The hours a period"),
        (terms.rollover_cap_seconds, MOST_SECONDS, "rollover_cap_seconds", "The cap"),
        (terms.fee_minor, HIGHEST_MINOR, "fee_minor", "The fee"),
        (terms.budget_minor, HIGHEST_MINOR, "budget_minor", "The budget"),
        (terms.overage_rate, HIGHEST_RATE, "overage_rate", "The overage rate"),
        (terms.rollover_cap_share or 0, 1_000_000, "rollover_cap_share", "The cap"),
    )
    for value, highest, field, what in limits:
        if not 0 <= value <= highest:
            raise Refused(f"{what} cannot be negative, nor that large.", field)
    if not 1 <= terms.cycle_every <= 120:
        raise Refused("A cycle takes from 1 to 120 months or weeks.", "cycle_every")
    if terms.rollover_expires_after is not None and not 1 <= terms.rollover_expires_after <= 1_000:
        raise Refused("What rolls over expires after one period or more.", "rollover_expires_after")
    if terms.basis in ("hours", "hybrid") and not terms.granted_seconds:
        raise Refused("How many hours does a period hold?", "granted_seconds")
    if terms.basis in ("fee", "hybrid") and not terms.fee_minor:
        raise Refused("Give the fee of a period.", "fee_minor")
    if terms.basis == "budget" and not terms.budget_minor:
        raise Refused("Give the budget of a period.", "budget_minor")
    if terms.basis == "budget" and terms.rollover == "capped" and terms.rollover_cap_share is None:
        raise Refused("A budget's rollover is capped by a share of it.", "rollover_cap_share")
    if terms.carry_deficit and terms.overage in ("bill", "approval"):
        raise Refused("An overrun is either billed or carried into the next period, not both.", "carry_deficit")
