"""The dashboard of the retainers as the browser shows it: rows, figures on top, filter and order. Pure."""

from datetime import date, timedelta
from typing import TypedDict
from urllib.parse import urlencode

from agency_app.documents import wording
from agency_app.domain.kept_days import kept_day
from agency_app.domain.money import exponent, round_half_up
from agency_app.domain.profit import hourly, money_of
from agency_app.domain.retainer import period_of, working_days
from agency_app.services.read_profit import MonthMoney
from agency_app.services.read_retainers import Dashboard, PeriodRead, Resting, RetainerRead
from agency_app.states.cost_words import without_words
from agency_app.states.retainer_decisions import Decision, decisions
from agency_app.states.retainer_words import (
    amount,
    forecast_words,
    granted_words,
    left_words,
    run_out_words,
    working_day_words,
)
from agency_app.states.status_classes import FILL_CLASS, STATUS_CLASS

FILTERS = (("all", "All"), ("attention", "Needs attention"), ("pace", "On pace"))
ORDERS = (
    ("risk", "Most at risk first"),
    ("name", "By client"),
    ("used", "Most used first"),
    ("ends", "First to run out"),
)
MOST_NAMED = 4
"""So many fee retainers are named in the strip; their rows all say it."""
ATTENTION = ("Over", "Running hot", "Under-serviced")
_RISK = {status: place for place, status in enumerate((*ATTENTION, "On pace", "Too early to tell"))}


class RetainerRow(TypedDict):
    """A retainer with the bar of its present period."""

    href: str
    colour: str
    client: str
    detail: str
    used: str
    available: str
    left: str
    bar_text: str
    used_style: dict[str, str]
    forecast_style: dict[str, str]
    end_style: dict[str, str]
    tick_style: dict[str, str]
    over: bool
    status: str
    status_class: str
    fill_class: str
    run_out: str
    run_out_note: str
    forecast: str
    forecast_note: str
    fee: str
    fee_note: str
    margin: str
    margin_note: str
    weeks: str
    weeks_text: str
    weeks_x: str
    weeks_y: str


class Kpi(TypedDict):
    """One figure of the strip."""

    name: str
    value: str
    note: str
    warn: bool


class Place(TypedDict):
    """A link that filters, orders or goes to another month."""

    href: str
    name: str
    here: bool


class RetainerList(TypedDict):
    """Everything on `/retainers`."""

    ready: bool
    as_of: str
    month: str
    previous: str
    next: str
    kpis: list[Kpi]
    margins: bool
    """Whether the member sees margins, and there are any."""
    filters: list[Place]
    orders: list[Place]
    rows: list[RetainerRow]
    decide: list[Decision]
    resting: list[Place]
    late: list[Place]
    """The retainers whose late work waits for a lead."""
    empty: str
    ideal: str
    total: str
    of_total: str


def no_list() -> RetainerList:
    """Return the page before anything is known, or when signed out."""
    return {
        "ready": False,
        "as_of": "",
        "month": "",
        "previous": "/retainers",
        "next": "/retainers",
        "kpis": [],
        "margins": False,
        "filters": [],
        "orders": [],
        "rows": [],
        "decide": [],
        "resting": [],
        "late": [],
        "empty": "",
        "ideal": "",
        "total": "",
        "of_total": "",
    }


def day_shown(month: str, today: date) -> date:
    """Return the day that a month in the address is shown as of: today in this month, else its last or first day."""
    try:
        first, last = period_of(kept_day(f"{month}-01"))
    except ValueError:
        return today
    return min(max(today, first), last)


