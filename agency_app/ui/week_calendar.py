"""The week calendar: FullCalendar wrapped once, with this product's looks, keyboard and gestures.

The browser's part is ``assets/week_calendar.js`` and its looks ``assets/week_calendar.css`` (which must be among the
app's stylesheets, after ``tokens.css`` and ``components.css``). Every time that enters or leaves is a wall time of the
member's zone without offset, ``2026-11-17T21:00:00``.
"""

from typing import Any

import reflex as rx

from agency_app.states.views import PackedEvents

FULL_CALENDAR = "@fullcalendar/react@7.1.4"
# Exact, because npm would otherwise move it within its range and change the lock file.
TEMPORAL = "temporal-polyfill@1.0.8"


def _id_version_start_end(
    entry_id: rx.Var[str], version: rx.Var[int], start: rx.Var[str], end: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[str], rx.Var[str]]:
    return entry_id, version, start, end


def _id_version_day(
    entry_id: rx.Var[str], version: rx.Var[int], day: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[str]]:
    return entry_id, version, day


def _two_texts(first: rx.Var[str], second: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return first, second


def _versions_seconds_copy(
    versions: rx.Var[dict[str, int]], seconds: rx.Var[int], copy: rx.Var[bool]
) -> tuple[rx.Var[dict[str, int]], rx.Var[int], rx.Var[bool]]:
    return versions, seconds, copy


def _versions(versions: rx.Var[dict[str, int]]) -> tuple[rx.Var[dict[str, int]]]:
    return (versions,)


def _one_number(value: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (value,)


def _three_texts(
    first: rx.Var[str], second: rx.Var[str], third: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    return first, second, third


def _one_text(value: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (value,)


class WeekCalendar(rx.NoSSRComponent):
    """A week of entries that can be moved, resized, drawn, dropped in and opened; each gesture is one event.

    An event is a flat dict: ``id``, ``start``, ``end`` (wall times; a day and "" for an entry without a time of day,
    which stands in the strip above the hours) and what its block shows: ``client``,
    ``activity``, ``duration`` ("2 h 00"), ``duration_short`` ("0:45", optional), ``platform`` (meta, google, tiktok,
    linkedin, call, report or ""), ``colour`` (c1 … c4), and the flags ``locked`` (with ``locked_note``), ``overlap``,
    ``running``, ``proposed``, ``muted``, ``fixed``; ``initials`` and ``member`` when it is another member's. ``hint``
    (a dict or its JSON) feeds the tip at the pointer: ``client``, ``duration`` in seconds and ``periods`` by month
    ("2026-11") or by any key with ``first`` and ``last`` dates, each ``name``, ``used`` and ``available`` in seconds,
    ``rate`` and ``overage_rate`` in 1/10000 of the unit per hour, ``bills``, ``currency_prefix``, ``decimals``.

    A day of a routine that nobody decided is an event with ``routine`` (its id), ``day`` and ``to_come``, and ``fixed``:
    a click or Enter confirms it, its cross or Delete dismisses it.

    Any element with ``data-task`` (JSON: ``key``, the shown fields above, ``hint``) can be dragged onto the week.
    When a service refuses a gesture, answer ``rx.call_script("window.agencyCalendar.revert()")``.
    """

    library = "$/public/week_calendar.js"
    tag = "WeekCalendar"
    lib_dependencies: list[str] = [FULL_CALENDAR, TEMPORAL]

    events: rx.Var[list[dict[str, Any]]] | rx.Var[PackedEvents]
    """The blocks of the week on screen, as flat dicts or packed (states/packed_week.py)."""
    date: rx.Var[str]
    """A date of the week (or, in the day view, the day) to show; changing it navigates."""
    day: rx.Var[str]
    """The ISO date that a narrow window shows as a list, where seven columns have no room (``assets/day_list.js``)."""
    day_totals: rx.Var[dict[str, int]]
    day_targets: rx.Var[dict[str, int]]
    """Seconds logged by ISO date, shown in the heads of the days."""
    time_zone: rx.Var[str]
    """The member's IANA zone: decides where "now" and "today" are."""
    view: rx.Var[str]
    """``timeGridWeek`` (default) or ``timeGridDay``."""
    label: rx.Var[str]
    """What a screen reader calls the calendar."""
    editable: rx.Var[bool]
    selectable: rx.Var[bool]
    event_interactive: rx.Var[bool]
    first_day: rx.Var[int]
    scroll_time: rx.Var[str]
    snap_duration: rx.Var[str]

    on_move: rx.EventHandler[_id_version_start_end]
    """(id, version, start, end): an entry was dragged to another time."""
    on_move_day: rx.EventHandler[_id_version_day]
    """(id, version, day): an entry without a time of day was dragged to another day."""
    on_resize: rx.EventHandler[_id_version_start_end]
    """(id, version, start, end): an entry was made longer or shorter, at either end."""
    on_external_drop: rx.EventHandler[_two_texts]
    """(key of the ``data-task``, start): something from outside was dropped on the week."""
    on_sweep: rx.EventHandler[_two_texts]
    """(start, end): an empty stretch was drawn."""
    on_open: rx.EventHandler[_one_text]
    """(id): a block was clicked, or Enter pressed on it."""
    on_routine: rx.EventHandler[_three_texts]
    """(id of the routine, day, "confirm" or "dismiss")."""
    on_shift: rx.EventHandler[_versions_seconds_copy]
    """(versions by id, seconds of wall time, whether to copy): selected entries were moved together, or with Alt."""
    on_delete_many: rx.EventHandler[_versions]
    """(versions by id): selected entries are to go."""
    on_ask_move: rx.EventHandler[_versions]
    """(versions by id): the form that moves what is selected was asked for."""
    on_turn: rx.EventHandler[_one_number]
    """(-1 or 1): something is held at the left or right edge, which shows the week beside this one."""
    on_key: rx.EventHandler[_two_texts]
    """(id, command): earlier, later, day_before, day_after, shorter, longer or delete, from the keyboard."""


week_calendar = WeekCalendar.create
