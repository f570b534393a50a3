"""Whether a row is as it was at one of its versions: unchanged since, or with every later change taken back.

Versions only ever go up, so that a form that was opened on one never overwrites another. Undoing and redoing make a new
version that is an earlier one again; each says so in an audit event of its own, and this module reads them.
"""

import json

from sqlmodel import Session

from agency_app.services.actor import Actor, record
from agency_app.store import people

AGAIN = "stands_again"
"""The verb of the event that says which earlier version a new one is."""


def say_again(session: Session, actor: Actor, subject_id: str, version: int, again: int) -> None:
    """Record that a version of a row holds what it held at an earlier one."""
    record(session, actor, AGAIN, subject_id, version=version, again=again)


def stands(session: Session, workspace_id: str, subject_id: str, current: int, wanted: int) -> bool:
    """Tell whether a row of a version is as it was at another one."""
    earlier = _earlier(session, workspace_id, subject_id)
    return _first(earlier, current) == _first(earlier, wanted)


def next_version(session: Session, workspace_id: str, subject_id: str, known: int) -> int:
    """Return the version that a row gets which comes back, given one that it had: higher than any it ever had."""
    return max([known, *_earlier(session, workspace_id, subject_id)]) + 1


def _earlier(session: Session, workspace_id: str, subject_id: str) -> dict[int, int]:
    said = [json.loads(detail) for detail, _ in people.changes(session, workspace_id, subject_id, AGAIN)]
    return {one["version"]: one["again"] for one in said}


def _first(earlier: dict[int, int], version: int) -> int:
    while version in earlier:
        version = earlier[version]
    return version
