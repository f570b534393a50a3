"""What the command line prints: the JSON shapes for scripts, and the same as text for people."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from agency_app.domain.durations import hours_minutes
from agency_app.domain.money import exponent

if TYPE_CHECKING:
    from agency_app.services.read_draft import LiveDraft

_E4 = 10_000
_PRODUCTS = {
    "clockify": "Clockify",
    "harvest": "Harvest",
    "kimai": "Kimai",
    "solidtime": "solidtime",
    "toggl": "Toggl Track",
}
"""The tools whose exports are read, by the first part of a format's name."""


def print_json(value: Any) -> None:
    """Print a value as one JSON document on standard output."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def money(minor: int, currency: str) -> dict[str, Any]:
    """Return an amount as scripts read it: minor units and the currency's code."""
    return {"minor": minor, "currency": currency}


def money_text(amount: dict[str, Any]) -> str:
    """Return an amount as `EUR 1,234.50`."""
    decimals = exponent(amount["currency"])
    sign, digits = "-" if amount["minor"] < 0 else "", str(abs(amount["minor"])).rjust(decimals + 1, "0")
    whole, cents = (digits[:-decimals], "." + digits[-decimals:]) if decimals else (digits, "")
    return f"{amount['currency']} {sign}{int(whole):,}{cents}"


