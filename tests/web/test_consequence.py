"""What the tip at the pointer says of the draft is what the dialog says, and what saving does: run by Node, no browser."""

from datetime import date
from typing import Any

import pytest

from agency_app.domain.retainer import Balance, Period, Terms
from agency_app.domain.retainer.agreement import OveragePolicy
from agency_app.services.explain_entry import Change
from agency_app.states.entry_words import overage_words
from tests.tip import told

HOUR = 3600


def dropped(overage: str, used: float, hours: float, **more: Any) -> dict[str, Any]:
    """Return the gesture of dropping a template on November, of whose 56 h so many are used."""
    period = {
        "name": "Nov",
        "first": "2026-11-01",
        "last": "2026-11-30",
        "used": int(used * HOUR),
        "available": 56 * HOUR,
        "rate": 0,
        "bills": True,
        "overage": overage,
        "overage_rate": 1_300_000,
        "currency_prefix": "€",
        "decimals": 2,
    }
    to = {"start": "2026-11-24T09:00:00", "end": "2026-11-24T10:00:00"}
    hint = {"client": "Brightside", "duration": int(hours * HOUR), "periods": {"2026-11-01": period | more}}
    return {"kind": "new", "hint": hint, "from": None, "to": to}


def said_by_the_dialog(overage: OveragePolicy, used: float, hours: float) -> str:
    before, seconds = int(used * HOUR), int(hours * HOUR)
    granted = 56 * HOUR
    period = Period(
        date(2026, 11, 1),
        date(2026, 11, 30),
        Terms("fee", granted, overage=overage, overage_rate=1_300_000),
        0,
        False,
        Balance(granted, 0, before, max(0, before - granted), max(0, granted - before)),
        (),
        (),
    )
    return overage_words(Change(period, before, before + seconds, seconds, overage), "EUR")


@pytest.mark.parametrize(
    ("overage", "used", "hours", "words"),
    [
        ("approval", 57.5, 1, "Over what was agreed: €130.00 if the overage is approved."),
        ("approval", 55.5, 1, "Over what was agreed: €65.00 if the overage is approved."),
        ("absorb", 57.5, 1, "Over what was agreed, and absorbed."),
        ("approval", 40, 1, ""),
        ("bill", 57.5, 1, ""),
    ],
)
def test_the_tip_and_the_dialog_say_the_same_of_what_is_over(
    overage: OveragePolicy, used: float, hours: float, words: str
) -> None:
    [tip] = told(dropped(overage, used, hours))
    assert said_by_the_dialog(overage, used, hours) == words
    if words:
        assert tip["text"] == f"{words} Esc cancels."
    elif overage == "bill":
        assert tip["text"] == "Adds €130.00 to the draft. Esc cancels."
    else:
        assert tip["text"] == "Inside the fee: the draft stays. Esc cancels."
    assert tip["head"] == f"Brightside Nov: {used:g} → {used + hours:g} of 56 h"


def test_hours_at_their_rate_are_billed_and_what_is_over_waits_for_approval() -> None:
    [tip] = told(dropped("approval", 55.5, 1, rate=1_000_000))
    assert tip["text"] == (
        "Adds €50.00 to the draft. Over what was agreed: €65.00 if the overage is approved. Esc cancels."
    )


def test_what_is_taken_back_from_over_is_said_to_be_less() -> None:
    shorter = dropped("approval", 57.5, 2) | {"kind": "resize", "from": {"start": "2026-11-24T09:00:00"}}
    [tip] = told(shorter)
    assert tip["text"] == "€130.00 less if the overage is approved. Esc cancels."
    assert said_by_the_dialog("approval", 57.5, -1) == "€130.00 less if the overage is approved."


def test_where_work_stops_at_what_was_agreed_the_tip_refuses_as_saving_does() -> None:
    over, within = told(dropped("stop", 55.5, 1), dropped("stop", 40, 1))
    assert over["refused"]
    assert over["head"] == "Brightside Nov: it stops at what was agreed"
    assert said_by_the_dialog("stop", 55.5, 1) == "Over what was agreed: this will not be taken."
    assert within["text"].startswith("Inside the fee")
