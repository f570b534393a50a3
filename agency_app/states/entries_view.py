"""Turn a page of the list of entries into what the screen shows. Pure: values in, small values out."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.domain.day_spans import SPANS
from agency_app.domain.durations import hours_minutes
from agency_app.domain.tags import tags_in
from agency_app.services.actor import Actor
from agency_app.services.find_entries import ASKED, MAY_CHANGE_ALL, STATES, Found, query_of
from agency_app.states.views import Choice, campaign_name
from agency_app.store.entry_search import NONE
from agency_app.store.work import EntryRow


class EntryItem(TypedDict):
    """An entry of the list; `may_change` says whether it can be picked."""

    id: str
    version: int
    day: str
    time: str
    member: str
    client: str
    colour: str
    activity: str
    campaign: str
    note: str
    tags: list[str]
    duration: str
    billable: bool
    lock: str
    may_change: bool


class SavedItem(TypedDict):
    """A saved filter; `here` is "true" for the one on screen."""

    id: str
    name: str
    href: str
    here: str


class EntriesView(TypedDict):
    """The page."""

    ready: bool
    refused: str
    rows: list[EntryItem]
    asked: dict[str, str]
    filtered: bool
    saved_here: bool
    more_asked: bool
    clients: list[Choice]
    retainers: list[Choice]
    campaigns: list[Choice]
    activities: list[Choice]
    members: list[Choice]
    spans: list[Choice]
    states: list[Choice]
    bulk_clients: list[Choice]
    bulk_campaigns: list[Choice]
    bulk_activities: list[Choice]
    saved: list[SavedItem]
    count: int
    total: str
    billable: str
    empty: str
    newer: str
    older: str
    csv: str
    week: str
    serial: str


def no_entries(refused: str = "", asked: Mapping[str, str] | None = None) -> EntriesView:
    """Return the page before anything is known, when signed out, or with why nothing is found."""
    given = {name: (asked or {}).get(name, "") for name in ASKED}
    return {
        "ready": bool(refused),
        "refused": refused,
        "rows": [],
        "asked": given,
        "filtered": bool(refused),
        "saved_here": False,
        "more_asked": bool(refused),
        "clients": [],
        "retainers": [],
        "campaigns": [],
        "activities": [],
        "members": [],
        "spans": _choices(SPANS, "Any day"),
        "states": _choices(STATES, "Any state"),
        "bulk_clients": [],
        "bulk_campaigns": [],
        "bulk_activities": [],
        "saved": [],
        "count": 0,
        "total": "",
        "billable": "",
        "empty": "",
        "newer": "",
        "older": "",
        "csv": "",
        "week": "/",
        "serial": refused,
    }


def entries_view(found: Found, typed: dict[str, str], actor: Actor, today: date) -> EntriesView:
    """Return the page of what was found for what the address holds."""
    query = query_of(typed)
    given = {name: typed.get(name, "") for name in ASKED}
    short = {client.id: client.short_name for client in found.clients}
    client_id = given["client"]
    retainers = {
        one.id: one.name if client_id else f"{short.get(one.client_id, '')}: {one.name}"
        for one in found.retainers
        if not client_id or one.client_id == client_id
    }
    campaigns = {
        one.id: campaign_name(one) if client_id else f"{short.get(one.client_id, '')}: {one.name}"
        for one in found.campaigns
        if not client_id or one.client_id == client_id
    }
    in_use = {one.id: one.name for one in found.clients if not one.archived}
    return {
        **no_entries(),
        "ready": True,
        "rows": [_row(row, found.locks.get(row.id, ""), actor, today) for row in found.rows],
        "asked": given,
        "filtered": bool(query),
        "saved_here": any(one.query == query for one in found.saved),
        "more_asked": any(given[name] for name in ("from", "to", "retainer", "campaign", "member", "billable", "tags")),
        "clients": _choices({one.id: one.name for one in found.clients}, "Any client"),
        "retainers": _choices({NONE: "Outside any retainer"} | retainers, "Any retainer"),
        "campaigns": _choices({NONE: "No campaign"} | campaigns, "Any campaign"),
        "activities": _choices({one.id: one.name for one in found.activities}, "Any activity"),
        "members": _choices({one.id: one.name for one in found.members}, "Anyone") if found.members else [],
        "bulk_clients": _choices(in_use, "As it is"),
        "bulk_campaigns": _choices(
            {NONE: "No campaign"}
            | {one.id: f"{short.get(one.client_id, '')}: {campaign_name(one)}" for one in found.campaigns},
            "As it is",
        ),
        "bulk_activities": _choices({one.id: one.name for one in found.activities if not one.archived}, "As it is"),
        "saved": [
            {"id": one.id, "name": one.name, "href": f"/entries?{one.query}", "here": str(one.query == query).lower()}
            for one in found.saved
        ],
        "count": found.totals.count,
        "total": _total(found),
        "billable": f"{hours_minutes(found.totals.billable_seconds)} billable",
        "empty": ("Nothing here fits the filter." if query else "No entry yet. Log one on the week.")
        if not found.rows
        else "",
        "newer": _page(typed, "before", found.newer.as_text()) if found.newer else "",
        "older": _page(typed, "after", found.older.as_text()) if found.older else "",
        "csv": f"/entries.csv?{query}" if query else "/entries.csv",
        "serial": f"{query}|{len(found.clients)}",
    }


def _total(found: Found) -> str:
    count = found.totals.count
    return f"{count:,} {'entry' if count == 1 else 'entries'}, {hours_minutes(found.totals.seconds)}"


def _page(typed: dict[str, str], word: str, place: str) -> str:
    query = query_of(typed)
    return f"/entries?{query}{'&' if query else ''}{urlencode({word: place})}"


def _row(row: EntryRow, lock: str, actor: Actor, today: date) -> EntryItem:
    zone = ZoneInfo(actor.zone)
    clock = ""
    if row.started_at and row.ended_at:
        clock = f"{row.started_at.astimezone(zone):%H:%M}–{row.ended_at.astimezone(zone):%H:%M}"
    day = wording.weekday_date(row.work_date)
    own = row.member_id == actor.member_id or actor.role in MAY_CHANGE_ALL
    return {
        "id": row.id,
        "version": row.version,
        "day": day if row.work_date.year == today.year else f"{day} {row.work_date.year}",
        "time": clock,
        "member": row.member,
        "client": row.client_short,
        "colour": f"c{row.colour}",
        "activity": row.activity,
        "campaign": row.campaign,
        "note": row.note or row.title,
        "tags": tags_in(row.tags),
        "duration": hours_minutes(row.seconds),
        "billable": row.billable,
        "lock": lock,
        "may_change": own and not lock,
    }


def _choices(names: Mapping[str, str], everything: str) -> list[Choice]:
    return [{"id": "", "name": everything}, *({"id": one, "name": name} for one, name in names.items())]
