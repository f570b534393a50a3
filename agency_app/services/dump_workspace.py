"""Write the whole workspace to one JSON file, the same bytes whenever the workspace is the same."""

import os
import tempfile
from pathlib import Path
from typing import Any

from agency_app.services.refusal import Refused
from agency_app.services.workspace_file import FORMAT, VERSION, as_text
from agency_app.store import people
from agency_app.store.whole_workspace import dumped_tables, reading_at_one_instant, rows


def dump_workspace(path: Path, force: bool = False) -> dict[str, int]:
    """Write the workspace to a file that only its owner may read; return the number of rows of each table.

    The file is complete or not there: it takes its name at the very end. Raises Refused when the file exists (unless
    `force`), when there is no workspace yet, or when the file cannot be written.
    """
    refuse_existing(path, force)
    content = workspace_content()
    text = as_text(content)
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.", "file") from error
    return {name: len(found) for name, found in content.items() if isinstance(found, list)}


def refuse_existing(path: Path, force: bool) -> None:
    """Raise Refused for a place where no file can be written, or where one is that nobody asked to replace."""
    if path.is_dir():
        raise Refused(f"{path} is a folder: name the file to write in it.", "file")
    if path.exists() and not force:
        raise Refused(f"{path} exists already: choose another name, or --force to replace it.", "file")


def workspace_content() -> dict[str, Any]:
    """Return the content of a dump, read as of one instant. Raises Refused when there is no workspace yet."""
    with reading_at_one_instant() as session:
        workspace = people.any_workspace(session)
        if workspace is None:
            raise Refused("There is no workspace yet: nothing to write.")
        tables = {str(model.__tablename__): rows(session, model, workspace.id) for model in dumped_tables()}
    return {"format": FORMAT, "version": VERSION, **tables}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there: readable by its owner alone, never half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
