"""`agency reports`: what work earned and cost, for people and for scripts."""

from collections.abc import Mapping
from typing import Any

import typer

from agency_app.domain.profit import hourly
from agency_app.services.actor import Actor
from agency_app.services.read_profit import ProfitRead, ProfitRow, profit_today, question_of, read_profit


def print_report(actor: Actor, asked: Mapping[str, str], *, as_json: bool) -> None:
    """Print the report that is asked for in the words of its address: `from`, `to`, `by`, `client`."""
    from agency_app.cli.output import money_text, print_json

    shape = report_shape(read_profit(actor, question_of(asked, profit_today(actor))))
    if as_json:
        return print_json(shape)
    for row in [*shape["rows"], *shape["totals"]]:
        costs = "no cost known" if row["cost"] is None else f"cost {money_text(row['cost'])}"
        if row["without"]:
            costs += f", without {', '.join(row['without'])}: no cost rate"
        typer.echo(f"{row['name']:<28} {row['seconds'] / 3600:>9.2f} h {money_text(row['income']):>18}  {costs}")
    if not shape["rows"]:
        typer.echo("No work in these months.")


def report_shape(read: ProfitRead) -> dict[str, Any]:
    """Return a report as scripts see it: time in seconds, money in minor units with its currency."""
    return {
        "from": f"{read.question.first:%Y-%m}",
        "to": f"{read.question.last:%Y-%m}",
        "by": read.question.group,
        "rows": [_row(row, read) for row in read.rows],
        "totals": [_row(row, read) for row in read.totals],
        "months": [
            {
                "month": f"{month.month:%Y-%m}",
                "earning": month.earning,
                "past_the_agreement": month.over,
                "written_off": month.written_off,
                "not_billable": month.unbillable,
                "not_logged": month.unlogged,
            }
            for month in read.where
        ],
    }


def _row(row: ProfitRow, read: ProfitRead) -> dict[str, Any]:
    from agency_app.cli.output import money

    cost, rate = row.cost if read.has_costs else None, hourly(row.income, row.billable)
    return {
        "name": row.name,
        "seconds": row.seconds,
        "billable_seconds": row.billable,
        "income": money(row.income, row.currency),
        "income_an_hour": None if rate is None else money(rate, row.currency),
        "cost": None if cost is None else money(cost, row.currency),
        "margin": None if cost is None or row.margin is None else money(row.margin, row.currency),
        "without": row.without if read.has_costs else {},
        "not_charged": money(row.lost, row.currency),
    }
