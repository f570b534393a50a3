"""Turn a live draft into the focused client's burn-down and draft card. Pure: values in, small values out."""

from datetime import date, timedelta

from agency_app.documents import wording
from agency_app.domain import retainer as arithmetic
from agency_app.domain.invoice import Line
from agency_app.domain.retainer import Balance, Pace
from agency_app.services.read_draft import LiveDraft
from agency_app.states.views import DraftLine, Fact, Focus
from agency_app.tables import Retainer, RetainerPeriod

WIDTH, HEIGHT = 310, 132
LEFT, RIGHT, TOP, BOTTOM = 26, 300, 8, 114
STATUS_CLASS = {
    "On pace": "st-ok",
    "Running hot": "st-warn",
    "Over": "st-bad",
    "Under-serviced": "st-cool",
    "Too early to tell": "",
    "Invoiced": "",
}
FILL_CLASS = {
    "st-ok": "f-ok",
    "st-warn": "f-warn",
    "st-bad": "f-bad",
    "st-cool": "f-cool",
    "": "f-ok",
}


def focus_view(live: LiveDraft, day: date, today: date, number: str) -> Focus:
    """Return the card of a client's period. `number` is that of its final invoice, or empty while it is a draft."""
    view = no_focus()
    view.update(
        client_id=live.client.id,
        client=live.client.name,
        colour=f"c{live.client.colour}",
        month=f"{live.first_day:%B}",
        has_client=True,
        version=live.version,
        day=day.isoformat(),
        final=bool(number),
        number=number,
    )
    _put_draft(view, live, number)
    if live.retainers:
        retainer, period = next(
            (one for one in live.retainers if one[1].starts_on <= day <= one[1].ends_on), live.retainers[0]
        )
        balance = live.balance(period)
        _put_balance(view, live, retainer, period, balance, today, number)
    return view


def no_focus() -> Focus:
    """Return the card before any client exists, or when signed out."""
    return {
        "client_id": "",
        "client": "",
        "colour": "c1",
        "month": "",
        "has_client": False,
        "has_retainer": False,
        "retainer": "",
        "used": "",
        "available": "",
        "left": "",
        "status": "",
        "status_class": "",
        "fill_class": "f-ok",
        "forecast": "",
        "facts": [],
        "chart_text": "",
        "ideal": "",
        "actual": "",
        "area": "",
        "forecast_path": "",
        "today_x": "",
        "today_y": "",
        "today_label": "",
        "ticks": [],
        "levels": [],
        "lines": [],
        "subtotal": "",
        "vat": [],
        "total": "",
        "version": "",
        "day": "",
        "hint": "",
        "final": False,
        "number": "",
    }


def _put_draft(view: Focus, live: LiveDraft, number: str) -> None:
    currency = live.draft.currency
    totals = live.draft.totals
    view["lines"] = [_draft_line(line, currency, live.first_day) for line in live.draft.lines]
    view["subtotal"] = wording.money(totals.subtotal_minor, currency)
    view["vat"] = [
        {
            "name": f"VAT {wording.vat_percent(group.rate)}",
            "value": wording.money(group.amount_minor, currency),
        }
        for group in totals.vat
    ]
    view["total"] = wording.money(totals.total_minor, currency)
    count = len(live.entries)
    entries = "1 entry" if count == 1 else f"{count} entries"
    if number:
        view["hint"] = f"{entries}, invoiced on {number}."
    elif not live.draft.lines:
        view["hint"] = f"No billable time in {live.first_day:%B} yet. The first entry starts the invoice."
    else:
        view["hint"] = f"{entries}. Gets its number when you finalise. Nothing is sent until you choose to."


def _draft_line(line: Line, currency: str, month: date) -> DraftLine:
    price = wording.rate(line.price, currency)
    quantity = f"{month:%B}" if line.unit == "month" else f"{trimmed_quantity(line.quantity)} h × {price}"
    return {
        "description": line.description,
        "quantity": quantity,
        "amount": wording.money(line.net_minor, currency),
        "faint": line.net_minor == 0,
    }


def _put_balance(
    view: Focus,
    live: LiveDraft,
    retainer: Retainer,
    period: RetainerPeriod,
    balance: Balance,
    today: date,
    number: str,
) -> None:
    available = balance.granted + balance.rolled_in
    daily: dict[date, int] = {}
    for row in live.entries.values():
        if row.retainer_id == retainer.id:
            daily[row.work_date] = daily.get(row.work_date, 0) + row.seconds
    working = live.working.get(retainer.id)
    pace = arithmetic.pace(live.first_day, live.last_day, today, available, sorted(daily.items()), working)
    status = "Invoiced" if number else pace.status
    left = available - balance.used
    view["has_retainer"] = True
    view["retainer"] = retainer.name
    view["used"] = wording.hours(balance.used)
    view["available"] = wording.hours(available)
    view["left"] = f"{wording.hours(abs(left))} h {'left' if left >= 0 else 'over'}"
    view["status"] = status
    view["status_class"] = STATUS_CLASS.get(status, "")
    view["fill_class"] = FILL_CLASS[view["status_class"]]
    view["forecast"] = _forecast_words(pace, live.last_day, number)
    view["facts"] = _facts(live, retainer, period, balance, pace)
    _put_chart(view, live, available, daily, pace, today)


