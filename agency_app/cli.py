"""The `agency` command. It translates arguments into calls of the services and prints what they return.

Exit codes: 0 done; 1 `verify` or `doctor` found something; 2 an error, on standard error. What is slow to import is
imported inside the command that needs it.
"""

import hashlib
import os
import re
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, cast
from zoneinfo import ZoneInfo

import typer
from typer.core import TyperGroup

from agency_app.services.refusal import Refused

if TYPE_CHECKING:
    from agency_app.services.actor import Actor
    from agency_app.tables import Client

FAILED = 2


class _Command(TyperGroup):
    """Turns what a service refuses into a message on standard error and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            _fail(refused.message, getattr(refused, "faults", []))
        except OSError as error:
            _fail(f"{error.filename or 'The system'}: {error.strerror or error}")
        except Exception as error:
            from sqlalchemy.exc import SQLAlchemyError

            if not isinstance(error, SQLAlchemyError):
                raise
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            _fail(f"The database cannot be used: {reason}. See `agency doctor`.")


def _fail(message: str, faults: list[str] | None = None) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    for fault in faults or []:
        typer.echo(f"  {fault}", err=True)
    raise typer.Exit(FAILED)


app = typer.Typer(
    cls=_Command,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Timesheet, retainers and invoices of a media agency.",
)

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where the data lives. Default: AGENCY_DATA_DIR, else your user data folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
MemberEmail = Annotated[str, typer.Option("--member", help="Act as this member. Default: the workspace's owner.")]
Port = Annotated[int, typer.Option(help="The one port of page, websocket and routes.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 opens it to the network.")]
Period = Annotated[str, typer.Option(help="The month, as 2026-11.")]
ClientName = Annotated[str, typer.Argument(metavar="CLIENT", help="A client's id, name, or the beginning of it.")]


@app.callback()
def everywhere(data_dir: DataDir = None) -> None:
    """Take `--data-dir` in front of the command as well as behind it."""
    _use(data_dir)


@app.command()
def demo(
    port: Port = 3000,
    host: Host = "127.0.0.1",
    data_dir: DataDir = None,
    seed_only: Annotated[bool, typer.Option("--seed-only", help="Fill the data and end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Serve a believable agency to try everything on, in a data folder of its own."""
    from agency_app.services.seed_demo import DEMO_PASSWORD
    from agency_app.settings import settings

    _use(data_dir)
    if "data_dir" not in settings().model_fields_set:  # nobody said where: not beside the person's own data
        _use(settings().data_dir / "demo")
    people = _seeded_demo()
    if seed_only and as_json:
        from agency_app.cli_output import print_json

        members = [{"name": name, "email": email, "role": role} for name, email, role in people]
        print_json({"data_dir": str(settings().data_dir), "password": DEMO_PASSWORD, "members": members})
        return
    typer.echo(f"The demo's data is in {settings().data_dir}.")
    typer.echo(f"Sign in with any of these and the password {DEMO_PASSWORD}")
    for name, email, role in people:
        typer.echo(f"  {email:<32} {name}, {role}")
    if not seed_only:
        _serve(host, port)


def _seeded_demo() -> list[tuple[str, str, str]]:
    """Return (name, e-mail, role) of the demo's members, seeding the data when it is empty."""
    from agency_app.services.demo.people import MEMBERS, WORKSPACE
    from agency_app.services.seed_demo import seed_demo
    from agency_app.store import people
    from agency_app.store.engine import reading
    from agency_app.tables.base import now

    _open(create=True)
    with reading() as session:
        workspace = people.any_workspace(session)
        if workspace is not None:
            emails = {member.email for member in people.members(session, workspace.id)}
            if not emails.issuperset(email for _, email, _ in MEMBERS):
                raise Refused(f"{workspace.name} lives here, not the demo: choose another --data-dir.", "data_dir")
            return list(MEMBERS)
    typer.echo("Filling the demo's data …", err=True)
    return seed_demo(now().astimezone(ZoneInfo(WORKSPACE["zone"])).date())


@app.command()
def run(port: Port = 3000, host: Host = "127.0.0.1", data_dir: DataDir = None) -> None:
    """Serve your own agency. The first visit makes the workspace and its owner."""
    _use(data_dir)
    _open(create=True)
    _serve(host, port)


