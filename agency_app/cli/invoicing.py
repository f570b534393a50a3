"""`agency draft`, `finalise`, `credit`, `invoices` and `pro-forma`: from a month's work to its documents."""

import hashlib
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agency_app.cli.application import app
from agency_app.cli.options import AsJson, ClientName, DataDir, MemberEmail, Period, WholeClientName, month_of
from agency_app.cli.workspace import acting_member, named_client
from agency_app.services.refusal import Refused

if TYPE_CHECKING:
    from agency_app.services.actor import Actor
    from agency_app.tables import Client


@app.command()
def draft(
    client: ClientName,
    period: Period,
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Show the draft invoice of a client's month as it stands now; of an invoiced month, the invoice."""
    actor, day = acting_member(data_dir, member), month_of(period)
    from agency_app.cli.output import draft_shape, print_draft, print_json
    from agency_app.services.read_draft import read_draft

    found = named_client(actor, client)
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

    from agency_app.cli.output import invoice_shape
    from agency_app.store import invoices
    from agency_app.store.engine import reading

    with reading() as session:
        invoice = invoices.final_invoice_on(session, actor.workspace_id, client.id, day)
    if invoice is None or invoice.snapshot is None:
        return None
    return invoice_shape(client.name, json.loads(invoice.snapshot), "final") | {"number": invoice.number}


@app.command()
def finalise(
    client: WholeClientName,
    period: Period,
    out: Annotated[Path, typer.Option(help="The folder that the PDF is written to.")],
    as_json: AsJson = False,
    member: MemberEmail = "",
    data_dir: DataDir = None,
) -> None:
    """Finalise a client's month: the invoice gets its number, the entries lock, the PDF and the e-invoice are written."""
    actor, day = acting_member(data_dir, member), month_of(period)
    from agency_app.cli.output import draft_shape, money_text, print_json
    from agency_app.cli.output_invoices import write_final
    from agency_app.services.before_finalising import before_finalising
    from agency_app.services.finalise_invoice import finalise_invoice
    from agency_app.services.read_draft import read_draft

    found = named_client(actor, client, in_full=True)
    _require_writable(out)  # before the number is taken: a full disk must not leave an invoice without its file
    live = read_draft(actor, found.id, day)
    known = before_finalising(actor, found.id, day)
    done = finalise_invoice(actor, found.id, day, live.version)
    for note in known.notes:  # of an invoice that there is: what refuses one says so alone
        typer.echo(f"note: {note.message}", err=True)
    pdf, xml = write_final(actor, done.invoice_id, done.number, out)
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
    actor = acting_member(data_dir, member)
    from agency_app.cli.output import money, money_text, print_json
    from agency_app.cli.output_invoices import chosen, creditable, credited_lines, left_lines, write_final
    from agency_app.services.credit_invoice import credit_invoice

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
    pdf, xml = write_final(actor, done.invoice_id, done.number, out)
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
    actor = acting_member(data_dir, member)
    from agency_app.cli.output import print_json
    from agency_app.cli.output_invoices import list_shapes, print_list

    shapes = list_shapes(actor)
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
    actor = acting_member(data_dir, member)
    from agency_app.cli.output import print_json
    from agency_app.cli.output_invoices import write_document
    from agency_app.services.finalise_invoice import open_draft
    from agency_app.services.pro_forma import pro_forma

    name, content = pro_forma(actor, open_draft(actor, named_client(actor, client).id, month_of(period)))
    path = write_document(out, name, "pdf", content)
    print_json({"pdf": str(path)}) if as_json else typer.echo(f"Written to {path}.")


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}. Nothing was finalised.", "out") from error
