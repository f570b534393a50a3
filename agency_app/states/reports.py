"""`/reports`: what work earned and cost, and where hours disappear. All of it is in the address."""

from datetime import date
from typing import TypedDict
from urllib.parse import urlencode

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.profit import hourly
from agency_app.services.read_profit import (
    GROUPS,
    MonthWhere,
    ProfitQuestion,
    ProfitRead,
    ProfitRow,
    profit_today,
    question_of,
    read_profit,
)
from agency_app.services.refusal import Refused
from agency_app.states.checks import Check
from agency_app.states.cost_words import without_sentence, without_words
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page
from agency_app.states.pulse import shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.retainer_rows import Place
from agency_app.states.typed import texts_of
from agency_app.states.views import Choice

GROUP_NAMES = {"client": "By client", "activity": "By activity", "member": "By member", "month": "By month"}
SPANS = ((3, "3 months"), (6, "6 months"), (12, "12 months"))
MOST_ROWS = 200
COSTS = "/settings/costs"


class ReportRow(TypedDict):
    """A row of the report; `share` is the length of its bar. `without` says who is not in its cost and its margin, which
    then is of the part of the income that `counted` names."""

    key: str
    name: str
    href: str
    hours: str
    income: str
    rate: str
    cost: str
    without: str
    margin: str
    counted: str
    percent: str
    lost: str
    share: dict[str, str]


class Kpi(TypedDict):
    """A figure on top, and what is not in it; empty where it is whole."""

    name: str
    value: str
    without: str


class WhereRow(TypedDict):
    """Where the hours of a month went, in words and as the widths of its bar."""

    month: str
    text: str
    earning: str
    over: str
    written_off: str
    unbillable: str
    unlogged: str
    widths: list[dict[str, str]]


class FeeRow(TypedDict):
    """A fee retainer and what an hour of it brings."""

    name: str
    href: str
    fee: str
    hours: str
    rate: str


class ReportView(TypedDict):
    """The page."""

    ready: bool
    refused: str
    span: str
    groups: list[Place]
    spans: list[Place]
    first: str
    last: str
    group: str
    client_id: str
    activity_id: str
    member_id: str
    clients: list[Choice]
    activities: list[Choice]
    members: list[Choice]
    heading: str
    summary: str
    kpis: list[Kpi]
    rows: list[ReportRow]
    totals: list[ReportRow]
    has_costs: bool
    notes: list[Check]
    where: list[WhereRow]
    where_text: str
    fees: list[FeeRow]
    csv: str
    serial: str


@shown_on("/reports")
class Reports(Page, rx.State):
    """State of `/reports`."""

    error: str = ""

    @rx.var
    async def view(self) -> ReportView:
        """The report that the address asks for."""
        actor = await self._reader()
        if actor is None:
            return no_report()
        try:
            today = await shared_reading(profit_today, actor)
            question = question_of(dict(self.router.url.query_parameters), today)
            return report_view(await shared_reading(read_profit, actor, question))
        except Refused as refused:
            return {**no_report(), "ready": True, "refused": refused.message}

    def _arrive(self) -> None:
        self.error = ""

    @rx.event
    async def ask(self, data: dict):
        """Go to the address of what was chosen."""
        if await actor_of(self) is None:
            return to_sign_in()
        try:
            typed = texts_of(data)
        except Refused as refused:
            self.error = refused.message
            return None
        self.error = ""
        given = {name: typed.get(name, "") for name in ("from", "to", "by", "client", "activity", "member")}
        return rx.redirect(_address(given))


def no_report() -> ReportView:
    """Return the page before anything is known, or when signed out."""
    return {
        "ready": False,
        "refused": "",
        "span": "",
        "groups": [],
        "spans": [],
        "first": "",
        "last": "",
        "group": "",
        "client_id": "",
        "activity_id": "",
        "member_id": "",
        "clients": [],
        "activities": [],
        "members": [],
        "heading": "",
        "summary": "",
        "kpis": [],
        "rows": [],
        "totals": [],
        "has_costs": False,
        "notes": [],
        "where": [],
        "where_text": "",
        "fees": [],
        "csv": "",
        "serial": "",
    }


