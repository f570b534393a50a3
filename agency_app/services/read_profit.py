"""Read what work earned and cost over some months, by client, activity, member or month. For owner and finance alone."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.calendar import MemberCalendar, target_between
from agency_app.domain.kept_days import kept_day
from agency_app.domain.profit import margin_percent
from agency_app.domain.retainer import period_of
from agency_app.services.actor import Actor
from agency_app.services.cost_rates import MAY_SEE_COSTS
from agency_app.services.member_calendars import calendars_of
from agency_app.services.profit_cells import Cell, profit_cells
from agency_app.services.refusal import NotAllowed, Refused
from agency_app.store import clients, costs, people
from agency_app.store.engine import reading
from agency_app.tables import Client, Workspace
from agency_app.tables.base import now

GROUPS = ("client", "activity", "member", "month")
MOST_MONTHS = 36
DEFAULT_MONTHS = 3


@dataclass(frozen=True)
class ProfitQuestion:
    """Which months (a day of the first and of the last), added up by what, of which client, activity and member."""

    first: date
    last: date
    group: str = "client"
    client_id: str = ""
    activity_id: str = ""
    member_id: str = ""


@dataclass
class ProfitRow:
    """What was worked, earned and paid for something. `income` and `lost` in minor units of `currency`; `cost` in those
    of the workspace, of the work whose cost is known, which earned `costed_income`. It is None where nothing of it is:
    in another currency, or where nobody has a cost rate on those days."""

    id: str
    name: str
    currency: str
    seconds: int = 0
    billable: int = 0
    income: int = 0
    lost: int = 0
    cost: int | None = 0
    costed_income: int = 0
    without: dict[str, int] = field(default_factory=dict)
    """The seconds that are in neither, by the name of who has no cost rate on their days."""

    @property
    def margin(self) -> int | None:
        """What the work whose cost is known earned, less that cost; None where nothing of the cost is known."""
        return None if self.cost is None else self.costed_income - self.cost

    @property
    def margin_percent(self) -> int | None:
        """The margin in whole percent of what that work earned; None without one."""
        return None if self.cost is None else margin_percent(self.costed_income, self.cost)


@dataclass
class MonthWhere:
    """Where the hours of a month went, in seconds. `unlogged` is None where no target says how many there were."""

    month: date
    earning: int = 0
    over: int = 0
    written_off: int = 0
    unbillable: int = 0
    unlogged: int | None = None


@dataclass(frozen=True)
class FeeRate:
    """A fee retainer: what of its fee belongs to the months, and the hours used for it."""

    client: str
    retainer_id: str
    retainer: str
    currency: str
    fee_minor: int
    seconds: int


@dataclass(frozen=True)
class ProfitRead:
    """A report: its rows, one total a currency, where the hours of each month went, and what may be chosen."""

    question: ProfitQuestion
    today: date
    currency: str
    rows: list[ProfitRow]
    totals: list[ProfitRow]
    where: list[MonthWhere]
    fees: list[FeeRate]
    has_costs: bool
    clients: dict[str, str] = field(default_factory=dict)
    activities: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)


def question_of(typed: Mapping[str, str], today: date) -> ProfitQuestion:
    """Return the question of an address: `from` and `to` as 2026-11, `by`, `client`, `activity`, `member`.

    What cannot be read stands for the last three months and the client. Raises Refused for more than three years.
    """
    this_month = period_of(today)[0]
    last = _month(typed.get("to", "")) or this_month
    first = _month(typed.get("from", "")) or _months_before(last, DEFAULT_MONTHS - 1)
    first, last = min(first, last), max(first, last)
    if _months_before(last, MOST_MONTHS - 1) > first:
        raise Refused(f"Choose at most {MOST_MONTHS} months.", "from")
    group = typed.get("by", "")
    return ProfitQuestion(
        first,
        last,
        group if group in GROUPS else GROUPS[0],
        *(typed.get(name, "")[:64] for name in ("client", "activity", "member")),
    )


def read_profit(actor: Actor, question: ProfitQuestion) -> ProfitRead:
    """Return the report. Raises NotAllowed by role."""
    if actor.role not in MAY_SEE_COSTS:
        raise NotAllowed("Only an owner or finance sees what work earns and costs.")
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
        return _report(session, workspace, question)


@dataclass(frozen=True)
class MonthMoney:
    """What a month adds to the retainers' dashboard: the seconds not logged (None without targets), and for those who
    may see it what each retainer earned and cost so far. `margins` is None for all others and while no cost rate is
    set."""

    unlogged: int | None
    margins: dict[str, ProfitRow] | None


def read_month_money(actor: Actor, day: date) -> MonthMoney:
    """Return the figures of the month that holds a day, until that day."""
    first = period_of(day)[0]
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
        unlogged = unlogged_seconds(session, workspace.id, first, day)
        if actor.role not in MAY_SEE_COSTS or not costs.cost_rates(session, workspace.id):
            return MonthMoney(unlogged, None)
        cells = profit_cells(session, workspace.id, [(first, day)])
        currency_of = clients.currencies(session, workspace.id)
        members = {one.id: one.name for one in people.members(session, workspace.id)}
        rows = _rows(cells, {}, lambda cell: cell.retainer_id or "", currency_of, members, workspace.currency)
        return MonthMoney(unlogged, {row.id: row for row in rows})


def profit_today(actor: Actor) -> date:
    """Return today in the workspace's zone."""
    with reading() as session:
        return now().astimezone(ZoneInfo(people.workspace(session, actor.workspace_id).zone)).date()


