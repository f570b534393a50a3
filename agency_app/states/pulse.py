"""The pulse of a workspace: one number without data, shared by its open tabs, that says "read again".

A state that shows something of the workspace reads ``(await self.get_state(Pulse)).revision`` in its computed vars.
Whoever commits a change bumps the number; Reflex then recomputes those vars in every linked tab, each with the
permissions of its own member.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import reflex as rx
from reflex.istate.manager.token import BaseStateToken

logger = logging.getLogger(__name__)

WorkspaceOf = Callable[[rx.State], Awaitable[str | None]]
_ask_workspace: WorkspaceOf | None = None


def decide_membership(workspace_of: WorkspaceOf) -> None:
    """Set who decides which workspace a tab belongs to: a coroutine from a state to the workspace's id, or None.

    It must look the signed-in member up itself; ``Pulse.join`` can be called from any browser.
    """
    global _ask_workspace
    _ask_workspace = workspace_of


class Pulse(rx.SharedState):
    """The revision of a workspace, linked between its tabs; never data, so that permissions stay with each member."""

    revision: int = 0

    @rx.event
    async def join(self) -> None:
        """Link this tab to the pulse of the member's workspace; a tab of nobody stays alone. Belongs into on_load."""
        workspace_id = await _workspace_of(self)
        token = "" if workspace_id is None else _token(workspace_id)
        if self._linked_to and self._linked_to != token:
            await self._unlink()
        if token and self._linked_to != token:
            await self._link_to(token)


async def bump(state: rx.State) -> None:
    """Say from an event of a tab that its workspace changed: the tab and every other linked one read again."""
    (await state.get_state(Pulse)).revision += 1


async def bump_from_outside(app: rx.App, workspace_id: str) -> None:
    """Say from outside any tab (an HTTP route, a background job of this server) that a workspace changed."""
    async with app.modify_state(BaseStateToken(ident=_token(workspace_id), cls=Pulse)) as root:
        (await root.get_state(Pulse)).revision += 1


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


async def _workspace_of(state: rx.State) -> str | None:
    return None if _ask_workspace is None else await _ask_workspace(state)


class _NobodyAtHome(logging.Filter):
    """A pulse is a state without a tab of its own: that Reflex cannot send to it is no news."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "disconnected client 'workspace-" not in record.getMessage()


logging.getLogger("reflex.app").addFilter(_NobodyAtHome())


def _token(workspace_id: str) -> str:
    """Return the token of a workspace's pulse; Reflex forbids the underscore in it."""
    return f"workspace-{workspace_id.replace('_', '-')}"
