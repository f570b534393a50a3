"""The small, ready-to-show values that the states send to the browser."""

from collections.abc import Iterable
from typing import Any, TypedDict

from agency_app.states.billing_words import BillingFact
from agency_app.states.burn_down import Curve
from agency_app.tables import Campaign
from agency_app.tables.client import NO_PLATFORM


class ClientTotal(TypedDict):
    """A client's hours of the week."""

    id: str
    name: str
    colour: str
    hours: str


class OfferRow(TypedDict):
    """A template or a planned task that can be dragged onto the week."""

    id: str
    name: str
    client: str
    colour: str
    platform: str
    activity: str
    duration: str
    own: str
    """The client it is always for, where that is not the one in focus."""
    key: str
    data: str
    """JSON for the calendar: what is dropped, how long, and the hint."""


class PackedEvents(TypedDict):
    """The blocks of a week, with what they share in tables (states/packed_week.py)."""

    since: str
    """The day from whose midnight on the starts of blocks count."""
    rows: list[list[Any]]
    kinds: list[list[Any]]
    hints: list[dict[str, Any]]


class RoutineQuestion(TypedDict):
    """A past day of a routine that nobody answered for: asked, never counted."""

    key: str
    routine_id: str
    day: str
    text: str
    client: str
    colour: str


class WeekSide(TypedDict):
    """The week: its blocks and everything around them."""

    events: PackedEvents
    title: str
    brief: str
    number: str
    total: str
    empty: bool
    previous: str
    next: str
    today: str
    day_totals: dict[str, int]
    day_targets: dict[str, int]
    """Seconds meant for the days that have one."""
    target: str
    gap: str
    """What of the days that have ended is unaccounted for; empty when nothing is."""
    gap_href: str
    zone: str
    totals: list[ClientTotal]
    templates: list[OfferRow]
    inbox: list[OfferRow]
    inbox_summary: str
    questions: list[RoutineQuestion]
    first_day: int
    """The day that the week begins with, as JavaScript counts: 0 for Sunday."""
    snap: str
    """What gestures are rounded to, in minutes."""
    snap_duration: str
    scroll: str
    """The time of day at the top when the week opens; empty before it is known."""


class DraftLine(TypedDict):
    """A line of the draft on the workbench."""

    description: str
    quantity: str
    amount: str
    faint: bool


class Fact(TypedDict):
    """A word and its value."""

    name: str
    value: str


class NetAmount(TypedDict):
    """An amount to be compared with the one before: whose it is ("" once it cannot change), and how it is written."""

    of: str
    minor: int
    prefix: str
    decimals: int


class Focus(TypedDict):
    """The focused client's burn-down and draft invoice."""

    client_id: str
    client: str
    colour: str
    month: str
    has_client: bool
    has_retainer: bool
    retainer: str
    href: str
    """The retainer's page, with the table behind the drawing."""
    used: str
    available: str
    left: str
    status: str
    status_class: str
    fill_class: str
    forecast: str
    facts: list[Fact]
    curve: Curve
    lines: list[DraftLine]
    subtotal: str
    net: NetAmount
    """The subtotal in minor units, for what is said of its change."""
    vat: list[Fact]
    total: str
    version: str
    day: str
    hint: str
    final: bool
    number: str


class Choice(TypedDict):
    """An option of a select."""

    id: str
    name: str


class EntryForm(TypedDict):
    """The edit dialog."""

    id: str
    version: int
    title: str
    client_id: str
    retainer_id: str
    campaign_id: str
    activity_id: str
    note: str
    date: str
    start: str
    end: str
    duration: str
    tags: str
    billable: bool
    rate: str
    locked: str
    task: str
    billing: list[BillingFact]


class Toast(TypedDict):
    """The result of the last action; `undo_id` is empty when there is nothing to undo."""

    serial: int
    kind: str
    text: str
    undo_id: str
    show: str
    """The entry that the toast leads to, where what was logged is not in the week on screen."""
    show_class: str
    """`on-phone` where only a phone, which shows one day of the week, does not show it."""


NO_TOAST: Toast = {"serial": 0, "kind": "", "text": "", "undo_id": "", "show": "", "show_class": ""}


def campaign_name(campaign: Campaign) -> str:
    """Return a campaign as it is offered: `Meta: Autumn prospecting`, a project by its name alone."""
    return campaign.name if campaign.platform == NO_PLATFORM else f"{campaign.platform}: {campaign.name}"


def campaigns_to_choose(campaigns: Iterable[Campaign], client_id: str) -> list[Choice]:
    """Return a client's campaigns to choose from."""
    return [{"id": one.id, "name": campaign_name(one)} for one in campaigns if one.client_id == client_id]