def _forecast_words(pace: Pace, last_day: date, number: str) -> str:
    if number:
        return f"Invoiced on {number}"
    if pace.status == "Over":
        return "Over what was agreed"
    if pace.run_out is not None and pace.run_out < last_day:
        early = (last_day - pace.run_out).days
        return f"On pace to finish {wording.short_date(pace.run_out)}, {early} day{'s' if early != 1 else ''} early"
    if pace.forecast_used is None:
        return "Too early to tell how the month ends"
    return "Lasts the month"


def _facts(
    live: LiveDraft,
    retainer: Retainer,
    period: RetainerPeriod,
    balance: Balance,
    pace: Pace,
) -> list[Fact]:
    ahead = balance.used - pace.ideal_used
    before = live.first_day - timedelta(days=1)
    facts: list[Fact] = []
    if retainer.rollover != "expire":
        rolled = wording.hours(abs(period.rolled_in_seconds))
        sign = "+" if period.rolled_in_seconds >= 0 else "−"
        facts.append(
            {
                "name": f"Rollover from {before:%B}",
                "value": f"{sign}{rolled} h on {wording.hours(period.granted_seconds)} h",
            }
        )
    facts.append(
        {
            "name": "Ideal by today",
            "value": f"{wording.hours(pace.ideal_used)} h, {wording.hours(abs(ahead))} h "
            f"{'ahead' if ahead >= 0 else 'behind'}",
        }
    )
    overage = (
        f"{wording.rate(retainer.overage_rate, live.draft.currency)} / h" if retainer.overage == "bill" else "absorbed"
    )
    facts.append({"name": "Overage rate", "value": overage})
    if balance.overage:
        facts.append({"name": "Overage", "value": f"{wording.hours(balance.overage)} h"})
    return facts


def _put_chart(
    view: Focus,
    live: LiveDraft,
    available: int,
    daily: dict[date, int],
    pace: Pace,
    today: date,
) -> None:
    days = (live.last_day - live.first_day).days + 1
    top = max(available, 1)

    def x(offset: int) -> str:
        return _tenth(LEFT * 10 + (RIGHT - LEFT) * 10 * offset // days)

    def y(remaining: int) -> str:
        shown = min(max(remaining, 0), top)
        return _tenth(BOTTOM * 10 - (BOTTOM - TOP) * 10 * shown // top)

    last = min(max(today, live.first_day - timedelta(days=1)), live.last_day)
    used, points = 0, [f"{x(0)},{y(available)}"]
    for offset in range((last - live.first_day).days + 1):
        used += daily.get(live.first_day + timedelta(days=offset), 0)
        points.append(f"{x(offset + 1)},{y(available - used)}")
    reached = len(points) - 1
    view["actual"] = "M" + "L".join(points)
    view["area"] = " ".join([f"{x(0)},{BOTTOM}", *points, f"{x(reached)},{BOTTOM}"])
    view["ideal"] = f"M{x(0)} {y(available)}L{x(days)} {y(0)}"
    view["today_x"], view["today_y"] = x(reached), y(available - used)
    view["today_label"] = "today" if live.first_day <= today <= live.last_day else ""
    if pace.forecast_used is not None and today < live.last_day:
        if pace.run_out is not None:
            end = (pace.run_out - live.first_day).days + 1
            view["forecast_path"] = f"M{x(reached)} {y(available - used)}L{x(end)} {y(0)}"
        else:
            view["forecast_path"] = f"M{x(reached)} {y(available - used)}L{x(days)} {y(available - pace.forecast_used)}"
    view["ticks"] = [
        {"x": x(offset), "text": str(offset + 1)} for offset in range(days) if (offset + 1) in {1, 8, 15, 22, 29}
    ]
    view["levels"] = [{"y": y(level), "text": wording.hours(level)} for level in (0, available // 2, available)]
    left = available - used
    view["chart_text"] = (
        f"Burn-down: {wording.hours(abs(left))} {'hours left' if left >= 0 else 'hours over'} of "
        f"{wording.hours(available)} hours; {view['forecast']}."
    )


def _tenth(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def trimmed_quantity(quantity_e4: int) -> str:
    """Return a quantity without the zeros after its decimals: 11.7500 as 11.75, all four digits where they matter."""
    return wording.quantity(quantity_e4).rstrip("0").rstrip(".")
