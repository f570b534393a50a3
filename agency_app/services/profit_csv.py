"""A profit report as a CSV file: the rows on screen, then where the hours of each month went."""

from collections.abc import Sequence

from agency_app.documents.csv_file import csv_bytes, decimal
from agency_app.domain.money import exponent, round_half_up
from agency_app.domain.profit import hourly
from agency_app.services.read_profit import ProfitRead

HEADING = (
    *("Row", "Currency", "Hours", "Billable hours", "Income", "Income an hour", "Cost", "Margin", "Not charged"),
    *("Hours without a cost rate", "Whose"),
)
WHERE_HEADING = ("Month", "Earning hours", "Past the agreement", "Written off", "Not billable", "Not logged")


def profit_csv(read: ProfitRead) -> bytes:
    """Return the report; hours and money as decimal numbers, a cost that nobody can say as an empty cell.

    Cost and margin are of the work whose cost is known: the last two columns say what is not in them.
    """
    rows: list[Sequence[str | int | None]] = [HEADING]
    for row in [*read.rows, *read.totals]:
        places = exponent(row.currency)
        rate, cost, margin = hourly(row.income, row.billable), row.cost, row.margin
        rows.append(
            (
                row.name,
                row.currency,
                _hours(row.seconds),
                _hours(row.billable),
                decimal(row.income, places),
                None if rate is None else decimal(rate, places),
                None if cost is None or not read.has_costs else decimal(cost, places),
                None if margin is None or not read.has_costs else decimal(margin, places),
                decimal(row.lost, places),
                _hours(sum(row.without.values())) if read.has_costs else None,
                ", ".join(sorted(row.without)) if read.has_costs else "",
            )
        )
    rows += [(), WHERE_HEADING]
    for month in read.where:
        spent = (month.earning, month.over, month.written_off, month.unbillable)
        unlogged = None if month.unlogged is None else _hours(month.unlogged)
        rows.append((f"{month.month:%Y-%m}", *(_hours(one) for one in spent), unlogged))
    return csv_bytes(rows)


def _hours(seconds: int) -> str:
    return decimal(round_half_up(seconds * 100, 3600), 2)
