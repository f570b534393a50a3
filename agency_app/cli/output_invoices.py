"""What `agency finalise`, `credit`, `invoices` and `pro-forma` take, print and write."""

import re
from pathlib import Path
from typing import Any

import typer

from agency_app.domain.credit import Credit
from agency_app.domain.durations import hours_minutes
from agency_app.services.actor import Actor
from agency_app.services.credit_invoice import Chosen, Creditable, read_creditable
from agency_app.services.refusal import NotFound, Refused
from agency_app.store import invoices
from agency_app.store.engine import reading


def known_invoice(actor: Actor, wanted: str) -> str:
    """Return the id of the document with a number or an id. Raises NotFound."""
    with reading() as session:
        found = invoices.by_number(session, actor.workspace_id, wanted.strip())
        found = found or invoices.invoice(session, actor.workspace_id, wanted.strip())
    if found is None:
        raise NotFound(f"There is no invoice {wanted!r} in this workspace.", "invoice")
    return found.id


def chosen(of: Creditable, everything: bool, lines: list[int], entry: str, minutes: int) -> Chosen | None:
    """Return what to credit: chosen lines whole, minutes of an entry under one line, or everything as None.

    Raises Refused for minutes without their entry and line or the other way round, for everything together with a part
    of it, and where nothing is chosen, with what could be.
    """
    if everything and (lines or entry or minutes):
        raise Refused("Credit --all that is left, or chosen lines with --line, not both.", "all")
    if everything:
        return None
    if not lines and not entry and not minutes:
        raise _asked_what(of)
    if not entry and not minutes:
        return {line: None for line in lines}
    if len(lines) != 1 or not entry or minutes <= 0:
        raise Refused("Minutes are credited with one --line, its --entry and --minutes.", "minutes")
    return {lines[0]: {entry: minutes * 60}}


def _asked_what(of: Creditable) -> Refused:
    left = of.credit(None)
    all_of_it = _money_text(left.totals.due_minor, of)
    lines = "\n".join(f"  {line}" for line in credited_lines(of, left))
    return Refused(
        f"Nothing was credited. Say what: --all for what is left of {of.invoice.number}, {all_of_it}, or --line with the "
        f"number of a line, which may be given again.\n{lines}",
        "all",
    )


def credited_lines(of: Creditable, credit: Credit) -> list[str]:
    """Return what a credit note gives back, a line of text a line of the invoice."""
    said = []
    for position, line in credit.lines:
        hours = f", {hours_minutes(sum(work.seconds for work in line.work))} h" if line.unit == "h" else ""
        said.append(f"line {position}: {line.description}{hours}, {_money_text(line.net_minor, of)} net")
    return said


def left_lines(of: Creditable) -> list[str]:
    """Return what is left of an invoice, a line of text a line, with the ids of its entries."""
    said = []
    for position, line in of.lines.items():
        said.append(f"line {position}: {line.line.description}, {_money_text(line.net_left, of)} net left")
        said += [f"  entry {entry_id}: {hours_minutes(seconds)} h" for entry_id, seconds in line.seconds_left.items()]
    return said


def _money_text(minor: int, of: Creditable) -> str:
    from agency_app.cli.output import money, money_text

    return money_text(money(minor, of.invoice.currency))


def list_shapes(actor: Actor) -> list[dict[str, Any]]:
    """Return invoices, credit notes and drafts as scripts see them."""
    from agency_app.cli.output import money
    from agency_app.services.read_invoice import list_invoices

    return [
        {
            "id": row.invoice_id,
            "kind": row.kind,
            "status": row.status,
            "number": row.number or None,
            "client": row.client.name,
            "period": row.first_day.isoformat(),
            "issue_date": row.issue_date.isoformat() if row.issue_date else None,
            "total": money(row.total_minor, row.currency),
            "credited": money(row.credited_minor, row.currency),
            "open": None if row.open_minor is None else money(row.open_minor, row.currency),
            "corrects": row.corrects or None,
        }
        for row in list_invoices(actor)
    ]


def print_list(shapes: list[dict[str, Any]]) -> None:
    """Print the list for people."""
    from agency_app.cli.output import money_text

    for shape in shapes:
        about = f"credits {shape['corrects']}" if shape["corrects"] else shape["status"]
        name = shape["number"] or f"draft {shape['period'][:7]}"
        left = f"open {money_text(shape['open'])}" if shape["open"] else ""
        typer.echo(f"{name:<18} {shape['client']:<28} {money_text(shape['total']):>16}  {about:<22} {left}".rstrip())


def write_final(actor: Actor, invoice_id: str, number: str, out: Path) -> tuple[Path, Path | None]:
    """Write the PDF and the e-invoice of a final document into a folder, and return where.

    There is no e-invoice where the document lacks what one needs; the page of its draft said so.
    """
    from agency_app.services.draw_document import NotAnEInvoice
    from agency_app.services.finalise_invoice import document_bytes

    pdf = write_document(out, number, "pdf", document_bytes(actor, invoice_id, "pdf"))
    try:
        return pdf, write_document(out, number, "xml", document_bytes(actor, invoice_id, "ubl"))
    except NotAnEInvoice:
        return pdf, None


def write_document(out: Path, number: str, kind: str, content: bytes) -> Path:
    """Write a document into a folder under its number, and return where."""
    from agency_app.services.dump_workspace import write_whole

    path = out / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', number)}.{kind}"
    write_whole(path, content)
    return path


def creditable(actor: Actor, wanted: str) -> Creditable:
    """Return a final invoice by its number or id, with what is left of it."""
    return read_creditable(actor, known_invoice(actor, wanted))
