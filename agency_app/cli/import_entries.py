"""`agency import`: the time entries of another tracker's export."""

from pathlib import Path
from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo

import typer

from agency_app.cli.application import app
from agency_app.cli.options import AsJson, DataDir
from agency_app.cli.workspace import acting_member
from agency_app.services.refusal import Refused


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
    actor = acting_member(data_dir)
    from dataclasses import asdict

    from agency_app.cli.output import print_import, print_json
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
        print_import(shape)
    known = report.already_known and not all_or_nothing  # a second import of the same file is no error
    if report.rejected and not dry_run and not report.stored and not known:
        refused = f"{len(report.rejected)} of {report.rows_total} rows were refused"
        raise Refused(f"Nothing was imported: {refused}.", "file")


def _require_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(f"{name!r} is not a time zone: write it as Europe/Amsterdam.", "zone") from error