def retainer_list(
    dashboard: Dashboard, show: str, order: str, today: date, money: MonthMoney | None = None
) -> RetainerList:
    """Return the page for a filter and an order, unknown words standing for the first of each."""
    day = dashboard.as_of
    first, last = period_of(day)
    show = show if show in dict(FILTERS) else "all"
    order = order if order in dict(ORDERS) else "risk"
    held = [(read, one) for read in dashboard.rows if (one := read.on(day)) is not None]
    shown = sorted((pair for pair in held if _fits(pair[1], show)), key=lambda pair: _key(*pair, order))
    by_hours = [one for _, one in held if one.period.terms.basis != "budget"]
    used, available = sum(one.used for one in by_hours), sum(one.period.balance.available for one in by_hours)
    days = working_days(first, last)
    done = sum(one <= day for one in days)

    def place(**changed: str) -> str:
        given = {
            "month": f"{first:%Y-%m}" if period_of(today)[0] != first else "",
            "show": show,
            "sort": order,
        } | changed
        kept = {name: word for name, word in given.items() if word and word not in ("all", "risk")}
        return f"/retainers?{urlencode(kept)}" if kept else "/retainers"

    return {
        "ready": True,
        "as_of": f"as of {wording.weekday_date(day)}, {working_day_words(first, last, day)}",
        "month": wording.month_name(first),
        "previous": place(month=f"{first - timedelta(days=1):%Y-%m}"),
        "next": place(month=f"{last + timedelta(days=1):%Y-%m}"),
        "kpis": _kpis(dashboard, held, used, available, money),
        "margins": money is not None and money.margins is not None,
        "filters": [
            {
                "href": place(show=word),
                "name": f"{name} {sum(_fits(one, word) for _, one in held)}",
                "here": word == show,
            }
            for word, name in FILTERS
        ],
        "orders": [{"href": place(sort=word), "name": name, "here": word == order} for word, name in ORDERS],
        "rows": [_row(read, one, money) for read, one in shown],
        "decide": decisions(sorted(held, key=lambda pair: _key(*pair, "risk"))) if day == today else [],
        "resting": [_resting(one, day) for one in dashboard.resting],
        "late": [
            {
                "href": f"/retainers/{retainer.id}",
                "name": f"{client.name}, {retainer.name}: {wording.hours(seconds)} h in {count} "
                f"entr{'y' if count == 1 else 'ies'}",
                "here": False,
            }
            for client, retainer, count, seconds in dashboard.late
        ],
        "empty": _empty(held, shown, dashboard.resting),
        "ideal": f"Ideal pace of the month today, {done * 100 // len(days)}%",
        "total": "1 retainer" if len(shown) == 1 else f"{len(shown)} retainers",
        "of_total": f"{wording.hours(used)} of {wording.hours(available)} h",
    }


def _resting(one: Resting, day: date) -> Place:
    retainer = one.retainer
    if one.paused:
        words = f"paused until {wording.long_date(one.paused_until)}" if one.paused_until else "paused"
    elif retainer.starts_on > day:
        words = f"from {wording.long_date(retainer.starts_on)}"
    else:
        words = f"ended {wording.long_date(retainer.ends_on)}" if retainer.ends_on else "no period"
    name = f"{one.client.name}, {retainer.name}: {words}"
    return {"href": f"/retainers/{retainer.id}", "name": name, "here": False}


def _fits(one: PeriodRead, show: str) -> bool:
    return show == "all" or (one.pace.status in ATTENTION) == (show == "attention")


def _key(read: RetainerRead, one: PeriodRead, order: str) -> tuple[object, ...]:
    name = read.client.name.casefold(), read.retainer.name.casefold()
    available = max(1, one.period.balance.available)
    share = one.period.balance.used * 10_000 // available
    if order == "name":
        return name
    if order == "used":
        return (-share, *name)
    if order == "ends":
        return (one.pace.run_out or one.period.last + timedelta(days=3660), *name)
    return (_RISK[one.pace.status], -share, *name)


def _empty(
    held: list[tuple[RetainerRead, PeriodRead]], shown: list[tuple[RetainerRead, PeriodRead]], resting: list[Resting]
) -> str:
    if not held and not resting:
        return "No retainer yet. Add the hours and the rate; the burn-down starts with the first entry."
    if not held:
        return "No retainer runs then."
    return "" if shown else "No retainer is like that now."


