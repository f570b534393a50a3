"""Keep the database's files to their owner: they hold what members sign in with. On Windows the user's folder does."""

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private_folder(folder: Path) -> None:
    """Make a folder that its owner alone may enter, unless it is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_private_file(file: Path) -> None:
    """Make an empty file that its owner alone may read, and its folder, unless they are there. SQLite gives its log the
    same rights."""
    if not file.exists():
        make_private_folder(file.parent)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def close_to_others(database: Path, folder: bool) -> None:
    """Take from others what they may do with the files of a database and, with `folder`, with the folder they are in.

    What belongs to somebody else stays as it is, and so does a folder that many may write to, such as /tmp.
    """
    if os.name != "posix" or not database.exists():
        return
    for path in [*open_to_others(database), *([database.parent] if folder else [])]:
        status = path.stat()
        if status.st_uid == os.geteuid() and status.st_mode & _OTHERS and not status.st_mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)


def open_to_others(database: Path) -> list[Path]:
    """Return the files of a database that others than their owner may do anything with; none on Windows."""
    if os.name != "posix":
        return []
    files = [database.with_name(database.name + ending) for ending in ("", "-wal", "-shm")]
    return [file for file in files if file.exists() and file.stat().st_mode & _OTHERS]
