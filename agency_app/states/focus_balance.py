"""The period of the focused client's retainer on the workbench: figures, facts and a small burn-down. Pure.

The period is the retainer's own, whatever its cycle; amounts are money where the terms are a budget.
"""

from datetime import date, timedelta

from agency_app.documents import wording
from agency_app.services.read_retainers import PeriodRead, RetainerRead
from agency_app.states.burn_down import SMALL, Scale, drawn, lefts_until, mark_today, tenth
from agency_app.states.retainer_words import amount, left_words, rate_words, rounded
from agency_app.states.status_classes import FILL_CLASS, STATUS_CLASS
from agency_app.states.views import Fact, Focus

MONTH_TICKS = {1, 8, 15, 22, 29}


def put_balance(view: Focus, held: list[RetainerRead], today: date, number: str) -> None:
    """Put the oldest of a client's running retainers on its card, and a line for each other one."""
    read, *others = held
    one, currency = read.periods[-1], read.client.currency
    balance, terms = one.period.balance, one.period.terms
    status = "Invoiced" if number else one.pace.status
    view["has_retainer"] = True
    view["retainer"] = read.retainer.name
    view["href"] = f"/retainers/{read.retainer.id}"
    view["used"] = amount(balance.used, terms, currency).removesuffix(" h")
    view["available"] = amount(balance.available, terms, currency)
    view["left"] = left_words(one, currency)
    view["status"] = status
    view["status_class"] = STATUS_CLASS.get(status, "")
    view["fill_class"] = FILL_CLASS[view["status_class"]]
    view["forecast"] = _forecast_words(one, today, number)
    view["facts"] = _facts(one, today, currency) + [
        {"name": other.retainer.name, "value": left_words(other.periods[-1], currency)} for other in others
    ]
    _put_chart(view, one, today, currency)


def _is_month(one: PeriodRead) -> bool:
    first, last = one.period.first, one.period.last
    return (
        first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month)
    )


def _forecast_words(one: PeriodRead, today: date, number: str) -> str:
    span = "month" if _is_month(one) else "period"
    run_out, last = one.pace.run_out, one.period.last
    if number:
        return f"Invoiced on {number}"
    if one.pace.status == "Over":
        return "Over what was agreed"
    if run_out is not None and run_out < last:
        early = (last - run_out).days
        return f"On pace to finish {wording.short_date(run_out)}, {early} day{'s' if early != 1 else ''} early"
    if today < one.period.first:
        return f"The {span} begins on {wording.short_date(one.period.first)}"
    if one.pace.forecast_used is None:
        return f"Too few days logged to tell how the {span} ends"
    return f"Lasts the {span}"


def _facts(one: PeriodRead, today: date, currency: str) -> list[Fact]:
    period, terms = one.period, one.period.terms
    balance = period.balance
    facts: list[Fact] = []
    if not _is_month(one):
        facts.append({"name": "Period", "value": wording.day_span(period.first, period.last)})
    if period.fee_minor:
        facts.append({"name": "Fee", "value": wording.money(period.fee_minor, currency)})
    if terms.rule.rollover != "expire" or balance.rolled_in:
        before = period.first - timedelta(days=1)
        name = f"Rollover from {wording.month_seen_from(before, period.first)}" if _is_month(one) else "Rolled in"
        sign = "+" if balance.rolled_in >= 0 else "−"
        rolled = amount(abs(balance.rolled_in), terms, currency)
        facts.append({"name": name, "value": f"{sign}{rolled} on {amount(balance.granted, terms, currency)}"})
    facts += _ideal(one, today, currency)
    facts.append({"name": "Overage rate", "value": rate_words(terms, currency)})
    if one.overage:
        facts.append({"name": "Overage", "value": amount(one.overage, terms, currency)})
    return facts


def _ideal(one: PeriodRead, today: date, currency: str) -> list[Fact]:
    """Return how the work stands against an even pace, while the period runs: before and after it there is none."""
    if not one.period.first <= today <= one.period.last:
        return []
    terms = one.period.terms
    ideal = rounded(one.pace.ideal_used, terms, currency)
    if one.known_since is None:
        ahead = one.period.balance.used - one.pace.ideal_used
        against = f"{rounded(abs(ahead), terms, currency)} {'ahead' if ahead >= 0 else 'behind'}"
        return [{"name": "Ideal by today", "value": f"{ideal}, {against}"}]
    return [  # what was done before it was set up is not known: to call it behind would be a guess
        {"name": "Ideal by today", "value": ideal},
        {"name": f"Set up {wording.short_date(one.known_since)}", "value": "nothing logged before"},
    ]


def _put_chart(view: Focus, one: PeriodRead, today: date, currency: str) -> None:
    period, pace = one.period, one.pace
    first, last, available = period.first, period.last, period.balance.available
    days = (last - first).days + 1
    scale = Scale(SMALL, days, top=max(available, 1))
    lefts = lefts_until(one, min(max(today, first - timedelta(days=1)), last))
    reached = len(lefts) - 1
    curve = drawn(scale, one, lefts, currency)
    curve["ideal"] = scale.line([(0, available), (days, 0)])
    mark_today(curve, scale, reached, lefts[-1], "Today" if first <= today <= last else "")
    if pace.forecast_used is not None and today < last:
        end = days, available - pace.forecast_used
        if pace.run_out is not None:
            end = (pace.run_out - first).days + 1, 0
        curve["forecast"] = scale.line([(reached, lefts[-1]), end])
    curve["ticks"] = [
        {"x": tenth(scale.x(offset)), "y": str(SMALL.tick_y), "text": text}
        for offset in range(days)
        if (text := _tick(first + timedelta(days=offset), offset, days, month=_is_month(one)))
    ]
    curve["text"] = (
        f"Burn-down of {wording.day_span(first, last)}: {left_words(one, currency)} of "
        f"{amount(available, period.terms, currency)}; {view['forecast']}."
    )
    view["curve"] = curve


def _tick(day: date, offset: int, days: int, *, month: bool) -> str:
    """Return what stands under a day of the drawing: its number in a month, a date now and then in other periods."""
    if month:
        return str(day.day) if day.day in MONTH_TICKS else ""
    return wording.short_date(day) if offset % max(1, (days + 3) // 4) == 0 else ""