def _kpis(
    dashboard: Dashboard,
    held: list[tuple[RetainerRead, PeriodRead]],
    used: int,
    available: int,
    money: MonthMoney | None,
) -> list[Kpi]:
    share = f", {used * 100 // available}%" if available > 0 else ""
    waiting = dashboard.inbox_count
    planned = f"{waiting} planned task{'s' * (waiting != 1)} in the Inbox" if waiting else "Nothing waits in the Inbox"
    unlogged = money.unlogged if money else None
    return [
        {
            "name": "Hours logged",
            "value": f"{wording.hours(used)} h",
            "note": f"of {wording.hours(available)} h available{share}",
            "warn": False,
        },
        {
            "name": "Not logged",
            "value": "–" if unlogged is None else f"{wording.hours(unlogged)} h",
            "note": f"No working hours are set. {planned}"
            if unlogged is None
            else f"Below the members' working hours until this day. {planned}",
            "warn": False,
        },
        _at_risk(held),
        _effective(held),
    ]


def _at_risk(held: list[tuple[RetainerRead, PeriodRead]]) -> Kpi:
    """Overage not agreed yet, absorbed, or written off: what was worked and may never be paid. Hours count at what an
    hour of overage costs the client, else at the fee's own rate; a currency at a time."""
    sums: dict[str, int] = {}
    said: dict[str, list[str]] = {"Overage not agreed": [], "Absorbed": [], "Written off": []}
    for read, one in held:
        terms, currency = one.period.terms, read.client.currency
        in_money = terms.basis == "budget"
        rate = 0 if in_money else terms.overage_rate or _own_rate(one, currency)
        waits = terms.overage == "approval" and not one.decision
        absorbed = (terms.overage in ("absorb", "stop") and not terms.rule.carry_deficit) or one.decision == "absorb"
        for words, drawn in (
            ("Overage not agreed", one.overage if waits else 0),
            ("Absorbed", one.overage if absorbed else 0),
            ("Written off", one.written_off),
        ):
            if drawn:
                lost = drawn if in_money else money_of(drawn * rate, exponent(currency))
                sums[currency] = sums.get(currency, 0) + lost
                at = f" × {wording.rate(rate, currency)}" if rate else ""
                said[words].append(f"{read.client.short_name} {amount(drawn, terms, currency)}{at}")
    value = " + ".join(wording.money(total, currency) for currency, total in sorted(sums.items()))
    note = ". ".join(f"{words}: {', '.join(each)}" for words, each in said.items() if each)
    return {
        "name": "Revenue at risk",
        "value": value or "–",
        "note": note or "No overage waits, is absorbed or written off",
        "warn": bool(note),
    }


def _own_rate(one: PeriodRead, currency: str) -> int:
    """Return fee ÷ granted hours in 1/10000 an hour, 0 where there is neither."""
    granted, fee = one.period.balance.granted, one.period.fee_minor
    return round_half_up(fee * 3600 * 10_000, granted * 10 ** exponent(currency)) if granted and fee else 0


def _effective(held: list[tuple[RetainerRead, PeriodRead]]) -> Kpi:
    """Fees ÷ hours used, over the fee retainers, a currency at a time."""
    fees: dict[str, int] = {}
    hours: dict[str, int] = {}
    for read, one in held:
        if one.period.terms.basis == "fee":
            currency = read.client.currency
            fees[currency] = fees.get(currency, 0) + one.period.fee_minor
            hours[currency] = hours.get(currency, 0) + one.used
    known = [currency for currency in sorted(fees) if hours[currency]]
    value = " + ".join(f"{wording.money(hourly(fees[one], hours[one]) or 0, one)} / h" for one in known)
    notes = [
        f"{read.client.short_name} {wording.money(rate, read.client.currency)}"
        for read, one in held
        if one.period.terms.basis == "fee" and (rate := hourly(one.period.fee_minor, one.used)) is not None
    ]
    if len(notes) > MOST_NAMED:
        notes = [f"{wording.money(fees[one], one)} of fees ÷ {wording.hours(hours[one])} h" for one in known]
    return {
        "name": "Effective rate",
        "value": value or "–",
        "note": ", ".join(notes) or "No hours on a fee retainer yet",
        "warn": False,
    }


