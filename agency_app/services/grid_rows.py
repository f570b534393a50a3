"""The rows of a member's week grid: what each is of, and those that stand there before there is time in them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sqlmodel import Session

from agency_app.services.actor import Actor, acting
from agency_app.services.log_time import known_activity, known_campaign, known_client
from agency_app.services.refusal import Refused
from agency_app.services.weeks import week_of
from agency_app.store import clients, grid, work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow
from agency_app.tables import GridRow

MOST_ROWS = 100
"""How many rows a member may keep on a week."""
_LATELY = timedelta(days=92)
_MOST_RECENT = 24


class RowKey(NamedTuple):
    """What the entries of a row have in common, and what is typed into it will be."""

    client_id: str
    campaign_id: str | None
    activity_id: str
    billable: bool


class WeekFull(Refused):
    """A member's week holds as many rows as it can."""


class RecentRow(NamedTuple):
    """A kind of work that the member logged lately, in words."""

    key: RowKey
    client: str
    colour: int
    campaign: str
    activity: str
    latest: date


def row_of(entry: EntryRow) -> RowKey:
    """Return the row that an entry belongs to."""
    return RowKey(entry.client_id, entry.campaign_id, entry.activity_id, entry.billable)


def row_kept(row: GridRow) -> RowKey:
    """Return the row that is kept."""
    return RowKey(row.client_id, row.campaign_id, row.activity_id, row.billable)


def keep_row(actor: Actor, day: date, key: RowKey) -> RowKey:
    """Put a row on the actor's grid of the week that holds a day, and return it; one that is there already stays.

    Raises NotFound naming the field for what is not of the workspace or of the client, and WeekFull.
    """
    with acting(actor) as session:
        client = known_client(session, actor, key.client_id)
        known_activity(session, actor, key.activity_id)
        campaign = known_campaign(session, client, key.campaign_id)
        kept = RowKey(
            client.id, campaign.id if campaign else None, key.activity_id, key.billable and not client.internal
        )
        keep_rows(session, actor, week_of(session, actor.workspace_id, day), [kept])
        return kept


def keep_rows(session: Session, actor: Actor, first: date, keys: Iterable[RowKey]) -> None:
    """Keep rows on the actor's grid of a week, each once, within a transaction of a caller. Raises WeekFull."""
    there = {row_kept(row) for row in grid.kept_rows(session, actor.workspace_id, actor.member_id, first)}
    for key in keys:
        if key in there:
            continue
        if len(there) >= MOST_ROWS:
            raise WeekFull(f"A week holds {MOST_ROWS} rows. Remove one first.", "row")
        there.add(key)
        session.add(
            GridRow(workspace_id=actor.workspace_id, member_id=actor.member_id, first_day=first, **key._asdict())
        )
    session.flush()


def drop_row(actor: Actor, day: date, key: RowKey) -> None:
    """Take a row off the actor's grid of the week that holds a day. With time in it, the row stays for that."""
    with acting(actor) as session:
        first = week_of(session, actor.workspace_id, day)
        for row in grid.kept_rows(session, actor.workspace_id, actor.member_id, first):
            if row_kept(row) == key:
                session.delete(row)


def drop_empty_rows(actor: Actor, day: date) -> int:
    """Take every row without time off the actor's grid of the week that holds a day; return how many went."""
    with acting(actor) as session:
        first = week_of(session, actor.workspace_id, day)
        filled = {row_of(entry) for entry in entries_of_week(session, actor, first)}
        gone = [
            row
            for row in grid.kept_rows(session, actor.workspace_id, actor.member_id, first)
            if row_kept(row) not in filled
        ]
        for row in gone:
            session.delete(row)
        return len(gone)


def entries_of_week(session: Session, actor: Actor, first: date) -> list[EntryRow]:
    """Return the actor's entries of the week that begins on a day, in order of time."""
    return work.week_entries(session, actor.workspace_id, actor.member_id, first, first + timedelta(days=6))


def recent_rows(actor: Actor, day: date) -> list[RecentRow]:
    """Return the kinds of work that the actor logged in the three months up to the week that holds a day, and that are
    not on that week's grid yet; the latest first. What is archived is left out."""
    with reading() as session:
        home = actor.workspace_id
        first = week_of(session, home, day)
        last = first + timedelta(days=6)
        there = {row_of(entry) for entry in entries_of_week(session, actor, first)}
        there |= {row_kept(row) for row in grid.kept_rows(session, home, actor.member_id, first)}
        known = {client.id: client for client in clients.clients(session, home)}
        campaigns = {campaign.id: campaign.name for campaign in clients.campaigns(session, home)}
        activities = {activity.id: activity.name for activity in clients.activities(session, home)}
        found: list[RecentRow] = []
        for kind in grid.recent_kinds(session, home, actor.member_id, last - _LATELY, last):
            key, latest = RowKey(*kind[:4]), kind[4]
            if key in there or key.client_id not in known or key.activity_id not in activities:
                continue
            if key.campaign_id and key.campaign_id not in campaigns:
                continue
            client = known[key.client_id]
            campaign = campaigns.get(key.campaign_id or "", "")
            found.append(
                RecentRow(key, client.short_name, client.colour, campaign, activities[key.activity_id], latest)
            )
        return found[:_MOST_RECENT]
