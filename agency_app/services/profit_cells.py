"""What work earned and cost: one cell for each month, client, retainer, activity and member, from which reports add up.

Read in a number of queries that does not depend on how much work there is. The database adds the entries up; of them
only the sums are held.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from agency_app.domain.money import exponent, share
from agency_app.domain.profit import AgreedPart, MonthAgreed, fee_of_days, money_of, month_earned, rate_on
from agency_app.domain.retainer import Period
from agency_app.services.retainer_books import Book, books_of, worth
from agency_app.store import clients, costs, people, retainers
from agency_app.tables import Retainer
from agency_app.tables.client import AgreedTerms

_ONE = timedelta(days=1)


@dataclass(slots=True)
class Cell:
    """Work of one kind in one month. Money in minor units: `income` and `lost` of the client's currency, `cost` of the
    workspace's. Activity and member are empty for a fee of a month in which nothing was worked for it.

    Work of days on which its member has no cost rate is not `costed`: it has a cell of its own, without a cost.
    """

    month: int
    client_id: str
    retainer_id: str | None
    activity_id: str
    member_id: str
    costed: bool = True
    seconds: int = 0
    billable: int = 0
    value: int = 0
    income: int = 0
    over: int = 0
    """Seconds past an agreement that are not charged; of the billable ones."""
    written_off: int = 0
    """Seconds logged late and given up, and those that a person wrote off or bills less; none of the billable ones."""
    held: int = 0
    """Of the written-off seconds, those that draw on the agreement all the same."""
    lost: int = 0
    cost: int = 0


def profit_cells(
    session: Session, workspace_id: str, months: Sequence[tuple[date, date]], client_id: str = ""
) -> list[Cell]:
    """Return the cells of some stretches of days that follow each other, usually months; of one client, if named.

    A stretch is counted by its place. Work is by its work date, fees by the days they are for.
    """
    first, last = months[0][0], months[-1][1]
    rates: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in costs.cost_rates(session, workspace_id):
        rates[row.member_id].append((row.starts_on, row.rate))
    changes = {day for member in rates.values() for day, _ in member if first < day <= last}
    starts = sorted({start for start, _ in months} | changes)
    month_of = [max(place for place, (begin, _) in enumerate(months) if begin <= start) for start in starts]
    decimals_of = {one: exponent(currency) for one, currency in clients.currencies(session, workspace_id).items()}
    home = exponent(people.workspace(session, workspace_id).currency)

    cells: dict[tuple[object, ...], Cell] = {}
    cost_numbers: dict[tuple[object, ...], int] = defaultdict(int)
    for row in costs.worked_sums(session, workspace_id, starts, last, client_id):
        month = month_of[row.stretch]
        rate = rate_on(rates[row.member_id], starts[row.stretch])
        key = month, row.client_id, row.retainer_id, row.activity_id, row.member_id, rate is not None
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = Cell(*key)
        cell.seconds += row.seconds
        if row.billable:
            cell.billable += row.seconds
            cell.value += row.value
        if rate is not None:
            cost_numbers[key] += row.seconds * rate
    for key, number in cost_numbers.items():
        cells[key].cost = money_of(number, home)

    def cell_of(gone: costs.GivenUp) -> Cell:
        month = max(place for place, (begin, _) in enumerate(months) if begin <= gone.work_date)
        return cells[month, *gone.kind, rate_on(rates[gone.member_id], gone.work_date) is not None]

    for gone in costs.written_off(session, workspace_id, first, last, client_id):
        _give_up(cell_of(gone), gone, decimals_of)
    for gone in costs.held_back(session, workspace_id, first, last, client_id):
        cell = cell_of(gone)
        _give_up(cell, gone, decimals_of)
        cell.held += gone.seconds
        cell.billable -= gone.seconds
        cell.value -= gone.seconds * gone.rate
    agreed = _agreed(session, workspace_id, months, client_id)
    extra = _earn(cells.values(), agreed, decimals_of)
    return [*cells.values(), *extra]


def _give_up(cell: Cell, gone: costs.GivenUp, decimals_of: dict[str, int]) -> None:
    cell.written_off += gone.seconds
    cell.lost += money_of(gone.seconds * gone.rate, decimals_of[gone.client_id])


def _earn(
    cells: Iterable[Cell], agreed: dict[tuple[int, str], tuple[str, MonthAgreed]], decimals_of: dict[str, int]
) -> list[Cell]:
    """Put onto the cells what they earned; return cells of fees for which nothing was worked."""
    together: dict[tuple[int, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.retainer_id is None:
            cell.income = money_of(cell.value, decimals_of[cell.client_id])
        elif cell.billable:
            together[cell.month, cell.retainer_id].append(cell)
    for key, group in together.items():
        terms = agreed.get(key, (group[0].client_id, MonthAgreed()))[1]
        seconds, values = [cell.billable for cell in group], [cell.value for cell in group]
        earned = month_earned(terms, sum(seconds), sum(values), decimals_of[group[0].client_id])
        by_value = _shared(earned.by_value, values if any(values) else seconds)
        for cell, by_hours, valued, over, lost in zip(
            group,
            _shared(earned.by_hours, seconds),
            by_value,
            _shared(earned.over_seconds, seconds),
            _shared(earned.lost, seconds),
            strict=True,
        ):
            cell.income = by_hours + valued
            cell.over += over
            cell.lost += lost
    return [
        Cell(month, client_id, retainer_id, "", "", income=terms.fee_minor)
        for (month, retainer_id), (client_id, terms) in sorted(agreed.items())
        if terms.fee_minor and (month, retainer_id) not in together
    ]


def _shared(total: int, weights: list[int]) -> list[int]:
    return share(total, weights) if total else [0] * len(weights)


def _agreed(
    session: Session, workspace_id: str, months: Sequence[tuple[date, date]], client_id: str
) -> dict[tuple[int, str], tuple[str, MonthAgreed]]:
    """Return, by (month, retainer), the client and what was agreed for the month."""
    first, last = months[0][0], months[-1][1]
    found = [one for one in clients.retainers(session, workspace_id, client_id or None) if one.starts_on <= last]
    books = _books(session, workspace_id, found, first, last)
    agreed: dict[tuple[int, str], tuple[str, MonthAgreed]] = {}
    for retainer in found:
        book = books[retainer.id]
        fees: dict[int, int] = defaultdict(int)
        parts: dict[int, list[AgreedPart]] = defaultdict(list)
        for period in book.periods(last):
            if period.last < first:
                continue
            for month, days in enumerate(months):
                if period.first <= days[1] and days[0] <= period.last:
                    fees[month] += fee_of_days(period.fee_minor, (period.first, period.last), days)
            for month, part in _parts(book, period, months):
                parts[month].append(part)
        for month in {*fees, *parts}:
            agreed[month, retainer.id] = retainer.client_id, MonthAgreed(fees[month], tuple(parts[month]))
    return agreed


def _books(session: Session, workspace_id: str, found: list[Retainer], first: date, last: date) -> dict[str, Book]:
    """Return the books from a first to a last day. Where every period lies within one calendar month, which is nearly
    always, one sum a period says all that is asked; the others are read by day."""
    amendments = retainers.amendments(session, [one.id for one in found])
    odd = {row.retainer_id for row in amendments if not _within_a_month(row)}
    odd |= {one.id for one in found if not _within_a_month(one)}
    by_day = [one for one in found if one.id in odd]
    by_period = [one for one in found if one.id not in odd]
    return books_of(session, workspace_id, by_day, last, since=first) | books_of(
        session, workspace_id, by_period, last, since=first, daily_since=last + _ONE
    )


def _within_a_month(terms: AgreedTerms) -> bool:
    return terms.cycle_unit == "month" and terms.cycle_every == 1 and terms.anchor_on.day == 1


def _drawn_by_day(book: Book, period: Period) -> Iterable[tuple[date, int]]:
    """Return (day, drawn) of a period; of a closed one within a month what was frozen, since its book has no work."""
    if period.closed and _same_month(period.first, period.last):
        return [(period.first, period.balance.used)]
    return book.used.rows(period.first, period.last)


def _same_month(first: date, last: date) -> bool:
    return (first.year, first.month) == (last.year, last.month)


def _parts(book: Book, period: Period, months: Sequence[tuple[date, date]]) -> Iterable[tuple[int, AgreedPart]]:
    """Yield (month, what its days drew on a period): those that draw last are the ones that go past it."""
    terms = period.terms
    billed = terms.overage == "bill" or (terms.overage == "approval" and book.decision(period) == "bill")
    rate = terms.overage_rate if billed else None
    available, before = max(0, period.balance.available), 0
    drawn: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    place = 0
    for day, amount in _drawn_by_day(book, period):
        over = max(0, before + amount - available) - max(0, before - available)
        before += amount
        if day < months[0][0]:
            continue
        while place < len(months) - 1 and day > months[place][1]:
            place += 1
        if day <= months[place][1]:
            drawn[place][0] += amount
            drawn[place][1] += over
    for month, (amount, over) in drawn.items():
        if amount > 0:
            yield month, AgreedPart(amount, min(max(over, 0), amount), terms.basis != "fee", rate)
    for entry in book.late:
        if entry.placement != "overage" or not entry.billable or not period.first <= entry.work_date <= period.last:
            continue
        for month, days in enumerate(months):
            if days[0] <= entry.work_date <= days[1]:
                amount = worth(entry.seconds, entry.rate, terms, book.decimals)
                charged = terms.overage_rate if terms.overage in ("bill", "approval") else None
                yield month, AgreedPart(amount, amount, False, charged)
