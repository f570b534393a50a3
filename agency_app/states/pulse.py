"""The pulse of a workspace: a number without data in each of its open tabs, that says "read again".

A state that shows something of the workspace on every page reads ``(await self.get_state(Pulse)).revision`` in its
computed vars; one whose views belong to some pages is ``OnScreen`` there. Whoever commits a change bumps the workspace;
Reflex then recomputes what each of its tabs has on screen, with the permissions of the tab's own member. Each tab is held
by its own lock alone: a tab that is busy, or was closed in the middle of something, holds up no other
(docs/decisions/0005).
"""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import reflex as rx
from redis.asyncio import Redis
from redis.exceptions import RedisError
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState

from agency_app.services.actor import Actor
from agency_app.settings import settings
from agency_app.states.guard import actor_of
from agency_app.states.readings import changed

logger = logging.getLogger(__name__)

_CHANNEL = "agency:pulse"
_SERVER = uuid.uuid4().hex
"""This process, among the workers that share one Redis."""

_AHEAD, _APART, _LONGEST = 0.03, 0.006, 0.2
"""Seconds that who made a change has to see it drawn before the first other tab is told, between telling one tab and the
next, and until the last is: all at once, each would be answered as late as all."""

_app: rx.App | None = None
_workspaces: dict[str, str] = {}
"""Which workspace a tab of this process shows, by the tab's token."""
_pages: dict[type["OnScreen"], tuple[str, ...]] = {}
"""The pages that show each state."""
_asked: set[str] = set()
"""Tabs that were told to read again and have not begun to: a second change on top needs no second reading."""
_under_way: set[asyncio.Task[None]] = set()


class Pulse(rx.State):
    """How often this tab was told that its workspace changed; never data."""

    revision: int = 0


Shown = TypeVar("Shown", bound="OnScreen")


class OnScreen(rx.State, mixin=True):
    """A state whose views belong to some pages (`shown_on`): while another is on screen they are empty, and cost nothing."""

    beat: int = 0
    """How often this tab was told on one of its pages that its workspace changed; never data."""

    async def _reader(self, *pages: str) -> Actor | None:
        """Return the member to read for as of this beat; nobody while another page is on screen.

        A view that belongs to some of its state's pages names them, as `shown_on` does.
        """
        _ = self.beat
        return await actor_of(self) if self._is_on(*(pages or _pages[type(self)])) else None

    def _is_on(self, *pages: str) -> bool:
        """Tell whether one of some pages is on screen, named as in `shown_on`."""
        return _is_one_of(self.router.url.path, pages)


def shown_on(*pages: str) -> Callable[[type[Shown]], type[Shown]]:
    """Name the pages that show a state: by address, or by how their addresses begin, with "/*" at the end."""

    def name(state: type[Shown]) -> type[Shown]:
        _pages[state] = pages
        return state

    return name


def beat_in(app: rx.App) -> None:
    """Set the app whose tabs follow; the composition root calls it once."""
    global _app
    _app = app


async def join(state: rx.State, workspace_id: str) -> None:
    """Let this tab follow its member's workspace from now on, and read again what it may have missed.

    Every arrival calls it, also the one after a lost connection.
    """
    _workspaces[state.router.session.client_token] = workspace_id
    await _beat(state)


async def bump(state: rx.State, workspace_id: str) -> None:
    """Say from an event of a tab that a workspace changed: this tab reads again, and so does every other one."""
    await _beat(state)
    _read_again(workspace_id, after=state.router.session.client_token)
    await _tell_other_workers(workspace_id)


async def bump_from_outside(workspace_id: str) -> None:
    """Say from outside any tab (an HTTP route, a background job of this server) that a workspace changed."""
    _read_again(workspace_id)
    await _tell_other_workers(workspace_id)


async def follow_other_workers(redis_url: str) -> None:
    """Let this process's tabs follow what other workers say over Redis, for as long as the server lives.

    What is lost while Redis is away, ``watch_outside_changes`` finds in the database.
    """
    while True:
        try:
            async with Redis.from_url(redis_url) as redis, redis.pubsub() as channel:
                await channel.subscribe(_CHANNEL)
                async for message in channel.listen():
                    if message["type"] == "message":
                        sender, _, workspace_id = message["data"].decode().partition(" ")
                        if sender != _SERVER:
                            _read_again(workspace_id)
        except (RedisError, OSError):
            logger.exception("the pulse of the other workers is not heard; trying again")
            await asyncio.sleep(1)


async def watch_outside_changes(
    read_counters: Callable[[], Awaitable[Mapping[str, int]]],
    bump_workspace: Callable[[str], Awaitable[None]],
    seconds: float = 0.5,
) -> None:
    """Bump the workspaces that another process changed, for as long as the server lives (a lifespan task).

    ``read_counters`` returns a number by workspace id that grows with each change made outside this server (by the
    importer of the command line, say). A workspace first seen later than the first reading counts as changed. A
    failed reading is logged and tried again.
    """
    known: Mapping[str, int] | None = None
    while True:
        try:
            counters = await read_counters()
            for workspace_id, counter in counters.items():
                if known is not None and known.get(workspace_id) != counter:
                    await bump_workspace(workspace_id)
            known = dict(counters)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("could not look for changes made outside this server")
        await asyncio.sleep(seconds)


async def _beat(state: BaseState) -> None:
    """Let a tab read again what it shows: what is on every page, and what belongs to the page on screen."""
    (await state.get_state(Pulse)).revision += 1
    path = state.router.url.path
    for shown, pages in _pages.items():
        if _is_one_of(path, pages):
            (await state.get_state(shown)).beat += 1


def _is_one_of(path: str, pages: tuple[str, ...]) -> bool:
    path = path.rstrip("/") or "/"
    return any(path.startswith(page[:-1]) if page.endswith("/*") else path == page for page in pages)


async def _tell_other_workers(workspace_id: str) -> None:
    if not settings().redis_url:
        return
    try:
        async with Redis.from_url(settings().redis_url) as redis:
            await redis.publish(_CHANNEL, f"{_SERVER} {workspace_id}")
    except (RedisError, OSError):
        logger.exception("the other workers could not be told of a change; they find it in the database")


def _read_again(workspace_id: str, after: str = "") -> None:
    changed(workspace_id)
    told = [token for token, shown in _workspaces.items() if shown == workspace_id and token not in _asked | {after}]
    ahead = _AHEAD if after else 0.0
    for place, token in enumerate(told, start=1):
        _asked.add(token)
        task = asyncio.create_task(_read_again_in(token, after, min(ahead + place * _APART, _LONGEST)))
        _under_way.add(task)
        task.add_done_callback(_under_way.discard)


async def _read_again_in(token: str, after: str, seconds: float) -> None:
    """Raise a tab's number some seconds from when the tab ``after``, which made the change, was answered itself."""
    try:
        if _app is not None and after:
            async with _app.state_manager.modify_state(BaseStateToken(ident=after, cls=Pulse)):
                pass
        await asyncio.sleep(seconds)
        if _app is None or not await _is_open(_app, token):
            _workspaces.pop(token, None)  # a tab that comes back joins again
            return
        async with _app.modify_state(BaseStateToken(ident=token, cls=Pulse)) as root:
            _asked.discard(token)
            await _beat(root)
    except Exception:
        logger.exception("a tab could not be told that its workspace changed")
    finally:
        _asked.discard(token)


async def _is_open(app: rx.App, token: str) -> bool:
    return app.event_namespace is not None and await app.event_namespace._token_manager.is_token_connected(token)
