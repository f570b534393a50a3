"""The list of entries: what an address asks for, a page of it with totals, and all of it for a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from agency_app.domain.day_spans import SPANS, named_span
from agency_app.domain.kept_days import YEARS, kept_day
from agency_app.domain.tags import tag_of
from agency_app.domain.weeks import MONDAY
from agency_app.services.actor import Actor
from agency_app.services.locks import lock_notes
from agency_app.services.refusal import Refused
from agency_app.store import clients, entry_search, entry_views, people
from agency_app.store.engine import reading
from agency_app.store.entry_search import EntryFilter, Place, Totals
from agency_app.store.work import EntryRow
from agency_app.tables import Activity, Campaign, Client, Member, Retainer, SavedFilter

PAGE = 50
SEES_ALL = ("owner", "lead", "finance")
"""Who finds the work of everybody; a member finds their own."""
MAY_CHANGE_ALL = ("owner", "lead")
"""Who may change the work of everybody."""
ASKED = ("when", "from", "to", "client", "retainer", "campaign", "activity", "member", "billable", "state", "tags", "q")
"""What an address can ask, in the order in which it is written there."""
STATES = {
    "open": "Can change",
    "locked": "Locked",
    "invoiced": "Invoiced",
    "uninvoiced": "Not invoiced",
}
_LONGEST = 200


@dataclass(frozen=True)
class Found:
    """A page of the list. `older` and `newer` are the places that the next pages begin at, None where there is none."""

    asked: EntryFilter
    rows: list[EntryRow]
    totals: Totals
    locks: dict[str, str]
    older: Place | None
    newer: Place | None
    saved: list[SavedFilter]
    clients: list[Client]
    retainers: list[Retainer]
    campaigns: list[Campaign]
    activities: list[Activity]
    members: list[Member]


def filter_of(typed: Mapping[str, str], today: date, first_weekday: int = MONDAY) -> EntryFilter:
    """Return what an address asks: `when` (a named span) or `from` and `to`, ids of `client`, `retainer`, `campaign`
    ("none" for without), `activity` and `member`, `billable` (yes, no), `state`, `tags` and the words of `q`.

    Raises Refused naming what cannot be read, so that nothing is found, or exported, that was not asked for.
    """
    given = {name: str(typed.get(name, "")).strip()[:_LONGEST] for name in ASKED}
    first, last = _day(given["from"], "from"), _day(given["to"], "to")
    if given["when"]:
        _known(given["when"], "when", SPANS)
        first, last = named_span(given["when"], today, first_weekday)
    if first and last and first > last:
        raise Refused("The first day is after the last. Change one of them.", "from")
    _known(given["state"], "state", STATES)
    _known(given["billable"], "billable", ("yes", "no"))
    return EntryFilter(
        first=first,
        last=last,
        client_id=given["client"],
        retainer_id=given["retainer"],
        campaign_id=given["campaign"],
        activity_id=given["activity"],
        member_id=given["member"],
        billable={"yes": True, "no": False}.get(given["billable"]),
        state=given["state"],
        tags=tuple(sorted({tag_of(tag) for tag in given["tags"].replace(",", " ").split()} - {""})),
        words=tuple(given["q"].split()),
    )


def query_of(typed: Mapping[str, str]) -> str:
    """Return the part of an address that asks, always written the same way and without what asks nothing."""
    kept = {name: str(typed.get(name, "")).strip()[:_LONGEST] for name in ASKED}
    if kept["when"]:
        kept["from"] = kept["to"] = ""
    return urlencode({name: value for name, value in kept.items() if value})


def asked_by(query: str) -> dict[str, str]:
    """Return what a saved filter asks, as the names of an address."""
    return dict(parse_qsl(query))


def find_entries(actor: Actor, asked: EntryFilter, after: str = "", before: str = "") -> Found:
    """Return the page of the list that begins after a place, or ends before one, with the totals of all that is asked.

    A member sees their own entries alone. Raises Refused for a place that is none.
    """
    asked = seen_by(actor, asked)
    below, above = _place(after), _place(before)
    with reading() as session:
        workspace = actor.workspace_id
        rows, more = entry_search.page(session, workspace, asked, PAGE, below, above)
        if above is not None and len(rows) < PAGE:  # the top of the list: show as much as fits there
            below = above = None
            rows, more = entry_search.page(session, workspace, asked, PAGE, None, None)
        upwards = above is not None and below is None
        there_is = {"older": upwards or more, "newer": more if upwards else below is not None}
        return Found(
            asked,
            rows,
            entry_search.totals(session, workspace, asked),
            lock_notes(session, workspace, rows),
            Place.of(rows[-1]) if rows and there_is["older"] else None,
            Place.of(rows[0]) if rows and there_is["newer"] else None,
            entry_views.saved_filters(session, workspace, actor.member_id),
            clients.every_client(session, workspace),
            clients.retainers(session, workspace),
            clients.campaigns(session, workspace),
            clients.every_activity(session, workspace),
            people.members(session, workspace) if actor.role in SEES_ALL else [],
        )


def changeable_ids(actor: Actor, asked: EntryFilter, most: int) -> dict[str, int]:
    """Return the versions, by id, of what is asked and the actor may change now: the newest, up to `most` of them."""
    if asked.state in ("locked", "invoiced"):
        return {}
    if actor.role not in MAY_CHANGE_ALL:
        if asked.member_id not in ("", actor.member_id):
            return {}
        asked = replace(asked, member_id=actor.member_id)
    with reading() as session:
        # what is invoiced is locked, so "open" leaves out all that "uninvoiced" would
        return dict(entry_search.ids(session, actor.workspace_id, replace(asked, state="open"), most))


def stream_entries(actor: Actor, asked: EntryFilter) -> Iterator[tuple[EntryRow, str, str]]:
    """Yield all that is asked, the newest first, each with the name of its retainer and its currency."""
    with reading() as session:
        names = {one.id: one.name for one in clients.retainers(session, actor.workspace_id)}
        currencies = clients.currencies(session, actor.workspace_id)
        for row in entry_search.stream(session, actor.workspace_id, seen_by(actor, asked)):
            yield row, names.get(row.retainer_id or "", ""), currencies[row.client_id]


def seen_by(actor: Actor, asked: EntryFilter) -> EntryFilter:
    """Return what an actor may be shown of what is asked."""
    return asked if actor.role in SEES_ALL else replace(asked, member_id=actor.member_id)


def _day(text: str, field: str) -> date | None:
    try:
        return kept_day(text) if text else None
    except ValueError:
        raise Refused(f"“{text}” is not a day from {YEARS}. Write it as 2026-11-17.", field) from None


def _known(value: str, field: str, words: Mapping[str, str] | tuple[str, ...]) -> None:
    if value and value not in words:
        raise Refused(f"“{value}” is not known here. Use one of: {', '.join(words)}.", field)


def _place(text: str) -> Place | None:
    try:
        return Place.of_text(text) if text else None
    except ValueError:
        raise Refused("This address names no place in the list. Start from its top.", "after") from None