def _serve(host: str, port: int) -> NoReturn:
    from agency_app.serving.front_end import FrontEndError, ensure_front_end
    from agency_app.serving.server import CannotServe, check_port_is_free, serve
    from agency_app.settings import settings
    from agency_app.store.engine import dispose_engines

    try:
        check_port_is_free(host, port)
        ensure_front_end(typer.echo)
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host
        typer.echo(f"\n  http://{shown}:{port}\n\nStop with Ctrl-C.")
        dispose_engines()
        serve(host, port, settings().data_dir)
    except (CannotServe, FrontEndError) as error:
        raise Refused(str(error)) from error


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="An export of Toggl Track, Clockify, Harvest, Kimai or solidtime.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; store nothing.")] = False,
    create_missing: Annotated[
        bool, typer.Option("--create-missing", help="Create the clients and members the file names.")
    ] = False,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Store nothing when one row is refused.")
    ] = False,
    zone: Annotated[str, typer.Option(help="The time zone of the file's times. Default: the workspace's.")] = "",
    member: Annotated[
        str, typer.Option("--member", help="Whose time it is, by e-mail, whatever rows say or not.")
    ] = "",
    date_order: Annotated[str, typer.Option(help="How 03/04/2026 is read: day or month comes first.")] = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Bring in the time entries of another tracker's export, once each."""
    _use(data_dir)
    _open()
    actor = _actor("")
    from dataclasses import asdict

    from agency_app.cli_output import print_import, print_json
    from agency_app.connectors.importers import ExportError
    from agency_app.services.import_entries import import_entries
    from agency_app.store import people
    from agency_app.store.engine import reading

    if date_order not in {"", "day", "month"}:
        raise Refused(f"--date-order is day or month, not {date_order!r}.", "date_order")
    with reading() as session:
        zone = zone or people.workspace(session, actor.workspace_id).zone
    _require_zone(zone)
    try:
        report = import_entries(
            actor,
            file.read_bytes(),
            file.name,
            zone=zone,
            date_order=cast(Literal["day", "month"], date_order) if date_order else None,
            dry_run=dry_run,
            create_missing=create_missing,
            all_or_nothing=all_or_nothing,
            member_email=member or None,
        )
    except ExportError as error:
        raise Refused(f"{file}: {error}", "file") from error
    shape = {"dry_run": dry_run} | asdict(report)
    if as_json:
        print_json(shape)
    else:
        print_import(shape, all_or_nothing)
    if report.rejected and not dry_run and not report.stored and not report.already_known:
        refused = f"{len(report.rejected)} of {report.rows_total} rows were refused"
        raise Refused(f"Nothing was imported: {refused}.", "file")


def _day(text: str) -> date | None:
    """Read a day; None for no text. Raises Refused for what is not a date."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is not a day: write it as 2026-11-20.", "as_of") from None


def _require_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(f"{name!r} is not a time zone: write it as Europe/Amsterdam.", "zone") from error


@app.command(name="clients")
def list_clients(as_json: AsJson = False, member: MemberEmail = "", data_dir: DataDir = None) -> None:
    """List the clients with their retainers."""
    _use(data_dir)
    _open()
    actor = _actor(member)
    from agency_app.cli_output import agreed_text, money, print_json
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
    client: Annotated[str, typer.Option("--client", help="Only this client: id, name, or the beginning of it.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="As of this day, as 2026-11-20. Default: today.")] = "",
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Show every retainer with its periods: granted, used, left, and what rolled over."""
    _use(data_dir)
    _open()
    actor = _actor(member)
    from agency_app.cli_retainers import print_retainers

    print_retainers(actor, _client(actor, client).id if client else None, _day(as_of), as_json=as_json)


