"""What there is to tell about a period: shares of it that are used up, and too little done by its middle."""

from datetime import date
from typing import Any

import pytest

from agency_app.domain.retainer import alert_causes, pace

HOUR = 3600
FIRST, LAST = date(2025, 9, 1), date(2025, 9, 30)
EARLY, MIDDLE = date(2025, 9, 12), date(2025, 9, 15)


def causes(used: int, available: int, today: date = EARLY, days: int = 3, **more: Any) -> set[tuple[str, int]]:
    daily = [(date(2025, 9, 1 + place), used * HOUR // days) for place in range(days)] if used else []
    given: dict[str, Any] = {
        "granted": max(available, 1) * HOUR,
        "available": available * HOUR,
        "used": used * HOUR,
        "pace": pace(FIRST, LAST, today, available * HOUR, daily),
        "days": (FIRST, LAST),
        "today": today,
        "thresholds": (50, 75, 90, 100),
        "under_serviced": True,
    }
    return alert_causes(**given | more)


def test_a_threshold_counts_as_soon_as_that_share_is_used() -> None:
    assert causes(9, 20) == set()
    assert causes(10, 20) == {("used", 50)}
    assert causes(19, 20) == {("used", 50), ("used", 75), ("used", 90)}
    assert causes(20, 20) == causes(30, 20) == {("used", percent) for percent in (50, 75, 90, 100)}


def test_the_thresholds_are_those_that_were_set() -> None:
    assert causes(20, 20, thresholds=(80, 120)) == {("used", 80)}
    assert causes(20, 20, thresholds=()) == set()


def test_under_serviced_counts_from_the_middle_of_the_working_days() -> None:
    assert causes(3, 40, EARLY) == set()
    assert causes(3, 40, MIDDLE) == {("under_serviced", 0)}
    assert causes(3, 40, MIDDLE, under_serviced=False) == set()
    assert causes(3, 40, LAST) == {("under_serviced", 0)}
    assert causes(3, 40, date(2025, 10, 1)) == set()


def test_who_was_set_up_in_the_second_half_could_not_have_been_served() -> None:
    assert causes(0, 40, LAST, set_up_on=LAST) == causes(1, 40, LAST, set_up_on=MIDDLE) == set()
    assert causes(0, 40, LAST, set_up_on=EARLY) == causes(0, 40, LAST, set_up_on=date(2025, 8, 20))
    assert causes(0, 40, LAST, set_up_on=EARLY) == {("under_serviced", 0)}
    assert causes(40, 40, LAST, set_up_on=LAST) == {("used", percent) for percent in (50, 75, 90, 100)}


@pytest.mark.parametrize("used", [0, 1])
def test_a_client_for_whom_next_to_nothing_was_done_is_under_serviced_without_a_forecast(used: int) -> None:
    assert causes(used, 40, MIDDLE, days=1) == {("under_serviced", 0)}


def test_a_period_that_grants_nothing_has_nothing_to_tell() -> None:
    assert causes(30, 0, MIDDLE, granted=0) == set()


def test_a_grant_that_an_overrun_has_eaten_up_is_used_up() -> None:
    assert causes(0, -2) == {("used", percent) for percent in (50, 75, 90, 100)}
