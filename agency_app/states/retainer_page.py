"""The page of one retainer as the browser shows it: figures, mix, entries, history, agreement. Pure."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypedDict
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes
from agency_app.domain.retainer import Balance, Period, Terms
from agency_app.services.actor import Actor
from agency_app.services.change_agreement import MAY_CHANGE
from agency_app.services.close_period import MAY_CLOSE
from agency_app.services.decide_overage import MAY_DECIDE
from agency_app.services.drawn_entries import DrawnEntry
from agency_app.services.place_late_entry import MAY_PLACE
from agency_app.services.read_retainers import PeriodRead, RetainerDetail
from agency_app.services.retainer_terms import terms_of
from agency_app.states.agreement_view import (
    Change,
    Pause,
    TermsForm,
    agreement_changes,
    agreement_facts,
    filled_terms,
    no_terms,
    pause_of,
)
from agency_app.states.retainer_chart import Chart, burn_down_chart, no_chart
from agency_app.states.retainer_words import (
    amount,
    drawn_words,
    figure,
    forecast_words,
    left_words,
    range_words,
    rollover_words,
    rounded,
    run_out_words,
)
from agency_app.states.status_classes import STATUS_CLASS
from agency_app.states.views import Fact
from agency_app.tables import LateWork, RetainerNote

SHARES_SHOWN, TASKS_SHOWN, ENTRIES_SHOWN, PERIODS_SHOWN = 5, 100, 200, 24


class Share(TypedDict):
    """A part of the hours, with its step of the ramp."""

    name: str
    value: str
    percent: str
    style: dict[str, str]
    square: dict[str, str]


class TaskLine(TypedDict):
    """What was worked on, however often it was taken up: entries of one name and activity together."""

    name: str
    time: str
    entries: str
    activity: str
    last: str


class EntryLine(TypedDict):
    """An entry and what it draws."""

    id: str
    href: str
    day: str
    task: str
    member: str
    time: str
    draws: str


class PeriodLine(TypedDict):
    """A row of the history."""

    start: str
    name: str
    href: str
    granted: str
    rolled_in: str
    used: str
    overage: str
    written_off: str
    left: str
    expired: str
    rolled_out: str
    state: str
    here: bool


class NoteLine(TypedDict):
    """A note, signed."""

    id: str
    text: str
    signed: str
    mine: bool
    """Whether the one who looks may take it away."""


class ClosingLine(TypedDict):
    """What closing a period would freeze."""

    name: str
    granted: str
    rolled_in: str
    used: str
    overage: str
    expired: str
    rolled_out: str


class LateLine(TypedDict):
    """Late work that waits."""

    id: str
    day: str
    task: str
    member: str
    time: str
    period: str
    mine: bool
    """Whether the one who looks may withdraw it."""


class RetainerPage(TypedDict):
    """Everything on `/retainers/{id}`."""

    found: bool
    id: str
    version: int
    client: str
    client_href: str
    name: str
    colour: str
    cl: str
    period: str
    status: str
    status_class: str
    used: str
    available: str
    left: str
    ahead: str
    forecast: str
    chart: Chart
    activities: list[Share]
    platforms: list[Share]
    members: list[Share]
    tasks: list[TaskLine]
    mix_text: str
    entries: list[EntryLine]
    more: str
    history: list[PeriodLine]
    note: str
    facts: list[Fact]
    changes: list[Change]
    form: TermsForm
    ends_on: str
    pause: Pause
    notes: list[NoteLine]
    may_change: bool
    late: list[LateLine]
    may_place: bool
    can_close: str
    decide: str
    decide_day: str


def no_page() -> RetainerPage:
    """Return the page of no retainer."""
    return {
        "found": False,
        "id": "",
        "version": 0,
        "client": "",
        "client_href": "/",
        "name": "",
        "colour": "c1",
        "cl": "cl-c1",
        "period": "",
        "status": "",
        "status_class": "",
        "used": "",
        "available": "",
        "left": "",
        "ahead": "",
        "forecast": "",
        "chart": no_chart(),
        "activities": [],
        "platforms": [],
        "members": [],
        "tasks": [],
        "mix_text": "",
        "entries": [],
        "more": "",
        "history": [],
        "note": "",
        "facts": [],
        "changes": [],
        "form": no_terms(),
        "ends_on": "",
        "pause": {"id": "", "text": "", "day": ""},
        "notes": [],
        "may_change": False,
        "late": [],
        "may_place": False,
        "can_close": "",
        "decide": "",
        "decide_day": "",
    }


def retainer_page(detail: RetainerDetail, today: date, actor: Actor) -> RetainerPage:
    """Return the page of a retainer, with the period that holds the day it was read as of."""
    page = no_page()
    read, one = detail.read, detail.shown
    client, retainer, currency = read.client, read.retainer, read.client.currency
    page.update(
        found=True,
        id=retainer.id,
        version=retainer.version,
        client=client.name,
        client_href=f"/?client={client.id}",
        name=retainer.name,
        colour=f"c{client.colour}",
        cl=f"cl-c{client.colour}",
        history=[
            _period_line(line, retainer.id, currency, one, today) for line in reversed(read.periods[-PERIODS_SHOWN:])
        ],
        changes=agreement_changes(detail),
        form=filled_terms(detail, today),
        ends_on=retainer.ends_on.isoformat() if retainer.ends_on else "",
        pause=pause_of(detail, today),
        notes=[_note_line(note, author, actor) for note, author in detail.notes],
        may_change=actor.role in MAY_CHANGE,
        late=[_late_line(*row, detail, actor) for row in detail.late],
        may_place=actor.role in MAY_PLACE,
    )
    if one is None:
        latest = terms_of(detail.amendments[-1] if detail.amendments else retainer)
        page.update(facts=agreement_facts(detail, latest, currency), period="No period yet", status="")
        return page
    terms = one.period.terms
    balance = one.period.balance
    counted = [entry for entry in detail.entries if entry.late != "written_off"]
    page.update(
        period=wording.period_name(one.period.first, one.period.last),
        status=one.pace.status,
        status_class=STATUS_CLASS[one.pace.status],
        used=amount(one.used, terms, currency).removesuffix(" h"),
        available=f"/ {amount(balance.available, terms, currency)}",
        left=left_words(one, currency),
        ahead=_against_ideal(one, currency)
        if one.period.first <= today <= one.period.last and not one.period.closed
        else "",
        forecast=_forecast(one, today, currency),
        chart=burn_down_chart(one, today, currency),
        activities=_shares(counted, lambda entry: entry.row.activity),
        platforms=_shares(counted, lambda entry: entry.row.platform or "No platform"),
        members=_shares(counted, lambda entry: entry.row.member),
        tasks=_task_lines(counted),
        entries=[_entry_line(entry, terms, currency) for entry in reversed(detail.entries[-ENTRIES_SHOWN:])],
        facts=agreement_facts(detail, terms, currency),
        note=f"Granted + rolled in = used − overage + left. {rollover_words(terms, currency)}.",
        can_close=one.period.first.isoformat()
        if one.period.last < today and not one.period.closed and actor.role in MAY_CLOSE
        else "",
    )
    hidden = len(detail.entries) - len(page["entries"])
    page["more"] = f"and {hidden} earlier ones" if hidden > 0 else ""
    page["mix_text"] = ", ".join(f"{share['name']} {share['value']}" for share in page["activities"])
    if terms.overage == "approval" and one.overage and not one.period.closed:
        decided = {"": "is not agreed yet", "bill": "will be billed", "absorb": "will be absorbed"}[one.decision]
        page["decide"] = f"{amount(one.overage, terms, currency)} of overage {decided}."
        page["decide_day"] = one.period.first.isoformat() if actor.role in MAY_DECIDE else ""
    return page


def _against_ideal(one: PeriodRead, currency: str) -> str:
    """Return how far the work is from an even pace, or from when on it is known: nobody knows how far it is then."""
    if one.known_since is not None:
        return f"set up {wording.short_date(one.known_since)}, nothing logged before"
    difference = one.period.balance.used - one.pace.ideal_used
    side = "ahead of" if difference >= 0 else "behind"
    return f"{rounded(abs(difference), one.period.terms, currency)} {side} ideal"


def _forecast(one: PeriodRead, today: date, currency: str) -> str:
    if one.period.closed:
        return "This period is closed"
    if one.period.last < today:
        return f"It ended with {left_words(one, currency)} and is not closed yet"
    words, early = run_out_words(one)
    if one.pace.forecast_used is None:
        return (
            "Over what was agreed" if one.pace.status == "Over" else "Too few days logged to tell how the period ends"
        )
    ends = f"{forecast_words(one, currency)[0]} by its end{range_words(one, currency)}"
    if one.pace.status == "Over":
        return f"Over what was agreed since {words}: {ends}"
    if one.pace.run_out is not None:
        return f"On pace to finish {words}, {early}: {ends}"
    return f"{words}: {ends}"


def _shares(entries: Iterable[DrawnEntry], by: Callable[[DrawnEntry], str]) -> list[Share]:
    """Return the hours by a word, largest first, what is beyond the ramp together at the end."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[by(entry)] = sums.get(by(entry), 0) + entry.row.seconds
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(ordered) > SHARES_SHOWN:
        rest = ordered[SHARES_SHOWN - 1 :]
        ordered = [*ordered[: SHARES_SHOWN - 1], (f"{len(rest)} others", sum(value for _, value in rest))]
    total = max(1, sum(sums.values()))
    return [
        {
            "name": name,
            "value": f"{wording.hours(value)} h",
            "percent": f"{value * 100 // total}%",
            "style": {"flex": str(value), "background": f"var(--a{place})"},
            "square": {"background": f"var(--a{place})"},
        }
        for place, (name, value) in enumerate(ordered, start=1)
    ]


