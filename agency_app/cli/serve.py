"""`agency demo` and `agency run`: the server, on believable data or on your own."""

import json
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer

from agency_app.cli.application import app
from agency_app.cli.options import AsJson, DataDir, Host, Port
from agency_app.cli.workspace import open_data, use_data_dir
from agency_app.services.refusal import Refused


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

    use_data_dir(data_dir)
    if "data_dir" not in settings().model_fields_set:  # nobody said where: not beside the person's own data
        use_data_dir(settings().data_dir / "demo")
    people = _seeded_demo()
    if as_json:
        members = [{"name": name, "email": email, "role": role} for name, email, role in people]
        told = {"data_dir": str(settings().data_dir), "password": DEMO_PASSWORD, "members": members}
        if not seed_only:
            _serve(host, port, told)
        from agency_app.cli.output import print_json

        return print_json(told)
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

    open_data(create=True)
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
def run(
    port: Port = 3000,
    host: Host = "127.0.0.1",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Serve your own agency. The first visit makes the workspace and its owner."""
    from agency_app.settings import settings

    open_data(data_dir, create=True)
    _serve(host, port, {"data_dir": str(settings().data_dir)} if as_json else None)


def _serve(host: str, port: int, told: dict[str, Any] | None = None) -> NoReturn:
    """Become the server, which says its address once it answers: in a line of JSON with what else is told, if that is
    asked for."""
    from agency_app.serving.front_end import FrontEndError, ensure_front_end
    from agency_app.serving.server import CannotServe, check_port_is_free, serve
    from agency_app.settings import settings
    from agency_app.store.engine import dispose_engines

    try:
        check_port_is_free(host, port)
        ensure_front_end(lambda line: typer.echo(line, err=told is not None))
        address = _address(host, port)
        say = f"\n  {address}\n\nStop with Ctrl-C." if told is None else json.dumps({"url": address, **told})
        dispose_engines()
        serve(host, port, settings().data_dir, say=say)
    except (CannotServe, FrontEndError) as error:
        raise Refused(str(error)) from error


def _address(host: str, port: int) -> str:
    """Return the address to open in a browser of this machine."""
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
