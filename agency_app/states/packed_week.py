"""A week as it travels to the browser: what blocks have in common is sent once. `assets/week_calendar.js` unpacks it.

A week of a hundred entries has a few clients, activities and retainer periods; told with each block they make four
fifths of what a gesture sends. Pure: values in, small values out.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from agency_app.states.views import PackedEvents

_SHARED = ("client", "activity", "platform", "colour")
_TOLD = frozenset({"id", "version", "start", "end", "seconds", "locked", "overlap", "hint", "routine", "day", *_SHARED})
_LOCKED, _OVERLAP = 1, 2
_ALWAYS = 5
"""What every block has: id, version, start, seconds and kind."""


class Packed:
    """The tables that blocks and offers of one week refer to by place."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._hints: dict[str, int] = {}
        self._places: dict[int, tuple[int, dict[str, Any]]] = {}

    def events(self, events: list[dict[str, Any]]) -> PackedEvents:
        """Return the blocks, each [id, version, start, seconds, kind, flags, end], and what else it has, by name.

        A start is whole minutes of wall time since midnight of the day `since`; a text where seconds belong to it, or
        where it is a day and no time. Nothing stands at the end of a block that says nothing. The end is empty where it
        follows from start and seconds: but for an entry over a change of the clocks, always. The id of a block that a
        routine asks for names both the routine and the day.

        A kind is [client, activity, platform, colour, hint]. Call it last: the tables then hold what offers refer to.
        """
        since = min((event["start"][: len("2026-11-17")] for event in events), default="")
        rows = [self._row(event, since) for event in events]
        kinds = [list(kind) for kind in self._kinds]
        return {"since": since, "rows": rows, "kinds": kinds, "hints": [json.loads(hint) for hint in self._hints]}

    def hint(self, hint: dict[str, Any]) -> int:
        """Return the place of a hint in the table. The same object is told from others without a look at what it says."""
        if id(hint) not in self._places:
            place = self._hints.setdefault(json.dumps(hint, sort_keys=True), len(self._hints))
            self._places[id(hint)] = place, hint  # held on to, so that its id stays its own
        return self._places[id(hint)][0]

    def _row(self, event: dict[str, Any], since: str) -> list[Any]:
        kind = (*(event[name] for name in _SHARED), self.hint(event["hint"]))
        flags = (_LOCKED if event["locked"] else 0) | (_OVERLAP if event["overlap"] else 0)
        row = [
            event["id"],
            event["version"],
            _minutes_since(since, event["start"]),
            event["seconds"],
            self._kinds.setdefault(kind, len(self._kinds)),
            flags,
            _unexpected_end(event),
            {name: value for name, value in event.items() if name not in _TOLD and value},
        ]
        while not row[-1] and len(row) > _ALWAYS:
            row.pop()
        return row


def _unexpected_end(event: dict[str, Any]) -> str:
    if not event["end"]:
        return ""
    expected = datetime.fromisoformat(event["start"]) + timedelta(seconds=event["seconds"])
    return "" if expected == datetime.fromisoformat(event["end"]) else event["end"]


def _minutes_since(since: str, start: str) -> int | str:
    if len(start) == len(since) or not start.endswith(":00"):
        return start
    return int((datetime.fromisoformat(start) - datetime.fromisoformat(since)) / timedelta(minutes=1))