@app.command()
def reports(
    first: Annotated[
        str, typer.Option("--from", help="The first month, as 2026-01. Default: two before the last.")
    ] = "",
    last: Annotated[str, typer.Option("--to", help="The last month, as 2026-11. Default: this one.")] = "",
    by: Annotated[Literal["client", "activity", "member", "month"], typer.Option(help="What is added up.")] = "client",
    client: Annotated[str, typer.Option("--client", help="Only this client: id, name, or the beginning of it.")] = "",
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Show what work earned and cost, and where hours went: for owner and finance."""
    _use(data_dir)
    _open()
    actor = _actor(member)
    from agency_app.cli_reports import print_report

    months = {name: f"{_month(text):%Y-%m}" for name, text in (("from", first), ("to", last)) if text}
    found = _client(actor, client).id if client else ""
    print_report(actor, {**months, "by": by, "client": found}, as_json=as_json)


@app.command()
def log(
    text: Annotated[str, typer.Argument(help='Such as "2h northwind meta optimisation yesterday 9pm".')],
    member: MemberEmail = "",
    now: Annotated[str, typer.Option("--now", help="Read the line as of this instant, ISO 8601 with offset.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is understood; save nothing.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Log a touch of work from one line of text, if nothing of it is unsure."""
    _use(data_dir)
    _open()
    actor = _actor(member)
    from agency_app.cli_log import instant, line_shape, print_line
    from agency_app.cli_output import print_json
    from agency_app.services.log_line import UnsureLine, log_line, refuse_impossible, understand_line

    if dry_run:
        line = understand_line(actor, text, at=instant(now))
        refuse_impossible(line)
        shape = line_shape(line, actor.zone)
    else:
        try:
            line, logged = log_line(actor, text, at=instant(now))
        except UnsureLine as unsure:
            if as_json:  # what was understood and what has to be settled, for the script that asks it
                print_json(line_shape(unsure.line, actor.zone))
            raise
        shape = line_shape(line, actor.zone) | {"id": logged.entry_id}
    if as_json:
        return print_json(shape)
    print_line(shape, saved=not dry_run)


@app.command()
def timer(
    action: Annotated[str, typer.Argument(help="status, start, stop or discard.")] = "status",
    text: Annotated[str, typer.Argument(help='What to start for, such as "report fjord".')] = "",
    until: Annotated[str, typer.Option(help="Stop as of this instant, ISO 8601 with offset.")] = "",
    member: MemberEmail = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Start or stop a member's timer, or show it; the one in the top bar."""
    _use(data_dir)
    _open()
    from agency_app.cli_timer import run_timer

    run_timer(_actor(member), action, text, until, as_json=as_json)


@app.command()
def draft(
    client: ClientName,
    period: Period,
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Show the draft invoice of a client's month as it stands now; of an invoiced month, the invoice."""
    _use(data_dir)
    _open()
    actor, day = _actor(member), _month(period)
    from agency_app.cli_output import draft_shape, print_draft, print_json
    from agency_app.services.read_draft import read_draft

    found = _client(actor, client)
    live = read_draft(actor, found.id, day)
    shape = (_final_shape(actor, found, day) if live.invoiced_on else None) or draft_shape(live)
    if as_json:
        return print_json(shape)
    print_draft(shape)
    if "number" in shape:
        typer.echo(f"Invoiced as {shape['number']}.")


def _final_shape(actor: "Actor", client: "Client", day: date) -> dict[str, Any] | None:
    """Return the final invoice of the period that holds a day, with its number; None while there is only a draft."""
    import json

    from agency_app.cli_output import invoice_shape
    from agency_app.store import invoices
    from agency_app.store.engine import reading

    with reading() as session:
        invoice = invoices.final_invoice_on(session, actor.workspace_id, client.id, day)
    if invoice is None or invoice.snapshot is None:
        return None
    return invoice_shape(client.name, json.loads(invoice.snapshot), "final") | {"number": invoice.number}


@app.command()
def finalise(
    client: ClientName,
    period: Period,
    out: Annotated[Path, typer.Option(help="The folder that the PDF is written to.")],
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Finalise a client's month: the invoice gets its number, the entries lock, the PDF and the e-invoice are written."""
    _use(data_dir)
    _open()
    actor, day = _actor(member), _month(period)
    from agency_app.cli_output import draft_shape, money_text, print_json
    from agency_app.services.before_finalising import before_finalising
    from agency_app.services.draw_document import NotAnEInvoice
    from agency_app.services.dump_workspace import write_whole
    from agency_app.services.finalise_invoice import document_bytes, finalise_invoice
    from agency_app.services.read_draft import read_draft

    found = _client(actor, client)
    _require_writable(out)  # before the number is taken: a full disk must not leave an invoice without its file
    live = read_draft(actor, found.id, day)
    for note in before_finalising(actor, found.id, day).notes:
        typer.echo(f"note: {note.message}", err=True)
    done = finalise_invoice(actor, found.id, day, live.version)
    pdf = out / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', done.number)}.pdf"
    write_whole(pdf, document_bytes(actor, done.invoice_id, "pdf"))
    xml: Path | None = pdf.with_suffix(".xml")
    try:
        write_whole(xml, document_bytes(actor, done.invoice_id, "ubl"))
    except NotAnEInvoice:  # the page of the draft said what it lacks
        xml = None
    shape = draft_shape(live) | {
        "number": done.number,
        "issue_date": done.issue_date.isoformat(),
        "due_date": done.due_date.isoformat(),
        "pdf": str(pdf),
        "xml": str(xml) if xml else None,
        "sha256": hashlib.sha256(pdf.read_bytes()).hexdigest(),
        "chain_sha256": done.sha256,
    }
    if as_json:
        return print_json(shape)
    typer.echo(f"{done.number} for {found.name}: {money_text(shape['total'])}, due {done.due_date}.")
    typer.echo(_written_to(pdf, xml))


@app.command()
def credit(
    invoice: Annotated[str, typer.Argument(help="The number or id of a final invoice.")],
    reason: Annotated[str, typer.Option(help="Why; the client reads it on the credit note.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All that is left of the invoice.")] = False,
    line: Annotated[list[int] | None, typer.Option(help="Only this line, by its number; may be given again.")] = None,
    entry: Annotated[str, typer.Option(help="With one --line and --minutes: the id of an entry under it.")] = "",
    minutes: Annotated[int, typer.Option(help="The minutes of that entry to credit.", min=0)] = 0,
    out: Annotated[Path, typer.Option(help="The folder that the PDF and the e-invoice are written to.")] = Path("."),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is left and what would be credited.")] = False,
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Issue a credit note over all that is left of an invoice, chosen lines, or minutes of a line's work."""
    _use(data_dir)
    _open()
    actor = _actor(member)
    from agency_app.cli_invoices import chosen, creditable, credited_lines, left_lines, write_document
    from agency_app.cli_output import money, money_text, print_json
    from agency_app.services.credit_invoice import credit_invoice
    from agency_app.services.draw_document import NotAnEInvoice
    from agency_app.services.finalise_invoice import document_bytes

    of = creditable(actor, invoice)
    everything = everything or (dry_run and not (line or entry or minutes))
    choice = chosen(of, everything, line or [], entry, minutes)
    planned = of.credit(choice)
    given = money(planned.totals.due_minor, of.invoice.currency)
    left = money(of.left_minor - given["minor"], of.invoice.currency)
    rest = money_text(left) if left["minor"] else "nothing"
    shape: dict[str, Any] = {"corrects": of.invoice.number, "credited": given, "left": left}
    if dry_run:
        if as_json:
            return print_json(shape)
        what = "--all" if everything else "This"
        typer.echo("\n".join(left_lines(of)))
        return typer.echo(f"{what} would credit {money_text(given)}: {rest} would be left of {of.invoice.number}.")
    _require_writable(out)
    done = credit_invoice(actor, of.invoice.id, choice, reason, of.version)
    pdf = write_document(out, done.number, "pdf", document_bytes(actor, done.invoice_id, "pdf"))
    xml: Path | None = None
    with suppress(NotAnEInvoice):
        xml = write_document(out, done.number, "xml", document_bytes(actor, done.invoice_id, "ubl"))
    shape |= {
        "number": done.number,
        "issue_date": done.issue_date.isoformat(),
        "pdf": str(pdf),
        "xml": str(xml) if xml else None,
        "sha256": done.sha256,
    }
    if as_json:
        return print_json(shape)
    typer.echo(f"{done.number} credits {money_text(given)} of {of.invoice.number}, {rest} is left:")
    typer.echo("\n".join(f"  {said}" for said in credited_lines(of, planned)))
    typer.echo(_written_to(pdf, xml))


def _written_to(pdf: Path, xml: Path | None) -> str:
    if xml is None:
        return f"Written to {pdf}. There is no e-invoice: the draft's checks name what that needs."
    return f"Written to {pdf} and {xml.name}."


@app.command(name="invoices")
def list_all_invoices(as_json: AsJson = False, member: MemberEmail = "", data_dir: DataDir = None) -> None:
    """List drafts, invoices and credit notes with what is open of each invoice."""
    _use(data_dir)
    _open()
    from agency_app.cli_invoices import list_shapes, print_list
    from agency_app.cli_output import print_json

    shapes = list_shapes(_actor(member))
    print_json(shapes) if as_json else print_list(shapes)


@app.command(name="pro-forma")
def write_pro_forma(
    client: ClientName,
    period: Period,
    out: Annotated[Path, typer.Option(help="The folder that the PDF is written to.")],
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Write a client's draft of a month as a pro forma: no number, marked on every page, kept nowhere."""
    _use(data_dir)
    _open()
    actor = _actor(member)
    from agency_app.cli_invoices import write_document
    from agency_app.cli_output import print_json
    from agency_app.services.finalise_invoice import open_draft
    from agency_app.services.pro_forma import pro_forma

    name, content = pro_forma(actor, open_draft(actor, _client(actor, client).id, _month(period)))
    path = write_document(out, name, "pdf", content)
    print_json({"pdf": str(path)}) if as_json else typer.echo(f"Written to {path}.")


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}. Nothing was finalised.", "out") from error


@app.command()
def dump(
    file: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Write the whole workspace as one JSON file, password hashes included: keep it safe."""
    _use(data_dir)
    _open()
    from agency_app.services.dump_workspace import dump_workspace

    _print_counts("written to", file, dump_workspace(file), as_json)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="A file that `agency dump` wrote.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Load a dumped workspace into empty data: all of it, or with any fault nothing."""
    _use(data_dir)
    _open(create=True)
    from agency_app.services.load_workspace import load_workspace

    _print_counts("loaded from", file, load_workspace(file), as_json)


def _print_counts(verb: str, file: Path, counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        from agency_app.cli_output import print_json

        return print_json({"file": str(file), "rows": counts})
    named = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()) if count)
    typer.echo(f"{sum(counts.values())} rows {verb} {file}: {named}")


@app.command()
def verify(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Recompute every total, the ties to the work and the chain of invoices. Exit 1 and a list if anything is off."""
    _use(data_dir)
    _open()
    from agency_app.services.verify_workspace import verify_workspace

    faults = verify_workspace()
    if as_json:
        from agency_app.cli_output import print_json

        print_json({"faults": faults})
    else:
        typer.echo("\n".join(faults) or "Everything adds up.")
    if faults:
        raise typer.Exit(1)


@app.command()
def doctor(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Say what is configured, what is reachable, and how to mend what is not. Exit 1 if something is not well."""
    _use(data_dir)
    from agency_app.services.doctor import examine
    from agency_app.serving.front_end import is_current

    findings = [(one.name, one.well, one.found, one.mend) for one in examine()]
    findings.append(("Front end", True, "built" if is_current() else "will be built at the next start", ""))
    if as_json:
        from agency_app.cli_output import print_json

        keys = ("name", "well", "found", "mend")
        print_json([dict(zip(keys, finding, strict=True)) for finding in findings])
    else:
        for name, well, found, mend in findings:
            typer.echo(f"{'ok ' if well else 'BAD'} {name:<12} {found}" + ("" if well else f"\n    {mend}"))
    if not all(well for _, well, _, _ in findings):
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file when it exists.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Back everything up to one file while the server runs (PostgreSQL: as a JSON dump)."""
    _use(data_dir)
    _open()
    from agency_app.services.backup import backup as back_up

    done = back_up(file, force)
    if as_json:
        from agency_app.cli_output import print_json

        return print_json({"file": str(done.path), "kind": done.kind})
    kind = "SQLite database" if done.kind == "sqlite" else "JSON dump, because the data is on PostgreSQL"
    typer.echo(f"Backed up to {done.path} ({kind}).")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `agency backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace data that is there; a copy of it is kept.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Put a backup back, after checking that it is sound."""
    _use(data_dir)
    _prepare_postgresql()
    from agency_app.services.backup import restore as put_back

    done = put_back(file, force)
    if as_json:
        from agency_app.cli_output import print_json

        return print_json({"file": str(done.path), "replaced": str(done.replaced) if done.replaced else None})
    kept = f" What was there is kept in {done.replaced}." if done.replaced else ""
    typer.echo(f"Restored from {done.path}.{kept}")


def _use(data_dir: Path | None) -> None:
    """Make a data folder the one of this process and of the server that it may become."""
    if data_dir is None:
        return
    from agency_app.settings import settings

    os.environ["AGENCY_DATA_DIR"] = str(data_dir.expanduser().resolve())
    settings.cache_clear()


def _open(create: bool = False) -> None:
    """Bring the database to the newest migration. Raises Refused when there is no data and none is to be made."""
    from agency_app.settings import settings
    from agency_app.store import schema_version

    database = settings().resolved_database_url
    if database.startswith("sqlite:///"):
        file = Path(database.removeprefix("sqlite:///"))
        if not file.exists() and not create:
            demo = file.parent / "demo"
            where = f" The demo's data is in {demo}: add --data-dir {demo}." if (demo / file.name).exists() else ""
            raise Refused(f"There is no data in {file.parent} yet: start with `agency run` or `agency demo`.{where}")
    if schema_version.is_foreign():
        raise Refused(
            "These data were made by another version of this program, which this one cannot carry over. Start with an "
            "empty --data-dir, and bring the data along with that version's `agency dump`."
        )
    if not schema_version.is_newest():
        from agency_app.store import migrations

        migrations.upgrade()


def _prepare_postgresql() -> None:
    """Make the tables that a restore fills; on SQLite the restored file brings its own."""
    from agency_app.settings import settings

    if not settings().resolved_database_url.startswith("sqlite"):
        _open(create=True)


def _actor(email: str) -> "Actor":
    """Return the member to act as: the one with the e-mail address, or the workspace's first owner."""
    from agency_app.services.actor import actor_of
    from agency_app.store import people
    from agency_app.store.engine import reading

    with reading() as session:
        workspace = people.any_workspace(session)
        if workspace is None:
            raise Refused("There is no workspace yet: start with `agency run`, or `agency demo` to try it.")
        if email:
            member = people.member_by_email(session, email)
            if member is None or member.workspace_id != workspace.id:
                raise Refused(f"No active member has the e-mail address {email}.", "member")
            return actor_of(member)
        owners = [one for one in people.members(session, workspace.id) if one.role == "owner" and one.active]
    if not owners:
        raise Refused("The workspace has no active owner: name a member by --member EMAIL.", "member")
    return actor_of(min(owners, key=lambda owner: owner.id))


def _client(actor: "Actor", wanted: str) -> "Client":
    """Return the client with an id, an exact name, or the one whose name or short name begins so."""
    from agency_app.store import clients
    from agency_app.store.engine import reading

    with reading() as session:
        known = clients.clients(session, actor.workspace_id)
        by_id = clients.client(session, actor.workspace_id, wanted)
    if by_id is not None:
        return by_id
    start = wanted.strip().casefold()
    exact = [client for client in known if wanted == client.name]
    whole = [client for client in known if start in {client.name.casefold(), client.short_name.casefold()}]
    begun = [
        client
        for client in known
        if start and any(name.casefold().startswith(start) for name in (client.name, client.short_name))
    ]
    found = exact or whole or begun
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"{wanted!r} could be {' or '.join(one.name for one in found)}: write more of it.", "client")
    names = ", ".join(client.name for client in known) or "none yet"
    raise Refused(f"There is no client {wanted!r}. Known: {names}.", "client")


def _month(text: str) -> date:
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return date.fromisoformat(f"{text}-01")
    raise Refused(f"{text!r} is not a month: write it as 2026-11.", "period")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue]
    app()


if __name__ == "__main__":
    main()
