"""`agency retainers`: every retainer with its periods, for people and for scripts."""

from datetime import date
from typing import Any

import typer

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.read_retainers import PeriodRead, RetainerRead, read_retainers, today_of


def print_retainers(actor: Actor, client_id: str | None, as_of: date | None, *, as_json: bool) -> None:
    """Print the retainers as of a day (today when None), of one client when its id is given.

    Time is in seconds, money in minor units of the client's currency where the basis is a budget.
    """
    from agency_app.cli.output import print_json

    day = as_of or today_of(actor)
    found = read_retainers(actor, day, client_id)
    if as_json:
        return print_json([retainer_shape(read) for read in found])
    for read in found:
        shape = retainer_shape(read)
        typer.echo(f"{shape['client']}, {shape['retainer']} ({shape['basis']})")
        for period in shape["periods"]:
            typer.echo(f"  {_line(period, shape['basis'], read.client.currency)}")
    if not found:
        typer.echo("No retainer yet.")


def retainer_shape(read: RetainerRead) -> dict[str, Any]:
    """Return a retainer as scripts see it. For each period: granted + rolled_in = (used − overage) + remaining; at its
    close remaining = rolled_out + expired + deficit."""
    return {
        "client": read.client.name,
        "retainer": read.retainer.name,
        "basis": read.periods[-1].period.terms.basis if read.periods else read.retainer.basis,
        "periods": [_period_shape(one) for one in read.periods],
    }


def _period_shape(one: PeriodRead) -> dict[str, Any]:
    balance = one.period.balance
    return {
        "start": one.period.first.isoformat(),
        "end": one.period.last.isoformat(),
        "closed": one.period.closed,
        "granted": balance.granted,
        "rolled_in": balance.rolled_in,
        "used": one.used,
        "overage": one.overage,
        "written_off": one.written_off,
        "remaining": balance.remaining,
        "expired": balance.expired,
        "deficit": balance.deficit,
        "rolled_out": balance.rolled_out,
        "status": one.pace.status,
        "run_out": one.pace.run_out.isoformat() if one.pace.run_out else None,
    }


def _line(period: dict[str, Any], basis: str, currency: str) -> str:
    names = ("granted", "rolled_in", "used", "overage", "written_off", "remaining", "expired", "rolled_out")
    figures = (f"{name.replace('_', ' ')} {_figure(period[name], basis, currency)}" for name in names)
    state = "closed" if period["closed"] else "open"
    return f"{period['start']} to {period['end']} {state:<6}  {', '.join(figures)}  {period['status']}"


def _figure(value: int, basis: str, currency: str) -> str:
    return wording.money(value, currency) if basis == "budget" else f"{value / 3600:.2f}"
