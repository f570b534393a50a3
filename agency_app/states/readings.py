"""One reading of the database for all tabs that ask the same thing, for as long as nothing has changed.

When a workspace changes, every one of its open tabs reads again. Those that show the same to the same member share
what the first of them reads: ten tabs cost little more than one.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

from agency_app.services.actor import Actor, revision_of

Answer = TypeVar("Answer")

_MOST = 64
_held: dict[tuple[Any, ...], tuple[int, "asyncio.Future[Any]"]] = {}


async def shared_reading(question: Callable[..., Answer], actor: Actor, *arguments: Any) -> Answer:
    """Return ``question(actor, *arguments)``: what a service reads, or a view made of it, by these, the rows and the
    day alone.

    The revision is read before the rows, so that what is held is never older than it says. No answer is kept beyond
    a quarter of an hour of the clock, on which every zone's day turns. What a question raises is
    raised to all who wait for it, and not kept. The answer is shared: nobody may change it.
    """
    revision = await asyncio.to_thread(revision_of, actor.workspace_id)
    key = (question, actor, arguments, time.time() // 900)
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
