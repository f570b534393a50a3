"""What a command works on: the data, the member it acts as, the client that was named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from agency_app.services.refusal import Refused

if TYPE_CHECKING:
    from agency_app.services.actor import Actor
    from agency_app.tables import Client


def acting_member(data_dir: Path | None, email: str = "") -> "Actor":
    """Open the data and return the member to act as: the one with the e-mail address, or the first owner."""
    open_data(data_dir)
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


SHORTEST_BEGINNING = 3


def named_client(actor: "Actor", wanted: str, *, in_full: bool = False) -> "Client":
    """Return the client with an id, a name or a short name, or the one of which either begins so, with three letters or
    more. What cannot be undone asks for the name `in_full`. Raises Refused naming the clients that there are.
    """
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
        if not in_full
        and len(start) >= SHORTEST_BEGINNING
        and any(name.casefold().startswith(start) for name in (client.name, client.short_name))
    ]
    found = exact or whole or begun
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"{wanted!r} could be {' or '.join(one.name for one in found)}: write more of it.", "client")
    names = ", ".join(client.name for client in known) or "none yet"
    how = ""
    if in_full:
        how = " Write its name or short name in full: this cannot be undone."
    elif start and len(start) < SHORTEST_BEGINNING:
        how = f" Write {SHORTEST_BEGINNING} letters of it at least."
    raise Refused(f"There is no client {wanted!r}.{how} Known: {names}.", "client")


def open_data(data_dir: Path | None = None, *, create: bool = False) -> None:
    """Use a data folder and bring its database to the newest migration.

    Raises Refused when there is no data and none is to be made.
    """
    use_data_dir(data_dir)
    from agency_app.settings import settings
    from agency_app.store import schema_version
    from agency_app.store.private_files import close_to_others

    database = settings().resolved_database_url
    if database.startswith("sqlite:///"):
        file = Path(database.removeprefix("sqlite:///"))
        if not file.exists() and not create:
            demo = file.parent / "demo"
            where = f" The demo's data is in {demo}: add --data-dir {demo}." if (demo / file.name).exists() else ""
            raise Refused(f"There is no data in {file.parent} yet: start with `agency run` or `agency demo`.{where}")
        close_to_others(file, folder=not settings().database_url)
    if schema_version.is_foreign():
        raise Refused(
            "These data were made by another version of this program, which this one cannot carry over. Start with an "
            "empty --data-dir, and bring the data along with that version's `agency dump`."
        )
    if not schema_version.is_newest():
        from agency_app.store import migrations

        migrations.upgrade()


@contextmanager
def nothing_half_made() -> Iterator[None]:
    """Take away again what a command that fails made of the data: the database's file and the folders it lies in.

    Data that were there stay as the command left them; so does a database of PostgreSQL, which is made by hand.
    """
    from agency_app.settings import settings
    from agency_app.store.engine import dispose_engines

    database = settings().resolved_database_url
    file = Path(database.removeprefix("sqlite:///"))
    if not database.startswith("sqlite:///") or file.exists():
        yield
        return
    made = [folder for folder in file.parents if not folder.exists()]
    try:
        yield
    except BaseException:
        dispose_engines()
        for ending in ("", "-wal", "-shm", "-journal"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        with suppress(OSError):  # somebody else put a file there meanwhile
            for folder in made:
                folder.rmdir()
        raise


def use_data_dir(data_dir: Path | None) -> None:
    """Make a data folder the one of this process and of the server that it may become."""
    if data_dir is None:
        return
    from agency_app.settings import settings

    os.environ["AGENCY_DATA_DIR"] = str(data_dir.expanduser().resolve())
    settings.cache_clear()
