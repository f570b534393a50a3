"""What the entry dialog tells of a touch while it is filled in: its retainer and why, its period, its rate and why."""

import asyncio
from datetime import date, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.durations import DurationError, check_span
from agency_app.domain.kept_days import kept_day
from agency_app.domain.money import exponent
from agency_app.services.explain_entry import Change, Explained, Planned, explain_entry
from agency_app.services.refusal import Refused
from agency_app.services.retainer_terms import amount_of
from agency_app.states.guard import actor_of
from agency_app.states.retainer_words import amount, drawn_words
from agency_app.states.typed_span import typed_span
from agency_app.states.views import EntryForm
from agency_app.states.workbench import Workbench
from agency_app.store.work import EntryRow

PICKED = ("retainer", "campaign", "activity", "date", "start", "end", "duration", "billable")
_TIMES = ("date", "start", "end", "duration")

Opened = tuple[datetime | None, datetime | None, int]
"""Start and end, both or neither, and seconds."""


class EntryTold(TypedDict):
    """Sentences; an empty one is not shown."""

    falls: str
    overlap: str
    change: str
    overage: str
    over: bool
    draws: str
    rate: str
    rates: list[str]
    """The rates that did not win, in the order they come after it."""


class EntryWords(rx.State):
    """Follows what is picked in the dialog; the dialog itself is the workbench's."""

    picked: dict[str, str] = {}
    picked_in: int = 0
    """The filling of the dialog that the picks belong to."""

    @rx.event
    async def pick(self, field: str, value: str | bool):
        """A control of the dialog changed."""
        bench = await self.get_state(Workbench)
        before = self.picked if self.picked_in == bench.form_serial else {}
        if str(field) in PICKED:
            self.picked = before | {str(field): str(value)[:64]}
            self.picked_in = bench.form_serial

    @rx.var
    async def told(self) -> EntryTold:
        """The sentences for the dialog as it is filled now."""
        bench = await self.get_state(Workbench)
        form, serial = bench.form, bench.form_serial
        picked = self.picked if self.picked_in == serial else {}
        actor = await actor_of(self) if form["client_id"] else None
        planned = planned_of(form, picked, actor.zone, bench._opened) if actor else None
        if actor is None or planned is None:
            return nothing_told()
        try:
            return told_of(await asyncio.to_thread(explain_entry, actor, planned), planned, actor.zone)
        except Refused:
            return nothing_told()


def nothing_told() -> EntryTold:
    """Return no sentence at all."""
    return {
        "falls": "",
        "overlap": "",
        "change": "",
        "overage": "",
        "over": False,
        "draws": "",
        "rate": "",
        "rates": [],
    }


def planned_of(
    form: EntryForm, picked: dict[str, str], zone: str = "UTC", opened: Opened | None = None
) -> Planned | None:
    """Return the touch as the dialog stands: as it was filled, with what was picked since. None without a day.

    `opened` is the exact time of the entry that the dialog shows, in whole minutes, while it is untouched.
    """
    try:
        day = kept_day(picked.get("date", form["date"]))
    except ValueError:
        return None
    begins, ends, seconds = _time_of(form, picked, day, zone, opened)
    return Planned(
        client_id=form["client_id"],
        activity_id=picked.get("activity", form["activity_id"]),
        campaign_id=picked.get("campaign", form["campaign_id"]),
        retainer_id=picked.get("retainer", form["retainer_id"]),
        day=day,
        seconds=seconds,
        billable=picked.get("billable", str(form["billable"])).lower() == "true",
        entry_id=form["id"],
        start=begins,
        end=ends,
    )


def _time_of(form: EntryForm, picked: dict[str, str], day: date, zone: str, opened: Opened | None) -> Opened:
    """Return start, end and seconds as saving would take them; no time and 0 seconds for what it would refuse."""
    if opened and all(picked.get(name, form[name]) == form[name] for name in _TIMES):
        return opened
    try:
        _, begins, ends, duration = (picked.get(name, form[name]) for name in _TIMES)
        start, end, seconds = typed_span(day, begins, ends, duration, zone)
        return start, end, check_span(start, end) if start and end else seconds or 0
    except (Refused, DurationError):
        return None, None, 0