def decimal_text(value_e4: int, least_decimals: int) -> str:
    """Return an integer of 1/10000 as a plain decimal number with at least so many decimals: `95.00`, `95.125`."""
    sign = "-" if value_e4 < 0 else ""
    whole, rest = divmod(abs(value_e4), _E4)
    decimals = f"{rest:04}".rstrip("0").ljust(least_decimals, "0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def draft_shape(live: "LiveDraft") -> dict[str, Any]:
    """Return a live draft in the documented JSON shape."""
    totals = live.draft.totals
    lines = [
        _line(
            {
                "kind": line.kind,
                "description": line.description,
                "quantity": line.quantity,
                "unit": line.unit,
                "price": line.price,
                "net_minor": line.net_minor,
                "vat_rate": line.vat_rate,
            },
            [_entry(live, work.entry_id, work.seconds) for work in line.work],
            live.draft.currency,
        )
        for line in live.draft.lines
    ]
    vat = [(group.rate, group.base_minor, group.amount_minor) for group in totals.vat]
    return _shape(
        live.client.name,
        (live.first_day, live.last_day),
        live.draft.currency,
        lines,
        (totals.subtotal_minor, vat, totals.total_minor),
        live.version,
    )


def invoice_shape(client: str, snapshot: dict[str, Any], version: str) -> dict[str, Any]:
    """Return a final invoice in the shape of the draft that it was, from the snapshot alone."""
    entry_keys = {"id": "entry_id", "date": "date", "member": "member", "activity": "activity", "seconds": "seconds"}
    lines = [
        _line(
            line,
            [{key: work[source] for key, source in entry_keys.items()} for work in line["work"]],
            snapshot["currency"],
        )
        for line in snapshot["lines"]
    ]
    period = snapshot["period"]
    return _shape(
        client,
        (date.fromisoformat(period["start"]), date.fromisoformat(period["end"])),
        snapshot["currency"],
        lines,
        (
            snapshot["subtotal_minor"],
            [(group["rate"], group["base_minor"], group["amount_minor"]) for group in snapshot["vat"]],
            snapshot["total_minor"],
        ),
        version,
    )


def _shape(
    client: str,
    period: tuple[date, date],
    currency: str,
    lines: list[dict[str, Any]],
    totals: tuple[int, list[tuple[int, int, int]], int],
    version: str,
) -> dict[str, Any]:
    subtotal, vat, total = totals
    return {
        "client": client,
        "period": {"start": period[0].isoformat(), "end": period[1].isoformat()},
        "currency": currency,
        "lines": lines,
        "subtotal": money(subtotal, currency),
        "vat": [
            {"rate": rate, "base": money(base, currency), "amount": money(amount, currency)}
            for rate, base, amount in vat
        ],
        "total": money(total, currency),
        "version": version,
    }


def _line(line: dict[str, Any], entries: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    return {
        "kind": line["kind"],
        "description": line["description"],
        "quantity": decimal_text(line["quantity"], 4),
        "unit": line["unit"],
        "price": decimal_text(line["price"], exponent(currency)),
        "net": money(line["net_minor"], currency),
        "vat_rate": line["vat_rate"],
        "entries": entries,
    }


def _entry(live: "LiveDraft", entry_id: str, seconds: int) -> dict[str, Any]:
    row = live.entries[entry_id]
    return {
        "id": entry_id,
        "date": row.work_date.isoformat(),
        "member": row.member,
        "activity": row.activity,
        "seconds": seconds,
    }


def print_draft(shape: dict[str, Any]) -> None:
    """Print a draft or an invoice as a table of its lines and totals."""
    typer.echo(f"{shape['client']}, {shape['period']['start']} to {shape['period']['end']}")
    for line in shape["lines"]:
        seconds = sum(entry["seconds"] for entry in line["entries"])
        count = len(line["entries"])
        work = f"  ({count} entr{'y' if count == 1 else 'ies'}, {hours_minutes(seconds)} h)" if count else ""
        typer.echo(
            f"  {line['description']:<32} {line['quantity']:>12} {line['unit']:<6} x {line['price']:>10}"
            f" {money_text(line['net']):>18}{work}"
        )
    if not shape["lines"]:
        typer.echo("  nothing to bill yet")
    typer.echo(f"  {'Subtotal':<64} {money_text(shape['subtotal']):>18}")
    for group in shape["vat"]:
        name = f"VAT {decimal_text(group['rate'] * 100, 0)} %"
        typer.echo(f"  {name:<64} {money_text(group['amount']):>18}")
    typer.echo(f"  {'Total':<64} {money_text(shape['total']):>18}")


def print_import(report: dict[str, Any]) -> None:
    """Print what an import did or would do: in a sentence, then the rows by what became of them, what it made, and each
    row that was refused with its line."""
    typer.echo(_outcome(report))
    total = report["rows_total"]
    counts = (
        (report["added"] + report["held_back"], "new"),
        (report["already_known"], "known already"),
        (report["skipped"], "not work"),
        (len(report["rejected"]), "refused"),
    )
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    typer.echo(f"{total} row{'' if total == 1 else 's'}: {said}." if said else "The file has no rows.")
    for name in ("clients", "members"):
        if report[f"unknown_{name}"]:
            hint = "" if report[f"created_{name}"] else " (--create-missing creates them)"
            typer.echo(f"Unknown {name}{hint}: {', '.join(report[f'unknown_{name}'])}")
    for name in ("clients", "members", "activities", "campaigns"):
        if report[f"created_{name}"]:
            typer.echo(f"New {name}: {', '.join(report[f'created_{name}'])}")
    for title, notes in (("refused", report["rejected"]), ("note", report["warnings"])):
        for note in notes:
            typer.echo(f"  line {note['line']}, {title}: {note['reason']}")


def _outcome(report: dict[str, Any]) -> str:
    """Return what came of an import, or would come of it, as a sentence."""
    file = f"{report['file_name']} ({_PRODUCTS[report['format'].partition('.')[0]]})"
    count, refused = report["added"] + report["held_back"], len(report["rejected"])
    seconds = report["added_seconds"] + report["held_back_seconds"]
    time = f"{count} entr{'y' if count == 1 else 'ies'}, {hours_minutes(seconds)} h,"
    if report["stored"]:
        return f"Imported {time} from {file}."
    if report["held_back"]:
        nothing = "Nothing would be imported" if report["dry_run"] else "Nothing was imported"
        rows = "1 row is refused" if refused == 1 else f"{refused} rows are refused"
        return f"{nothing} from {file}: {rows}, and --all-or-nothing asks for all. Without it, {time} would come in."
    if count:
        return f"{time} would be imported from {file}. Nothing is stored yet: run it again without --dry-run."
    if report["already_known"] and not refused:
        return f"Nothing new in {file}: all of its work is here already. Nothing was changed."
    return f"Nothing to import from {file}. Nothing was changed."


def agreed_text(retainer: dict[str, Any]) -> str:
    """Return what a retainer of `agency clients` holds: `fee, 20 h, EUR 2,000.00, every month`, a budget as money."""
    every, unit = retainer["cycle"].split()
    held = [f"{retainer['granted'] / 3600:g} h"] if retainer["granted"] and retainer["basis"] != "budget" else []
    held += [money_text(retainer[name]) for name in ("fee", "budget") if retainer[name]["minor"]]
    return ", ".join([retainer["basis"], *held, f"every {unit}" if every == "1" else f"every {every} {unit}s"])