def _report(session: Session, workspace: Workspace, question: ProfitQuestion) -> ProfitRead:
    today = now().astimezone(ZoneInfo(workspace.zone)).date()
    months = _months(question, today)
    known = {one.id: one for one in clients.every_client(session, workspace.id)}
    names = {
        "client": {one.id: one.name for one in known.values()},
        "activity": {one.id: one.name for one in clients.every_activity(session, workspace.id)},
        "member": {one.id: one.name for one in people.members(session, workspace.id)},
        "month": {str(place): f"{month[0]:%Y-%m}" for place, month in enumerate(months)},
    }
    every = profit_cells(session, workspace.id, months, question.client_id)
    cells = [cell for cell in every if _fits(cell, question)]
    currency_of = {one.id: one.currency for one in known.values()}

    def rows(named: Mapping[str, str], key_of: Callable[[Cell], str]) -> list[ProfitRow]:
        return _rows(cells, named, key_of, currency_of, names["member"], workspace.currency)

    order = _by_place if question.group == "month" else _by_income
    return ProfitRead(
        question,
        today,
        workspace.currency,
        sorted(rows(names[question.group], _key_of(question.group)), key=order),
        sorted(rows({"": "Total"}, lambda _: ""), key=_by_income),
        _where(session, workspace, question, months, cells, today),
        _fees(session, workspace.id, cells, known),
        bool(costs.cost_rates(session, workspace.id)),
        names["client"],
        names["activity"],
        names["member"],
    )


def _rows(
    cells: list[Cell],
    names: Mapping[str, str],
    key_of: Callable[[Cell], str],
    currency_of: Mapping[str, str],
    members: Mapping[str, str],
    home: str,
) -> list[ProfitRow]:
    rows: dict[tuple[str, str], ProfitRow] = {}
    costed: dict[tuple[str, str], int] = defaultdict(int)
    for cell in cells:
        key, currency = key_of(cell), currency_of[cell.client_id]
        row = rows.get((key, currency))
        if row is None:
            row = rows[key, currency] = ProfitRow(key, names.get(key, "No work logged"), currency)
        row.seconds += cell.seconds
        row.billable += cell.billable
        row.income += cell.income
        row.lost += cell.lost
        if currency != home:
            row.cost = None
        elif not cell.costed:
            name = members.get(cell.member_id, "somebody")
            row.without[name] = row.without.get(name, 0) + cell.seconds
        elif row.cost is not None:
            row.cost += cell.cost
            row.costed_income += cell.income
            costed[row.id, currency] += cell.seconds
    for key, row in rows.items():
        if row.without and not costed[key]:
            row.cost, row.costed_income = None, 0
    return list(rows.values())


