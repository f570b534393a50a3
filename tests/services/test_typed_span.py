"""A time as it is typed, swept or dropped, on the days when the clocks change: foretold and saved by one rule."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agency_app.services.explain_entry import explain_entry
from agency_app.services.log_time import log_template
from agency_app.services.read_entry import read_entry
from agency_app.services.refusal import Refused
from agency_app.states.entry_form import EMPTY_FORM
from agency_app.states.entry_words import planned_of, told_of
from agency_app.states.typed_span import instant_of, typed_span
from agency_app.store.engine import transaction
from agency_app.tables import TaskTemplate
from tests.services.conftest import Agency

BACK, FORWARD = date(2026, 10, 25), date(2026, 3, 29)
ZONE = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("day", "start", "end", "hours"),
    [(BACK, "00:30", "04:00", 4.5), (BACK, "01:00", "04:00", 4), (FORWARD, "01:00", "04:00", 2)],
)
def test_what_the_dialog_foretells_is_what_saving_takes(
    agency: Agency, day: date, start: str, end: str, hours: float
) -> None:
    form = EMPTY_FORM | {"client_id": agency.northwind, "date": day.isoformat(), "start": start, "end": end}
    form["activity_id"] = agency.optimisation
    planned = planned_of(form, {}, ZONE)  # pyright: ignore[reportArgumentType]
    assert planned is not None
    assert planned.seconds == hours * 3600
    assert f": 0 → {hours:g} h of" in told_of(explain_entry(agency.owner, planned), planned)["change"]
    first, last, none = typed_span(day, start, end, "", ZONE)
    assert none is None
    assert first is not None
    assert last is not None
    assert (last - first).total_seconds() == planned.seconds


def test_the_dialog_foretells_nothing_of_a_time_that_is_refused(agency: Agency) -> None:
    form = EMPTY_FORM | {"client_id": agency.northwind, "date": FORWARD.isoformat(), "start": "02:15", "end": "03:00"}
    planned = planned_of(form, {}, ZONE)  # pyright: ignore[reportArgumentType]
    assert planned is not None
    assert planned.seconds == 0  # 2:15 is 3:15 that night
    slip = planned_of(form, {"start": "17:00", "end": "09:30", "date": "2026-10-06"}, ZONE)  # pyright: ignore[reportArgumentType]
    assert slip is not None
    assert slip.seconds == 0
    with pytest.raises(Refused, match="is before the start"):
        typed_span(date(2026, 10, 6), "17:00", "09:30", "", ZONE)


def test_an_entry_that_is_open_and_untouched_keeps_its_exact_time(agency: Agency) -> None:
    end = datetime(2026, 10, 25, 1, 45, 20, tzinfo=UTC)  # the second 2:45 of that night
    opened = end - timedelta(seconds=3600), end, 3600
    form = EMPTY_FORM | {"client_id": agency.northwind, "date": BACK.isoformat(), "start": "02:45", "end": "02:45"}
    still = planned_of(form, {"billable": "false"}, ZONE, opened)  # pyright: ignore[reportArgumentType]
    assert still is not None
    assert (still.start, still.end, still.seconds) == opened
    touched = planned_of(form, {"end": "03:45"}, ZONE, opened)  # pyright: ignore[reportArgumentType]
    assert touched is not None
    assert touched.seconds == 2 * 3600


def test_what_is_dropped_on_an_hour_that_the_clock_skips_begins_as_much_later(agency: Agency) -> None:
    assert instant_of(datetime(2026, 3, 29, 2, 30), ZONE) == instant_of(datetime(2026, 3, 29, 3, 30), ZONE)
    assert instant_of(datetime(2026, 10, 25, 2, 30), ZONE) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first
    with transaction() as session:
        template = TaskTemplate(
            workspace_id=agency.workspace_id, name="Bids", activity_id=agency.optimisation, default_seconds=3600
        )
        session.add(template)
    begin = instant_of(datetime(2026, 3, 29, 2, 30), ZONE)
    row = read_entry(agency.owner, log_template(agency.owner, template.id, agency.northwind, begin).entry_id)
    assert row.started_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert (row.work_date, row.seconds) == (FORWARD, 3600)
