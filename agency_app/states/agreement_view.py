"""The agreement of a retainer as its page shows it: its terms in words, its history, its pause, the filled form. Pure."""

from datetime import date, timedelta
from typing import TypedDict

from agency_app.documents import wording
from agency_app.domain.retainer import Terms, first_period_from
from agency_app.services.read_retainers import RetainerDetail
from agency_app.services.retainer_terms import agreement_of, terms_of
from agency_app.states.retainer_words import PRORATIONS, agreed_words, cycle_words, overage_words, rollover_words
from agency_app.states.scope_rows import ScopeRow, blank_rows
from agency_app.states.views import Choice, Fact, campaign_name
from agency_app.tables import RetainerScope


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


class Pause(TypedDict):
    """The pause that holds today or comes next; without an id there is none."""

    id: str
    text: str
    day: str


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


def agreement_facts(detail: RetainerDetail, terms: Terms, currency: str) -> list[Fact]:
    """Return the terms that hold, in words."""
    retainer = detail.read.retainer
    names = [_scope_name(detail, row) for row in detail.scope]
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


def agreement_changes(detail: RetainerDetail) -> list[Change]:
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


def agreed_from_words(detail: RetainerDetail, since: date) -> str:
    """Return from which period on a change of a day holds: `Agreed. It holds from the period that
    starts on 1 January 2027.`"""
    first = first_period_from(agreement_of(detail.read.retainer, detail.amendments, detail.pauses), since)
    if first is None:
        return f"Agreed from {wording.long_date(since)}."
    return f"Agreed. It holds from the period that starts on {wording.long_date(first)}."


def filled_terms(detail: RetainerDetail, today: date) -> TermsForm:
    """Return the form of new terms, filled with the latest ones, from after the running period on."""
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


def _scope_name(detail: RetainerDetail, row: RetainerScope) -> str:
    campaigns, activities = (dict(_named(choices)) for choices in (campaign_choices(detail), activity_choices(detail)))
    parts = [campaigns[row.campaign_id]] if row.campaign_id else []
    return " · ".join([*parts, activities[row.activity_id]] if row.activity_id else parts)


def _named(choices: list[Choice]) -> list[tuple[str, str]]:
    return [(choice["id"], choice["name"]) for choice in choices]


def campaign_choices(detail: RetainerDetail) -> list[Choice]:
    """Return the client's campaigns, and those that the scope names though they are archived."""
    return [{"id": one.id, "name": campaign_name(one)} for one in detail.campaigns.values()]


def activity_choices(detail: RetainerDetail) -> list[Choice]:
    """Return the activities, and those that the scope names though they are archived."""
    return [{"id": one.id, "name": one.name} for one in detail.activities.values()]


def scope_rows(detail: RetainerDetail) -> list[ScopeRow]:
    """Return the rows of the form of what the retainer is for, with two empty ones at the end."""
    rows: list[ScopeRow] = [
        {"number": str(number), "campaign": row.campaign_id or "", "activity": row.activity_id or ""}
        for number, row in enumerate(detail.scope)
    ]
    return [*rows, *blank_rows(len(rows))]


def pause_of(detail: RetainerDetail, today: date) -> Pause:
    """Return the pause that holds today or, else, the next one to come."""
    for row in sorted(detail.pauses, key=lambda row: row.starts_on):
        if row.ends_on is None or row.ends_on >= today:
            until = f"until {wording.long_date(row.ends_on)}" if row.ends_on else "until further notice"
            since = "" if row.starts_on <= today else f"from {wording.long_date(row.starts_on)} "
            return {"id": row.id, "text": f"Paused {since}{until}", "day": max(today, row.starts_on).isoformat()}
    return {"id": "", "text": "", "day": ""}
