"""`agency clients`, `retainers` and `reports`: what there is, what is left of it, and what it earned."""

from typing import Annotated, Literal

import typer

from agency_app.cli.application import app
from agency_app.cli.options import AsJson, DataDir, MemberEmail, day_of, month_of
from agency_app.cli.workspace import acting_member, named_client


@app.command(name="clients")
def list_clients(as_json: AsJson = False, member: MemberEmail = "", data_dir: DataDir = None) -> None:
    """List the clients with their retainers."""
    actor = acting_member(data_dir, member)
    from agency_app.cli.output import agreed_text, money, print_json
    from agency_app.store import clients
    from agency_app.store.engine import reading

    with reading() as session:
        found = clients.clients(session, actor.workspace_id)
        retainers = clients.retainers(session, actor.workspace_id)
    rows = [
        {
            "id": client.id,
            "name": client.name,
            "short_name": client.short_name,
            "currency": client.currency,
            "internal": client.internal,
            "retainers": [
                {
                    "id": one.id,
                    "name": one.name,
                    "basis": one.basis,
                    "granted": one.granted_seconds,
                    "fee": money(one.fee_minor, client.currency),
                    "budget": money(one.budget_minor, client.currency),
                    "cycle": f"{one.cycle_every} {one.cycle_unit}",
                    "starts_on": one.starts_on.isoformat(),
                    "ends_on": one.ends_on.isoformat() if one.ends_on else None,
                }
                for one in retainers
                if one.client_id == client.id
            ],
        }
        for client in found
    ]
    if as_json:
        return print_json(rows)
    for row in rows:
        agreed = [f"{one['name']} ({agreed_text(one)})" for one in row["retainers"]]
        typer.echo(f"{row['name']:<32} {row['currency']}  {'; '.join(agreed) or 'no retainer'}")


@app.command(name="retainers")
def list_retainers(
    client: Annotated[
        str, typer.Option("--client", help="Only this client: id, name, or its beginning of three letters.")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="As of this day, as 2026-11-20. Default: today.")] = "",
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Show every retainer with its periods: granted, used, left, and what rolled over."""
    actor = acting_member(data_dir, member)
    from agency_app.cli.output_retainers import print_retainers

    print_retainers(actor, named_client(actor, client).id if client else None, day_of(as_of), as_json=as_json)


@app.command()
def reports(
    first: Annotated[
        str, typer.Option("--from", help="The first month, as 2026-01. Default: two before the last.")
    ] = "",
    last: Annotated[str, typer.Option("--to", help="The last month, as 2026-11. Default: this one.")] = "",
    by: Annotated[Literal["client", "activity", "member", "month"], typer.Option(help="What is added up.")] = "client",
    client: Annotated[
        str, typer.Option("--client", help="Only this client: id, name, or its beginning of three letters.")
    ] = "",
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Show what work earned and cost, and where hours went: for owner and finance."""
    actor = acting_member(data_dir, member)
    from agency_app.cli.output_reports import print_report

    months = {name: f"{month_of(text):%Y-%m}" for name, text in (("from", first), ("to", last)) if text}
    found = named_client(actor, client).id if client else ""
    print_report(actor, {**months, "by": by, "client": found}, as_json=as_json)
