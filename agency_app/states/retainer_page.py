"""The page of one retainer as the browser shows it: figures, mix, entries, history, agreement. Pure."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypedDict

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes
from agency_app.domain.retainer import Terms
from agency_app.services.read_retainers import DrawnEntry, PeriodRead, RetainerDetail
from agency_app.services.retainer_terms import terms_of
from agency_app.states.focus_view import STATUS_CLASS
from agency_app.states.retainer_chart import Chart, burn_down_chart, no_chart
from agency_app.states.retainer_words import (
    PRORATIONS,
    agreed_words,
    amount,
    cycle_words,
    figure,
    forecast_words,
    left_words,
    overage_words,
    rollover_words,
    rounded,
    run_out_words,
)
from agency_app.states.views import Fact

SHARES_SHOWN, ENTRIES_SHOWN, PERIODS_SHOWN = 5, 200, 24


class Share(TypedDict):
    """A part of the hours, with its step of the ramp."""

    name: str
    value: str
    percent: str
    style: dict[str, str]
    square: dict[str, str]


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


class Change(TypedDict):
    """A change of the agreement."""

    since: str
    what: str
    note: str


class TermsForm(TypedDict):
    """The form of new terms, filled with those that hold."""

    since: str
    basis: str
    hours: str
    fee: str
    budget: str
    cycle_unit: str
    cycle_every: str
    anchor: str
    proration: str
    rollover: str
    cap_hours: str
    cap_percent: str
    expires_after: str
    carry_deficit: bool
    overage: str
    overage_rate: str


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
    mix_text: str
    entries: list[EntryLine]
    more: str
    history: list[PeriodLine]
    note: str
    facts: list[Fact]
    changes: list[Change]
    form: TermsForm
    can_close: str
    decide: str
    decide_day: str


def no_terms() -> TermsForm:
    """Return the form of the terms of a new retainer: what is usual."""
    return {
        "since": "",
        "basis": "hours",
        "hours": "",
        "fee": "",
        "budget": "",
        "cycle_unit": "month",
        "cycle_every": "1",
        "anchor": "calendar",
        "proration": "none",
        "rollover": "expire",
        "cap_hours": "",
        "cap_percent": "",
        "expires_after": "",
        "carry_deficit": False,
        "overage": "bill",
        "overage_rate": "",
    }


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
        "mix_text": "",
        "entries": [],
        "more": "",
        "history": [],
        "note": "",
        "facts": [],
        "changes": [],
        "form": no_terms(),
        "can_close": "",
        "decide": "",
        "decide_day": "",
    }


def retainer_page(detail: RetainerDetail, today: date) -> RetainerPage:
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
        history=[_period_line(line, retainer.id, currency, one) for line in reversed(read.periods[-PERIODS_SHOWN:])],
        changes=_changes(detail),
        form=_form(detail, today),
    )
    if one is None:
        return page
    terms = one.period.terms
    balance = one.period.balance
    difference = balance.used - one.pace.ideal_used
    page.update(
        period=wording.period_name(one.period.first, one.period.last),
        status=one.pace.status,
        status_class=STATUS_CLASS[one.pace.status],
        used=amount(one.used, terms, currency).removesuffix(" h"),
        available=f"/ {amount(balance.available, terms, currency)}",
        left=left_words(one, currency),
        ahead="" if one.period.closed else f"{rounded(abs(difference), terms, currency)} {_side(difference)} of ideal",
        forecast=_forecast(one, currency),
        chart=burn_down_chart(one, detail.as_of, currency),
        activities=_shares(detail.entries, lambda entry: entry.row.activity),
        platforms=_shares(detail.entries, lambda entry: entry.row.platform or "No platform"),
        members=_shares(detail.entries, lambda entry: entry.row.member),
        entries=[_entry_line(entry) for entry in reversed(detail.entries[-ENTRIES_SHOWN:])],
        facts=_facts(detail, terms, currency),
        note=f"Granted + rolled in = used − overage + left. {rollover_words(terms, currency)}.",
        can_close=one.period.first.isoformat() if one.period.last < today and not one.period.closed else "",
    )
    hidden = len(detail.entries) - len(page["entries"])
    page["more"] = f"and {hidden} earlier ones" if hidden > 0 else ""
    page["mix_text"] = ", ".join(f"{share['name']} {share['value']}" for share in page["activities"])
    if terms.overage == "approval" and one.overage and not one.period.closed:
        decided = {"": "is not agreed yet", "bill": "will be billed", "absorb": "will be absorbed"}[one.decision]
        page["decide"] = f"{amount(one.overage, terms, currency)} of overage {decided}."
        page["decide_day"] = one.period.first.isoformat()
    return page


def _side(difference: int) -> str:
    return "ahead" if difference >= 0 else "behind"


def _forecast(one: PeriodRead, currency: str) -> str:
    if one.period.closed:
        return "This period is closed"
    if one.pace.status == "Over":
        return "Over what was agreed"
    words, early = run_out_words(one)
    if one.pace.run_out is not None:
        return f"On pace to finish {words}, {early}"
    forecast, spread = forecast_words(one, currency)
    if one.pace.forecast_used is None:
        return "Too early to tell how the period ends"
    return f"{words}: {forecast} by its end" + (f", between {spread}" if spread else "")


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


def _entry_line(entry: DrawnEntry) -> EntryLine:
    row = entry.row
    parts = (
        ("included", entry.granted_seconds),
        ("rolled", entry.rolled_seconds),
        ("overage", entry.overage_seconds),
    )
    drawn = [(name, seconds) for name, seconds in parts if seconds]
    words = [name if len(drawn) == 1 else f"{hours_minutes(seconds)} {name}" for name, seconds in drawn]
    return {
        "id": row.id,
        "href": f"/?week={row.work_date.isoformat()}&client={row.client_id}&entry={row.id}",
        "day": wording.weekday_date(row.work_date),
        "task": row.note or row.title or row.activity,
        "member": row.member,
        "time": hours_minutes(row.seconds),
        "draws": ", ".join(words),
    }


def _period_line(one: PeriodRead, retainer_id: str, currency: str, shown: PeriodRead | None) -> PeriodLine:
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
        "state": "Closed" if period.closed else f"Open until {wording.short_date(period.last)}",
        "here": shown is not None and shown.period.first == period.first,
    }


def _facts(detail: RetainerDetail, terms: Terms, currency: str) -> list[Fact]:
    retainer = detail.read.retainer
    names = [
        " · ".join(
            part
            for part in (
                detail.campaigns[row.campaign_id].name if row.campaign_id in detail.campaigns else "",
                detail.activities[row.activity_id].name if row.activity_id in detail.activities else "",
            )
            if part
        )
        for row in detail.scope
    ]
    ends = wording.long_date(retainer.ends_on) if retainer.ends_on else "no end"
    return [
        {"name": "Agreed", "value": agreed_words(terms, currency)},
        {"name": "Cycle", "value": cycle_words(terms)},
        {"name": "Runs", "value": f"{wording.long_date(retainer.starts_on)} – {ends}"},
        {"name": "Work", "value": "; ".join(names) if names else "All of the client's work"},
        {"name": "Rollover", "value": rollover_words(terms, currency)},
        {"name": "Overage", "value": overage_words(terms, currency)},
        {"name": "Partial periods", "value": PRORATIONS[terms.proration]},
    ]


def _changes(detail: RetainerDetail) -> list[Change]:
    """Return the agreement as signed, its amendments and its pauses, the newest first."""
    currency = detail.read.client.currency
    retainer = detail.read.retainer
    rows = [(retainer.starts_on, f"Signed. {agreed_words(terms_of(retainer), currency)}", "")]
    for row in detail.amendments:
        terms = terms_of(row)
        what = f"{agreed_words(terms, currency)}. {rollover_words(terms, currency)}. {overage_words(terms, currency)}"
        rows.append((row.starts_on, what, row.note))
    for pause in detail.pauses:
        until = f"until {wording.long_date(pause.ends_on)}" if pause.ends_on else "until further notice"
        rows.append((pause.starts_on, f"Paused {until}", pause.note))
    rows.sort(key=lambda row: row[0], reverse=True)
    return [{"since": wording.long_date(day), "what": what, "note": note} for day, what, note in rows]


def _form(detail: RetainerDetail, today: date) -> TermsForm:
    retainer = detail.read.retainer
    row = detail.amendments[-1] if detail.amendments else retainer
    running = [one.period for one in detail.read.periods if one.period.last >= today] or [
        one.period for one in detail.read.periods[-1:]
    ]
    since = running[0].last + timedelta(days=1) if running else max(today, retainer.starts_on)
    currency = detail.read.client.currency

    def money(minor: int) -> str:
        return (
            wording.money(minor, currency).lstrip(wording.currency_prefix(currency)).replace(",", "") if minor else ""
        )

    capped = row.rollover == "capped"
    return {
        "since": since.isoformat(),
        "basis": row.basis,
        "hours": wording.hours(row.granted_seconds).replace(",", "") if row.granted_seconds else "",
        "fee": money(row.fee_minor),
        "budget": money(row.budget_minor),
        "cycle_unit": row.cycle_unit,
        "cycle_every": str(row.cycle_every),
        "anchor": "anniversary" if row.anchor_on == retainer.starts_on and row.anchor_on.day != 1 else "calendar",
        "proration": row.proration,
        "rollover": row.rollover,
        "cap_hours": wording.hours(row.rollover_cap_seconds) if capped and row.rollover_cap_seconds else "",
        "cap_percent": f"{row.rollover_cap_share / 100:g}" if capped and row.rollover_cap_share is not None else "",
        "expires_after": str(row.rollover_expires_after or ""),
        "carry_deficit": row.carry_deficit,
        "overage": row.overage,
        "overage_rate": _rate(row.overage_rate),
    }


def _rate(rate: int) -> str:
    whole, rest = divmod(rate, 10_000)
    decimals = f"{rest:04}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}" if rate else ""
