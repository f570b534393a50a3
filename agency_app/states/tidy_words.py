"""What splitting, merging and changing many entries does, in words and figures to read before. Pure."""

from typing import TypedDict
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes, prose
from agency_app.services.many_effects import Effects, PeriodEffect
from agency_app.services.merge_entries import Merger


class PeriodRow(TypedDict):
    """A retainer period whose use changes."""

    key: str
    name: str
    period: str
    before: str
    after: str
    available: str
    over: bool


def told_of_merging(merger: Merger, zone: str) -> list[str]:
    """Return what merging does, sentence by sentence."""
    place, count = ZoneInfo(zone), len(merger.rows)
    first = merger.rows[0]
    words = f"{count} entries of {wording.weekday_date(first.work_date)} become one of {prose(merger.seconds)}"
    said: list[str] = []
    if merger.start is None or merger.end is None:
        said.append(f"{words}, at no time of day" + (", because one of them has none." if _any_timed(merger) else "."))
    else:
        said.append(
            f"{words}, {merger.start.astimezone(place):%H:%M} to {merger.end.astimezone(place):%H:%M}. "
            "Not a minute more or less is logged."
        )
        if merger.apart:
            gap = prose(abs(merger.apart))
            said.append(
                f"Between them lie {gap} that are not logged: the end moves to before them."
                if merger.apart > 0
                else f"They overlap by {gap}: the end moves past the last of them."
            )
    if len(merger.notes) > 1:
        said.append(f"The {len(merger.notes)} notes stand below each other in it.")
    if merger.billed_before != merger.billed_after:
        said.append(
            f"{first.client} is billed each entry rounded: {prose(merger.billed_before)} now, "
            f"{prose(merger.billed_after)} afterwards."
        )
    return said


def told_of_changing(effects: Effects) -> list[str]:
    """Return what an edit does besides what it says, sentence by sentence; periods are in the table."""
    said: list[str] = []
    before, after = effects.billable
    if before != after:
        said.append(f"Billable: {prose(before)} before, {prose(after)} after.")
    for currency, (was, will) in sorted(effects.worth.items()):
        if was != will:
            said.append(
                f"Worth at their rates: {wording.money(was, currency)} before, {wording.money(will, currency)} after."
            )
    if not effects.periods:
        said.append("No retainer period changes.")
    return said


def period_rows(effects: Effects) -> list[PeriodRow]:
    """Return the table of the periods whose use changes."""
    return [_period(one) for one in effects.periods]


def _period(one: PeriodEffect) -> PeriodRow:
    def shown(amount: int) -> str:
        return wording.money(amount, one.currency) if one.currency else hours_minutes(amount)

    return {
        "key": f"{one.client}{one.retainer}{one.first}",
        "name": f"{one.client}, {one.retainer}",
        "period": wording.period_name(one.first, one.last),
        "before": shown(one.before),
        "after": shown(one.after),
        "available": f"of {shown(one.available)}" if one.available else "",
        "over": one.available > 0 and one.after > one.available,
    }


def _any_timed(merger: Merger) -> bool:
    return any(row.started_at is not None for row in merger.rows)