def _row(read: RetainerRead, one: PeriodRead, money: MonthMoney | None) -> RetainerRow:
    currency, balance, terms = read.client.currency, one.period.balance, one.period.terms
    status_class = STATUS_CLASS[one.pace.status]
    run_out, run_out_note = run_out_words(one)
    forecast, forecast_note = forecast_words(one, currency)
    ahead = max(balance.used, one.pace.forecast_used or 0)
    scale = max(1, balance.available, ahead)
    used_text = amount(balance.used, terms, currency).removesuffix(" h")
    weeks, weeks_x, weeks_y = _sparkline(read.weeks)
    rate = hourly(one.period.fee_minor, one.used)
    margin, margin_note = _margin(read, money)
    return {
        "href": f"/retainers/{read.retainer.id}",
        "colour": f"c{read.client.colour}",
        "client": read.client.name,
        "detail": f"{read.retainer.name}, {granted_words(one, currency)}",
        "used": used_text,
        "available": f"of {amount(balance.available, terms, currency)}",
        "left": left_words(one, currency),
        "bar_text": (
            f"{used_text} of {amount(balance.available, terms, currency)} used, forecast {forecast} at the end of the "
            f"period, ideal pace {amount(one.pace.ideal_used, terms, currency)} by today: {one.pace.status}"
        ),
        "used_style": {"width": _percent(balance.used, scale)},
        "forecast_style": {"left": _percent(balance.used, scale), "width": _percent(ahead - balance.used, scale)},
        "end_style": {"left": _percent(max(0, balance.available), scale)},
        "tick_style": {"left": _percent(one.pace.ideal_used, scale)},
        "over": scale > balance.available,
        "status": one.pace.status,
        "status_class": status_class,
        "fill_class": FILL_CLASS[status_class],
        "run_out": run_out,
        "run_out_note": run_out_note,
        "forecast": forecast,
        "forecast_note": forecast_note,
        "fee": wording.money(one.period.fee_minor, currency) if one.period.fee_minor else "–",
        "fee_note": f"{wording.money(rate, currency)} / h" if terms.basis == "fee" and rate is not None else "",
        "margin": margin,
        "margin_note": margin_note,
        "weeks": weeks,
        "weeks_text": f"Last eight weeks: {', '.join(amount(week, terms, currency) for week in read.weeks)}",
        "weeks_x": weeks_x,
        "weeks_y": weeks_y,
    }


def _margin(read: RetainerRead, money: MonthMoney | None) -> tuple[str, str]:
    """Return what the month so far leaves of a retainer's income, in percent and in money, and who is not in it."""
    row = (money.margins or {}).get(read.retainer.id) if money else None
    if row is None:
        return "–", ""
    without = without_words(row)
    if row.margin is None or row.margin_percent is None:
        return "–", without
    amount = wording.money(row.margin, read.client.currency)
    return f"{row.margin_percent}%", f"{amount}, {without}" if without else amount


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _sparkline(weeks: list[int]) -> tuple[str, str, str]:
    """Return the path of a line 66 × 24, and where it ends."""
    top = max(1, *weeks)
    points = [(20 + 620 * place // (len(weeks) - 1), 200 - 160 * used // top) for place, used in enumerate(weeks)]
    texts = [(f"{x // 10}.{x % 10}", f"{y // 10}.{y % 10}") for x, y in points]
    return "M" + "L".join(",".join(point) for point in texts), *texts[-1]