def report_view(read: ProfitRead) -> ReportView:
    """Return the page of a report."""
    asked = read.question
    given = _given(asked)
    last_month = (asked.last.year * 12 + asked.last.month) - (asked.first.year * 12 + asked.first.month) + 1
    most = max((row.income for row in read.rows), default=0)
    shown = read.rows[:MOST_ROWS]
    return {
        "ready": True,
        "refused": "",
        "span": wording.month_name(asked.first)
        if last_month == 1
        else f"{wording.month_name(asked.first)} to {wording.month_name(asked.last)}",
        "groups": [
            {"href": _address(given | {"by": one}), "name": GROUP_NAMES[one], "here": one == asked.group}
            for one in GROUPS
        ],
        "spans": [
            {
                "href": _address(given | {"from": _back(read, count), "to": f"{read.today:%Y-%m}"}),
                "name": name,
                "here": count == last_month and f"{asked.last:%Y-%m}" == f"{read.today:%Y-%m}",
            }
            for count, name in SPANS
        ],
        "first": f"{asked.first:%Y-%m}",
        "last": f"{asked.last:%Y-%m}",
        "group": asked.group,
        "client_id": asked.client_id,
        "activity_id": asked.activity_id,
        "member_id": asked.member_id,
        "clients": _choices(read.clients, "All clients"),
        "activities": _choices(read.activities, "All activities"),
        "members": _choices(read.members, "All members"),
        "heading": asked.group.title(),
        "summary": _summary(read),
        "kpis": _kpis(read),
        "rows": [_row(read, row, most, given) for row in shown],
        "totals": [_row(read, row, 0, given) for row in read.totals],
        "has_costs": read.has_costs,
        "notes": _notes(read, len(shown)),
        "where": [_where(month) for month in read.where],
        "where_text": _where_text(read),
        "fees": []
        if asked.activity_id or asked.member_id
        else [
            {
                "name": f"{fee.client}, {fee.retainer}",
                "href": f"/retainers/{fee.retainer_id}",
                "fee": wording.money(fee.fee_minor, fee.currency),
                "hours": wording.hours(fee.seconds),
                "rate": _hourly(fee.fee_minor, fee.seconds, fee.currency),
            }
            for fee in read.fees
        ],
        "csv": _address(given).replace("/reports", "/reports.csv", 1),
        "serial": urlencode(given),
    }


def _row(read: ProfitRead, row: ProfitRow, most: int, given: dict[str, str]) -> ReportRow:
    name = wording.month_name(_first_of(row.name)) if read.question.group == "month" and most else row.name
    cost, margin, percent = _costs(read, row)
    without = without_words(row) if read.has_costs else ""
    narrower = read.question.group in ("client", "activity", "member") and row.id
    return {
        "key": f"{row.id} {row.currency}",
        "name": name if row.currency == read.currency else f"{name}, {row.currency}",
        "href": _address(given | {read.question.group: row.id, "by": "month"}) if narrower else "",
        "hours": wording.hours(row.seconds),
        "income": wording.money(row.income, row.currency),
        "rate": _hourly(row.income, row.billable, row.currency),
        "cost": cost,
        "without": without,
        "margin": margin,
        "counted": f"of {wording.money(row.costed_income, row.currency)}" if without and margin != "–" else "",
        "percent": percent,
        "lost": wording.money(row.lost, row.currency) if row.lost else "–",
        "share": {"width": f"{max(0, row.income) * 100 // most}%" if most > 0 else "0%"},
    }


def _costs(read: ProfitRead, row: ProfitRow) -> tuple[str, str, str]:
    """Return cost, margin and the margin in percent of what is known; dashes where nothing is."""
    if not read.has_costs or row.cost is None or row.margin is None:
        return "–", "–", "–"
    percent = "–" if row.margin_percent is None else f"{row.margin_percent} %"
    return wording.money(row.cost, row.currency), wording.money(row.margin, row.currency), percent


