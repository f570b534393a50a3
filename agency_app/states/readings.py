"""One reading of the database for all tabs that ask the same thing, for as long as nothing has changed.

When a workspace changes, every one of its open tabs reads again. Those that show the same to the same member share
what the first of them reads: ten tabs cost little more than one.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from agency_app.services.actor import Actor, revision_of

Answer = TypeVar("Answer")

_MOST = 64
_held: dict[tuple[Any, ...], tuple[int, "asyncio.Future[Any]"]] = {}

_SECONDS_BELIEVED = 0.25
"""How long a revision is believed without a look: half of what a change made by another process takes to be seen."""
_revisions: dict[str, tuple[int, float, "asyncio.Future[int]"]] = {}
"""By workspace: the changes told of when a look began, when that was, and the revision that the look finds."""
_changes: Counter[str] = Counter()
"""By workspace: how often this process was told of a change."""


async def shared_reading(question: Callable[..., Answer], actor: Actor, *arguments: Any, alike: bool = False) -> Answer:
    """Return ``question(actor, *arguments)``: what a service reads, or a view made of it, by these, the rows and the
    day alone.

    With ``alike`` all members of the workspace share the answer: of the actor the question may use the workspace alone.

    The revision is known before the rows are read, so that what is held is never older than it says. No answer is kept
    beyond a quarter of an hour of the clock, on which every zone's day turns. What a question raises is raised to all
    who wait for it, and not kept. The answer is shared: nobody may change it.
    """
    revision = await _revision(actor.workspace_id)
    key = (question, actor.workspace_id if alike else actor, arguments, time.time() // 900)
    held = _held.pop(key, None)
    if held is None or held[0] != revision:
        held = revision, asyncio.ensure_future(asyncio.to_thread(question, actor, *arguments))
    _held[key] = held  # at the end: the first in the dictionary is the one not asked for longest
    if len(_held) > _MOST:
        _held.pop(next(iter(_held)))
    try:
        return await asyncio.shield(held[1])
    except Exception:
        if _held.get(key) is held:
            del _held[key]
        raise


def changed(workspace_id: str) -> None:
    """Say that a workspace changed: what was read of its revision before, or is being read, is believed no longer."""
    _changes[workspace_id] += 1


async def _revision(workspace_id: str) -> int:
    """Return the revision as of a moment ago, and of no change before the last that this process was told of.

    One change is followed by some ten readings in each open tab; a look at the database for each of them is a third of
    the work. Those that come while a look is under way wait for it.
    """
    began, told = time.monotonic(), _changes[workspace_id]
    known = _revisions.get(workspace_id)
    if known is None or known[0] != told or began - known[1] >= _SECONDS_BELIEVED:
        known = told, began, asyncio.ensure_future(asyncio.to_thread(revision_of, workspace_id))
        _revisions[workspace_id] = known
    try:
        return await asyncio.shield(known[2])
    except BaseException:
        if _revisions.get(workspace_id) is known:
            del _revisions[workspace_id]
        raise
