"""Turn a week, as the services read it, into what the workbench shows. Pure: values in, small values out."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.domain.durations import prose
from agency_app.domain.gaps import gap_of
from agency_app.domain.money import exponent
from agency_app.domain.retainer import period_of
from agency_app.domain.weeks import first_of_week, week_number
from agency_app.services.read_week import Offer, PeriodLeft, Week
from agency_app.states.packed_week import Packed
from agency_app.states.routine_words import PLATFORM_KEYS, questions, routine_events
from agency_app.states.views import (
    ClientTotal,
    OfferRow,
    WeekSide,
)
from agency_app.store.work import EntryRow
from agency_app.tables import Client

_MORNING = 5
_USUAL, _AFTERNOON = 8 * 60, 14 * 60


def calendar_events(week: Week, zone: str, hints: "Hints | None" = None) -> list[dict[str, Any]]:
    """Return the week's blocks, with wall times of the member's zone and what the drag hint needs.

    The start of an entry at no time of day in particular is its day, and its end is empty.
    """
    events = []
    hints = hints or Hints(week)
    overlapping = _overlapping(week.entries)
    go_on, went_on = ({pair[place] for pair in week.nights} for place in (0, 1))
    for row in week.entries:
        events.append(
            {
                "id": row.id,
                "version": row.version,
                "start": local_text(row.started_at, zone) if row.started_at else row.work_date.isoformat(),
                "end": local_text(row.ended_at, zone) if row.ended_at else "",
                "client": row.client_short,
                "activity": row.activity,
                "seconds": row.seconds,
                "platform": PLATFORM_KEYS.get(row.platform, "report"),
                "colour": f"c{row.colour}",
                "locked": row.id in week.locks,
                "locked_note": week.locks.get(row.id, ""),
                "overlap": row.id in overlapping,
                "goes_on": row.id in go_on,
                "went_on": row.id in went_on,
                "hint": hints.of(
                    row.client_id,
                    row.client_short,
                    row.retainer_id or "",
                    row.rate if row.billable else 0,
                    row.billable,
                ),
            }
        )
    return events


def seconds_by_day(entries: list[EntryRow]) -> dict[str, int]:
    """Return the seconds logged on each work date, by its ISO text."""
    totals: dict[str, int] = {}
    for row in entries:
        totals[row.work_date.isoformat()] = totals.get(row.work_date.isoformat(), 0) + row.seconds
    return totals


def week_side(week: Week, focus_id: str, today: date, zone: str) -> WeekSide:
    """Return the heads, the totals and the offers around the blocks."""
    by_client: dict[str, int] = {}
    for row in week.entries:
        by_client[row.client_id] = by_client.get(row.client_id, 0) + row.seconds
    packed, hints = Packed(), Hints(week)
    templates = [
        _offer(packed, hints, offer, str(place), focus_id) for place, offer in enumerate(week.templates, start=1)
    ]
    inbox = [_offer(packed, hints, offer, "") for offer in week.inbox]
    target, gap = sum(one.target for one in week.days), gap_of(week.days)
    return {
        "events": packed.events(calendar_events(week, zone, hints) + routine_events(week.routines)),
        "title": wording.week_title(week.first_day, week.last_day),
        "brief": wording.short_span(week.first_day, week.last_day),
        "number": f"Week {week_number(week.first_day)}",
        "total": f"{wording.hours(sum(by_client.values()))} h",
        "empty": not week.entries,
        "previous": address(week.first_day - timedelta(days=7), focus_id),
        "next": address(week.first_day + timedelta(days=7), focus_id),
        "today": address(first_of_week(today, week.first_weekday), focus_id),
        "day_totals": seconds_by_day(week.entries),
        "day_targets": {one.day.isoformat(): one.target for one in week.days if one.target},
        "target": f"of {wording.hours(target)} h" if target else "",
        "gap": f"{wording.hours(gap)} h unaccounted for" if gap else "",
        "gap_href": f"/gaps?week={week.first_day.isoformat()}",
        "zone": zone,
        "totals": [
            _client_total(week, client.id, by_client.get(client.id, 0))
            for client in sorted(week.clients, key=lambda client: -by_client.get(client.id, 0))
            if client.id == focus_id or by_client.get(client.id)
        ],
        "templates": templates,
        "inbox": inbox,
        "inbox_summary": _inbox_summary(week.inbox),
        "questions": questions(week.routines, today),
        "first_day": (week.first_weekday + 1) % 7,
        "snap": str(week.snap_minutes),
        "snap_duration": f"00:{week.snap_minutes:02d}:00",
        "scroll": opening_time(week.entries, zone),
    }


def opening_time(entries: list[EntryRow], zone: str) -> str:
    """Return the time of day that a week opens at: a quarter of an hour before the day's work begins.

    That is eight, or the earliest entry where one begins before, or where all begin in the afternoon. What begins
    before five is a night's work, and opens nothing.
    """
    begun = [row.started_at.astimezone(ZoneInfo(zone)) for row in entries if row.started_at]
    minutes = sorted(start.hour * 60 + start.minute for start in begun if start.hour >= _MORNING)
    first = minutes[0] if minutes and not _USUAL <= minutes[0] < _AFTERNOON else _USUAL
    return f"{(first - 15) // 60:02d}:{(first - 15) % 60:02d}:00"


def address(monday: date, focus_id: str) -> str:
    """Return the workbench's address for a week and a client in focus."""
    return f"/?week={monday.isoformat()}" + (f"&client={focus_id}" if focus_id else "")


