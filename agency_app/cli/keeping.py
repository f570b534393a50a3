"""`agency dump`, `load`, `verify`, `doctor`, `backup` and `restore`: the data are whole, and stay so."""

from pathlib import Path
from typing import Annotated

import typer

from agency_app.cli.application import app
from agency_app.cli.options import AsJson, DataDir
from agency_app.cli.workspace import nothing_half_made, open_data, use_data_dir


@app.command()
def dump(
    file: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file when it exists.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Write the whole workspace as one JSON file, password hashes included: keep it safe."""
    open_data(data_dir)
    from agency_app.services.dump_workspace import dump_workspace

    _print_counts("written to", file, dump_workspace(file, force), as_json)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="A file that `agency dump` wrote.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Load a dumped workspace into empty data: all of it, or with any fault nothing."""
    use_data_dir(data_dir)
    from agency_app.services.load_workspace import load_workspace, read_workspace_file

    content = read_workspace_file(file)  # before the data are made: a file that is refused leaves none behind
    with nothing_half_made():
        open_data(create=True)
        counts = load_workspace(file, content)
    _print_counts("loaded from", file, counts, as_json)


def _print_counts(verb: str, file: Path, counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        from agency_app.cli.output import print_json

        return print_json({"file": str(file), "rows": counts})
    named = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()) if count)
    typer.echo(f"{sum(counts.values())} rows {verb} {file}: {named}")


@app.command()
def verify(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Recompute every total, the ties to the work and the chain of invoices. Exit 1 and a list if anything is off."""
    open_data(data_dir)
    from agency_app.services.verify_workspace import verify_workspace

    faults = verify_workspace()
    if as_json:
        from agency_app.cli.output import print_json

        print_json({"faults": faults})
    else:
        typer.echo("\n".join(faults) or "Everything adds up.")
    if faults:
        raise typer.Exit(1)


@app.command()
def doctor(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Say what is configured, what is reachable, and how to mend what is not. Exit 1 if something is not well."""
    use_data_dir(data_dir)
    from agency_app.services.doctor import examine
    from agency_app.serving.front_end import is_current

    findings = [(one.name, one.well, one.found, one.mend) for one in examine()]
    findings.append(("Front end", True, "built" if is_current() else "will be built at the next start", ""))
    if as_json:
        from agency_app.cli.output import print_json

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
    open_data(data_dir)
    from agency_app.services.backup import backup as back_up

    done = back_up(file, force)
    if as_json:
        from agency_app.cli.output import print_json

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
    use_data_dir(data_dir)
    _prepare_postgresql()
    from agency_app.services.backup import restore as put_back

    with nothing_half_made():
        done = put_back(file, force)
    if as_json:
        from agency_app.cli.output import print_json

        return print_json({"file": str(done.path), "replaced": str(done.replaced) if done.replaced else None})
    kept = f" What was there is kept in {done.replaced}." if done.replaced else ""
    typer.echo(f"Restored from {done.path}.{kept}")


def _prepare_postgresql() -> None:
    """Make the tables that a restore fills; on SQLite the restored file brings its own."""
    from agency_app.settings import settings

    if not settings().resolved_database_url.startswith("sqlite"):
        open_data(create=True)
