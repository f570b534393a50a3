"""The bell on every page: what there is to tell about the retainers, seen or not, and who derives it."""

import asyncio
import logging
import time
from typing import TypedDict

import reflex as rx

from agency_app.connectors.mail import MailFailed
from agency_app.documents import wording
from agency_app.services.actor import Actor, revisions
from agency_app.services.alert_words import alert_words, subject_words
from agency_app.services.cost_rates import MAY_SEE_COSTS
from agency_app.services.derive_alerts import derive_alerts
from agency_app.services.mail_alerts import mail_alerts
from agency_app.services.read_alerts import AlertRead, read_alerts, see_alerts
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import Pulse, bump, bump_from_outside
from agency_app.states.readings import shared_reading

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_BETWEEN_CLOCKS = 60
"""So often the passing of time alone is looked at, and what is due is mailed."""


class AlertRow(TypedDict):
    """An alert in the list."""

    id: str
    href: str
    colour: str
    about: str
    said: str
    figures: str
    when: str
    seen: bool


class Bell(TypedDict):
    """The bell with its list."""

    ready: bool
    sees_money: bool
    """Whether the member may see costs and margins."""
    unseen: int
    label: str
    rows: list[AlertRow]


class Alerts(rx.State):
    """State of the bell."""

    @rx.var
    async def bell(self) -> Bell:
        """The alerts as the signed-in member sees them."""
        _ = (await self.get_state(Pulse)).revision
        actor = await actor_of(self)
        if actor is None:
            return {"ready": False, "sees_money": False, "unseen": 0, "label": "Alerts", "rows": []}
        told = await shared_reading(read_alerts, actor, alike=True)
        unseen = sum(actor.member_id not in one.seen_by for one in told)
        return {
            "ready": True,
            "sees_money": actor.role in MAY_SEE_COSTS,
            "unseen": unseen,
            "label": f"Alerts, {unseen} not seen" if unseen else "Alerts, all seen",
            "rows": [_row(one, actor) for one in told],
        }

    @rx.event
    async def see(self, alert_id: str):
        """Note that an alert was seen."""
        return await self._see([alert_id] if isinstance(alert_id, str) and len(alert_id) <= 64 else [""])

    @rx.event
    async def see_all(self):
        """Note that all of them were seen."""
        return await self._see([])

    async def _see(self, alert_ids: list[str]):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        if await asyncio.to_thread(see_alerts, actor, alert_ids):
            await bump(self, actor.workspace_id)
        return None


def _row(one: AlertRead, actor: Actor) -> AlertRow:
    said, figures = alert_words(one)
    return {
        "id": one.alert.id,
        "href": f"/retainers/{one.retainer.id}?day={one.alert.period_first.isoformat()}",
        "colour": f"c{one.client.colour}",
        "about": subject_words(one),
        "said": said,
        "figures": figures,
        "when": wording.short_date(one.alert.raised_at.date()),
        "seen": actor.member_id in one.seen_by,
    }


async def watch_alerts() -> None:
    """Derive the alerts of every workspace that changed, and mail what is due, for as long as the server lives.

    A lifespan task. Changes by anybody count, those of other processes too; what fails is logged and tried again.
    """
    known: dict[str, int] = {}
    seen: dict[str, int] = {}
    clock = 0.0
    while True:
        try:
            found = await asyncio.to_thread(revisions)
            due = time.monotonic() >= clock
            for workspace_id, revision in found.items():
                # Not while somebody is at it: their screens come first, and a gesture is seldom alone.
                settled, seen[workspace_id] = seen.get(workspace_id) == revision, revision
                if due or (settled and known.get(workspace_id) != revision):
                    known[workspace_id] = revision
                    if await asyncio.to_thread(derive_alerts, workspace_id):
                        await bump_from_outside(workspace_id)
            if due:
                clock = time.monotonic() + SECONDS_BETWEEN_CLOCKS
                for workspace_id in found:
                    await asyncio.to_thread(mail_alerts, workspace_id)
        except MailFailed as error:
            logger.warning("alerts could not be mailed: %s", error)
        except Exception:
            logger.exception("alerts could not be derived; trying again")
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