def told_of(explained: Explained, planned: Planned, zone: str = "UTC") -> EntryTold:
    """Return the sentences for what was explained."""
    told = nothing_told()
    currency = explained.client.currency
    told["falls"] = falls_words(explained, planned)
    told["overlap"] = overlap_words(explained.overlaps, zone)
    change = explained.change
    if change is not None and change.used_before != change.used_after:
        terms, available = change.period.terms, change.period.balance.available
        before = amount(change.used_before, terms, currency).removesuffix(" h")
        over = change.used_after - available
        told["over"] = over > 0
        told["change"] = (
            f"{wording.period_name(change.period.first, change.period.last)}: {before} → "
            f"{amount(change.used_after, terms, currency)} of {amount(available, terms, currency)}"
            + (f", {amount(over, terms, currency)} over" if over > 0 else "")
            + "."
        )
        told["overage"] = overage_words(change, currency)
    if explained.drawn is not None and explained.drawn_in is not None:
        period = explained.drawn_in
        words = drawn_words(explained.drawn, period.terms, currency)
        told["draws"] = f"It draws on {wording.period_name(period.first, period.last)}: {words}." if words else ""
    best, *others = explained.rates
    told["rate"] = f"{wording.rate(best.rate, currency)} / h: {best.source}"
    told["rates"] = [f"{wording.rate(one.rate, currency)} / h: {one.source}" for one in others]
    return told


def overage_words(change: Change, currency: str) -> str:
    """Return what becomes of what a change puts beyond what was agreed, or takes back from there; empty where that is
    billed anyway. The tip at the pointer says the same (`beyond` in assets/week_calendar.js).
    """
    over = change.over_seconds
    if not over or change.overage == "bill":
        return ""
    if change.overage == "stop":
        return "Over what was agreed: this will not be taken." if over > 0 else ""
    if change.overage == "absorb":
        return "Over what was agreed, and absorbed." if over > 0 else "Less that is absorbed."
    worth = wording.money(amount_of(abs(over), change.period.terms.overage_rate, exponent(currency)), currency)
    return f"{'Over what was agreed: ' if over > 0 else ''}{worth} {'' if over > 0 else 'less '}if the overage is approved."


def overlap_words(overlaps: list[EntryRow], zone: str) -> str:
    """Return what a touch shares time with; that is allowed, and only said."""
    if not overlaps:
        return ""
    first, more = overlaps[0], len(overlaps) - 1
    clock = "–".join(f"{at.astimezone(ZoneInfo(zone)):%H:%M}" for at in (first.started_at, first.ended_at) if at)
    return f"Overlaps {first.client_short}, {first.activity}, {clock}{f', and {more} more' if more else ''}."


def falls_words(explained: Explained, planned: Planned) -> str:
    """Return which retainer a touch falls to, because of what."""
    client, by_rule = explained.client, explained.by_rule
    if client.internal:
        return "The agency's own work is never billed."
    if not explained.running:
        rule = f"No retainer of {client.name} runs on {wording.short_date(planned.day)}: billed by the hour."
    elif by_rule is None:
        rule = f"No retainer of {client.name} is for this work: billed by the hour."
    else:
        rule = f"Falls to {by_rule.name} because {_because(explained)}."
    if planned.retainer_id == "none":
        if by_rule is None:
            return rule
        return f"You keep it out of every retainer. By the rule: {rule[0].lower()}{rule[1:]}"
    chosen = explained.chosen
    if chosen is None or (by_rule is not None and chosen.id == by_rule.id):
        return rule
    return f"You chose {chosen.name}. By the rule: {rule[0].lower()}{rule[1:]}"


def _because(explained: Explained) -> str:
    named = {
        1: f"it is for {explained.activity}",
        2: f"it is for {explained.campaign}",
        3: f"it is for {explained.activity} in {explained.campaign}",
    }
    words = named.get(explained.fit, f"it is for all of {explained.client.name}'s work")
    return f"{words}, and is the oldest of {explained.alike} that are" if explained.alike > 1 else words