def _task_lines(entries: Iterable[DrawnEntry]) -> list[TaskLine]:
    """Return the work of a period by what it was, the most hours first."""
    groups: dict[tuple[str, str], list[DrawnEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.row.title or entry.row.activity, entry.row.activity), []).append(entry)
    sums = {key: sum(entry.row.seconds for entry in group) for key, group in groups.items()}
    return [
        {
            "name": name,
            "time": hours_minutes(sums[name, activity]),
            "entries": str(len(groups[name, activity])),
            "activity": activity,
            "last": wording.weekday_date(max(entry.row.work_date for entry in groups[name, activity])),
        }
        for name, activity in sorted(groups, key=lambda key: (-sums[key], key))[:TASKS_SHOWN]
    ]


def _entry_line(entry: DrawnEntry, terms: Terms, currency: str) -> EntryLine:
    row = entry.row
    return {
        "id": row.id,
        "href": f"/?week={row.work_date.isoformat()}&client={row.client_id}&entry={row.id}",
        "day": wording.weekday_date(row.work_date),
        "task": row.note or row.title or row.activity,
        "member": row.member,
        "time": hours_minutes(row.seconds),
        "draws": drawn_words(entry, terms, currency),
    }


def _late_line(row: LateWork, member: str, activity: str, detail: RetainerDetail, actor: Actor) -> LateLine:
    closed = detail.read.on(row.work_date)
    return {
        "id": row.id,
        "day": wording.weekday_date(row.work_date),
        "task": row.note or row.title or activity,
        "member": member,
        "time": hours_minutes(row.seconds),
        "period": wording.period_name(closed.period.first, closed.period.last) if closed else "",
        "mine": row.member_id == actor.member_id or actor.role in MAY_PLACE,
    }