def _where(month: MonthWhere) -> WhereRow:
    parts = (month.earning, month.over, month.written_off, month.unbillable, month.unlogged or 0)
    whole = max(1, sum(parts))
    name = wording.month_name(month.month)
    earning, over, written_off, unbillable, unlogged = (wording.hours(one) if one else "–" for one in parts)
    return {
        "month": name,
        "text": f"{name}: {wording.hours(parts[0])} h of {wording.hours(sum(parts))} h earned",
        "earning": earning,
        "over": over,
        "written_off": written_off,
        "unbillable": unbillable,
        "unlogged": unlogged if month.unlogged is not None else "no target",
        "widths": [{"width": f"{one * 1000 // whole / 10}%"} for one in parts],
    }


def _summary(read: ProfitRead) -> str:
    if not any(row.seconds or row.income for row in read.rows):
        return "No work in these months yet."
    said = []
    for total in read.totals:
        words = f"{wording.money(total.income, total.currency)} earned in {wording.hours(total.seconds)} h"
        _, margin, percent = _costs(read, total)
        share = f" ({percent})" if percent != "–" else ""
        if margin != "–" and not total.without:
            words += f", {margin} of it margin{share}"
        elif margin != "–":
            known = wording.money(total.costed_income, total.currency)
            words += f". Of the {known} whose cost is known, {margin} is margin{share}"
        said.append(words)
    return ". ".join(said) + "."


def _kpis(read: ProfitRead) -> list[Kpi]:
    home = next((total for total in read.totals if total.currency == read.currency), None)
    if home is None:
        return []
    cost, _, percent = _costs(read, home)
    without = without_words(home) if read.has_costs else ""
    lost = wording.money(home.lost, home.currency)
    return [
        {"name": "Earned", "value": wording.money(home.income, home.currency), "without": ""},
        {"name": "Effective rate", "value": _hourly(home.income, home.billable, home.currency), "without": ""},
        {"name": "Cost", "value": cost, "without": without},
        {"name": "Margin", "value": percent, "without": without},
        {"name": "Done and not charged", "value": lost if home.lost else "–", "without": ""},
    ]


def _where_text(read: ProfitRead) -> str:
    earned = sum(month.earning for month in read.where)
    gone = sum(month.over + month.written_off + month.unbillable for month in read.where)
    return (
        f"{wording.hours(earned)} h earned, {wording.hours(gone)} h were worked and earned nothing. "
        "Not logged is what stays below the working hours of the members until today; work that was captured and not "
        "logged is not known, because no capture is connected."
    )


def _notes(read: ProfitRead, shown: int) -> list[Check]:
    notes: list[Check] = []
    if not read.has_costs:
        words = "Costs and margins appear once it is set what members cost."
        notes.append({"text": words, "href": COSTS, "link": "Set cost rates"})
    for total in read.totals if read.has_costs else ():
        if total.without:
            words = f"{without_sentence(total)} Cost and margin are of the rest."
            notes.append({"text": words, "href": COSTS, "link": "Set their cost rates"})
    if any(total.currency != read.currency for total in read.totals):
        words = f"Costs are in {read.currency}; other currencies are listed apart and never added up with it."
        notes.append({"text": words, "href": "", "link": ""})
    if len(read.rows) > shown:
        words = f"The first {shown} of {len(read.rows)} rows; the CSV file has all of them."
        notes.append({"text": words, "href": "", "link": ""})
    return notes


def _hourly(minor: int, seconds: int, currency: str) -> str:
    rate = hourly(minor, seconds)
    return "–" if rate is None else f"{wording.money(rate, currency)} / h"


def _first_of(name: str) -> date:
    return date.fromisoformat(f"{name}-01")


def _back(read: ProfitRead, count: int) -> str:
    number = read.today.year * 12 + read.today.month - count
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _choices(names: dict[str, str], everything: str) -> list[Choice]:
    return [{"id": "", "name": everything}, *({"id": one, "name": name} for one, name in names.items())]


def _given(asked: ProfitQuestion) -> dict[str, str]:
    return {
        "from": f"{asked.first:%Y-%m}",
        "to": f"{asked.last:%Y-%m}",
        "by": asked.group,
        "client": asked.client_id,
        "activity": asked.activity_id,
        "member": asked.member_id,
    }


def _address(given: dict[str, str]) -> str:
    kept = {name: word for name, word in given.items() if word}
    return f"/reports?{urlencode(kept)}" if kept else "/reports"