def _where(
    session: Session,
    workspace: Workspace,
    question: ProfitQuestion,
    months: list[tuple[date, date]],
    cells: list[Cell],
    today: date,
) -> list[MonthWhere]:
    where = [MonthWhere(first) for first, _ in months]
    for cell in cells:
        month = where[cell.month]
        month.earning += cell.billable - cell.over
        month.over += cell.over
        month.written_off += cell.written_off
        month.unbillable += cell.seconds - cell.billable - cell.written_off
    if question.client_id or question.activity_id:
        return where  # a target is of all that somebody does
    logged: list[dict[str, int]] = [defaultdict(int) for _ in months]
    for cell in cells:
        logged[cell.month][cell.member_id] += cell.seconds
    known = _calendars(session, workspace.id, question.member_id)
    for month, worked, (first, last) in zip(where, logged, months, strict=True):
        month.unlogged = _below_target(known, worked, first, min(last, today))
    return where


def unlogged_seconds(session: Session, workspace_id: str, first: date, last: date, member_id: str = "") -> int | None:
    """Return by how much what members logged from first to last stays below their targets; None without any target.

    Who logged more than meant to does not make up for others.
    """
    known = _calendars(session, workspace_id, member_id)
    return _below_target(known, costs.logged_by_member(session, workspace_id, first, last), first, last)


def _calendars(session: Session, workspace_id: str, member_id: str) -> dict[str, MemberCalendar]:
    members = people.members(session, workspace_id)
    return calendars_of(session, workspace_id, [one.id for one in members if one.active and member_id in ("", one.id)])


def _below_target(
    known: Mapping[str, MemberCalendar], logged: Mapping[str, int], first: date, last: date
) -> int | None:
    targets = {one: target_between(calendar, first, last) for one, calendar in known.items()} if first <= last else {}
    if not any(targets.values()):
        return None
    return sum(max(0, target - logged.get(one, 0)) for one, target in targets.items())


def _fees(session: Session, workspace_id: str, cells: list[Cell], known: Mapping[str, Client]) -> list[FeeRate]:
    fees: dict[str, int] = defaultdict(int)
    seconds: dict[str, int] = defaultdict(int)
    for cell in cells:
        if cell.retainer_id is not None:
            fees[cell.retainer_id] += cell.income
            seconds[cell.retainer_id] += cell.billable + cell.held
    return [
        FeeRate(client.name, one.id, one.name, client.currency, fees[one.id], seconds[one.id])
        for one in clients.retainers(session, workspace_id)
        if one.basis == "fee" and one.id in fees and (client := known.get(one.client_id)) is not None
    ]


def _fits(cell: Cell, question: ProfitQuestion) -> bool:
    return question.activity_id in ("", cell.activity_id) and question.member_id in ("", cell.member_id)


def _key_of(group: str) -> Callable[[Cell], str]:
    if group == "month":
        return lambda cell: str(cell.month)
    return lambda cell: getattr(cell, f"{group}_id")


def _by_income(row: ProfitRow) -> tuple[int, int, str]:
    return (-row.income, -row.seconds, row.name)


def _by_place(row: ProfitRow) -> tuple[str, str]:
    return (row.name, row.currency)


def _months(question: ProfitQuestion, today: date) -> list[tuple[date, date]]:
    """Return the months asked for; one that still runs ends today, so that its fee is compared with its days so far."""
    months = [period_of(question.first)]
    while months[-1][1] < question.last:
        months.append(period_of(months[-1][1] + timedelta(days=1)))
    return [(first, today if first <= today < last else last) for first, last in months]


def _month(typed: str) -> date | None:
    try:
        return kept_day(f"{typed}-01")
    except ValueError:
        return None


def _months_before(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)