def finalising_address(monday: date, focus_id: str) -> str:
    """Return the address that asks at once whether the draft of a client in focus becomes final."""
    return f"{address(monday, focus_id)}&finalise=1"


def local_text(instant: datetime, zone: str) -> str:
    """Return an instant as the wall time of a zone, without an offset: the calendar never sees a browser's zone."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S")


def _overlapping(entries: list[EntryRow]) -> set[str]:
    """Return the entries that share time with another; entries that only touch do not."""
    found: set[str] = set()
    latest: EntryRow | None = None
    for row in sorted((row for row in entries if row.started_at), key=lambda row: str(row.started_at)):
        if latest and latest.ended_at and row.started_at and row.ended_at:
            if row.started_at < latest.ended_at:
                found |= {row.id, latest.id}
            if row.ended_at <= latest.ended_at:
                continue
        latest = row
    return found


def _client_total(week: Week, client_id: str, seconds: int) -> ClientTotal:
    client = next(client for client in week.clients if client.id == client_id)
    return {
        "id": client.id,
        "name": client.short_name,
        "colour": f"c{client.colour}",
        "hours": f"{wording.hours(seconds)} h",
    }


def _offer(packed: Packed, hints: "Hints", offer: Offer, key: str, focus_id: str = "") -> OfferRow:
    client = offer.client
    own = client.short_name if client and client.id != focus_id else ""
    data = {
        "key": f"{offer.kind}:{offer.id}",
        "client": client.short_name if client else "",
        "activity": offer.activity.name,
        "platform": PLATFORM_KEYS.get(offer.platform, "report"),
        "colour": f"c{client.colour}" if client else "c1",
        "seconds": offer.seconds,
        "hint": packed.hint(hints.of_offer(client, offer)) if client else None,
    }
    return {
        "id": offer.id,
        "name": offer.name,
        "client": client.name if client else "",
        "colour": f"c{client.colour}" if client else "c1",
        "platform": offer.platform,
        "activity": offer.activity.name,
        "duration": prose(offer.seconds),
        "own": own,
        "key": key,
        "data": json.dumps(data, separators=(",", ":")),
    }


def _inbox_summary(inbox: list[Offer]) -> str:
    if not inbox:
        return "nothing waits"
    return f"{len(inbox)}, worth {wording.hours(sum(offer.seconds for offer in inbox))} h"


class Hints:
    """What the browser needs to foretell a gesture: rates in 1/10000 an hour, per period; one for all that share it."""

    def __init__(self, week: Week) -> None:
        self._week = week
        self._months = sorted({period_of(week.first_day)[0], period_of(week.last_day)[0]})
        self._known: dict[tuple[str, str, str, int, bool], dict[str, object]] = {}

    def of(self, client_id: str, name: str, retainer_id: str, rate: int, billable: bool) -> dict[str, object]:
        """Return the hint of work on a client at a rate that draws on a retainer, or on none (empty)."""
        key = client_id, name, retainer_id, rate, billable
        if key not in self._known:
            self._known[key] = self._hint(*key)
        return self._known[key]

    def of_offer(self, client: Client, offer: Offer) -> dict[str, object]:
        """Return the hint of an offer for a client: of the retainer that it would fall to."""
        falls_to = self._week.falls_to.get((client.id, offer.activity.id), "")
        return self.of(client.id, client.short_name, falls_to, offer.rate.rate, True)

    def _hint(self, client_id: str, name: str, retainer_id: str, rate: int, billable: bool) -> dict[str, object]:
        week = self._week
        return {
            "client": name,
            "locked_until": week.locked_until.isoformat() if week.locked_until else "",
            "closed": {
                f"{month:%Y-%m}": f"{month:%B %Y} is {week.closed[client_id, month]}"
                for month in self._months
                if (client_id, month) in week.closed
            },
            "periods": {
                left.period.first.isoformat(): _period_hint(week, left, rate, billable)
                for left in week.left.get(retainer_id, [])
            },
        }


def _period_hint(week: Week, left: PeriodLeft, rate: int, billable: bool) -> dict[str, object]:
    """Return a period for the browser: seconds, or minor units of a budget (`in_money`)."""
    period, terms, retainer = left.period, left.period.terms, left.retainer
    whole = wording.period_name(period.first, period.last) == wording.month_name(period.first)
    name = f"{period.first:%b}" if whole else f"{wording.short_date(period.first)} – {wording.short_date(period.last)}"
    alone = sum(held[0].retainer.client_id == retainer.client_id for held in week.left.values() if held) == 1
    return {
        "name": name if alone else f"{retainer.name}, {name}",
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "closed": period.closed,
        "in_money": terms.basis == "budget",
        "used": left.used,
        "available": period.balance.available,
        "worth": rate,
        "rate": rate if terms.basis != "fee" else 0,
        "overage": left.overage,
        "overage_rate": terms.overage_rate if left.overage in ("bill", "approval") and billable else 0,
        "bills": billable,
        "currency_prefix": wording.currency_prefix(left.currency),
        "decimals": exponent(left.currency),
    }
