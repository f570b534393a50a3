"""The gate of the tabs: without a live session no event happens, whatever its name."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.event import Event
from reflex.state import StateUpdate

from agency_app.services import sign_in as sign_in_module
from agency_app.services.actor import Actor
from agency_app.services.sign_in import actor_to_remember, sign_in, sign_out
from agency_app.states import guard
from agency_app.states.guard import SignedInMiddleware, actor_of
from agency_app.states.workbench import Workbench
from agency_app.web.session_cookie import COOKIE
from tests.web.conftest import EMAIL, PASSWORD


def _tab(cookie: str) -> Any:
    return SimpleNamespace(router=SimpleNamespace(headers=SimpleNamespace(cookie=cookie)))


async def _gate(cookie: str, event: str, **payload: object) -> StateUpdate | None:
    sent = Event(name=event, payload=payload)
    return await SignedInMiddleware().preprocess(app=None, state=_tab(cookie), event=sent)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "event",
    [
        "reflex___state____state.hydrate",
        "reflex___state____state.hydrate_and_load",
        "reflex___state____on_load_internal_state.on_load_internal",
        "reflex___state____update_vars_internal_state.update_vars_internal",
        "reflex___state____state.agency_app___states___workbench____workbench.new_entry",
    ],
)
async def test_no_event_happens_without_a_session(owner: Actor, event: str) -> None:
    for cookie in ("", "theme=dark", f"{COOKIE}=", f"{COOKIE}={'x' * 43}"):
        update = await _gate(cookie, event)
        assert update is not None
        assert not update.delta
        [leaving] = update.events or []
        assert "/sign-in?next=" in str(leaving.payload)
    assert await _gate(f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}", event) is None


@pytest.mark.parametrize(
    "payload", [{}, {"key": "template:x"}, {"key": "template:x", "start": "2026-11-17T09:00:00", "more": 1}]
)
async def test_an_event_without_its_arguments_or_with_others_is_told_so(
    owner: Actor, payload: dict[str, object]
) -> None:
    drop = f"{Workbench.get_full_name()}.drop"
    cookie = f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}"
    update = await _gate(cookie, drop, **payload)
    assert update is not None
    [said] = update.events or []
    assert "could not be read, and nothing was changed" in str(said.payload)
    assert await _gate(cookie, drop, key="template:x", start="2026-11-17T09:00:00") is None


async def test_a_tab_is_its_member_until_the_session_ends(owner: Actor) -> None:
    token = sign_in(EMAIL, PASSWORD, "here")
    tab = _tab(f"theme=dark; {COOKIE}={token}")
    assert await actor_of(tab) == owner
    sign_out(token)
    assert await actor_of(tab) is None


async def test_one_gesture_asks_the_database_once(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = _tab(f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}")
    asked: list[str] = []
    real = sign_in_module.actor_of_token
    monkeypatch.setattr(sign_in_module, "actor_of_token", lambda token: (asked.append(token), real(token))[1])
    for _ in range(20):
        assert await actor_of(tab) == owner
    assert len(asked) == 1


async def test_those_who_ask_at_once_who_is_there_ask_the_database_once(
    owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}"
    asked: list[str] = []

    def ask(token: str) -> Actor | None:
        asked.append(token)
        return actor_to_remember(token)

    monkeypatch.setattr(guard, "actor_to_remember", ask)
    assert await asyncio.gather(*(actor_of(_tab(cookie)) for _ in range(20))) == [owner] * 20
    assert len(asked) == 1
    assert await asyncio.gather(*(actor_of(_tab(f"{COOKIE}={'x' * 43}")) for _ in range(2))) == [None, None]
    assert await actor_of(_tab(f"{COOKIE}={'x' * 43}")) is None
    assert len(asked) == 3