def _note_line(note: RetainerNote, author: str, actor: Actor) -> NoteLine:
    at = note.created_at.astimezone(ZoneInfo(actor.zone))
    mine = note.member_id == actor.member_id or actor.role in ("owner", "lead")
    signed = f"{author}, {wording.weekday_date(at.date())} {at.year}, {at:%H:%M}"
    return {"id": note.id, "text": note.text, "signed": signed, "mine": mine}


def closing_lines(found: list[tuple[Period, Balance]], currency: str) -> list[ClosingLine]:
    """Return what closing would freeze, in words."""
    return [
        {
            "name": wording.period_name(period.first, period.last),
            "granted": figure(balance.granted, period.terms, currency),
            "rolled_in": figure(balance.rolled_in, period.terms, currency).replace("-", "−"),
            "used": figure(balance.used, period.terms, currency),
            "overage": figure(balance.overage, period.terms, currency),
            "expired": figure(balance.expired, period.terms, currency),
            "rolled_out": figure(balance.rolled_out, period.terms, currency).replace("-", "−"),
        }
        for period, balance in found
    ]


def _period_line(one: PeriodRead, retainer_id: str, currency: str, shown: PeriodRead | None, as_of: date) -> PeriodLine:
    period, terms = one.period, one.period.terms
    balance = period.balance
    return {
        "start": period.first.isoformat(),
        "name": wording.period_name(period.first, period.last),
        "href": f"/retainers/{retainer_id}?day={period.first.isoformat()}",
        "granted": figure(balance.granted, terms, currency),
        "rolled_in": figure(balance.rolled_in, terms, currency).replace("-", "−"),
        "used": figure(one.used, terms, currency),
        "overage": figure(one.overage, terms, currency),
        "written_off": figure(one.written_off, terms, currency),
        "left": figure(balance.remaining, terms, currency),
        "expired": figure(balance.expired, terms, currency),
        "rolled_out": figure(balance.rolled_out, terms, currency).replace("-", "−"),
        "state": _state(period, as_of),
        "here": shown is not None and shown.period.first == period.first,
    }


def _state(period: Period, today: date) -> str:
    if period.closed:
        return "Closed"
    return f"Open until {wording.short_date(period.last)}" if period.last >= today else "Ended, not closed"
