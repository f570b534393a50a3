"""What is typed into a cell of the week grid: read as every duration is, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.durations import DurationError, hours_minutes, parse_duration
from agency_app.domain.typed_cell import TypedCell, read_typed_cell, shows_as_typed


@pytest.mark.parametrize("text", ["1:30", "1.5", "90m", "1,5", " 1h30 ", "1h 30m"])
def test_an_hour_and_a_half_is_typed_in_many_ways(text: str) -> None:
    assert read_typed_cell(text) == TypedCell("set", 5400)
    assert read_typed_cell(f"+{text}") == TypedCell("add", 5400)


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_clears(text: str) -> None:
    assert read_typed_cell(text) == TypedCell("clear")


@pytest.mark.parametrize("text", ["0", "0:00", "0.0", "0,0", "00:00"])
def test_zero_is_no_way_to_delete(text: str) -> None:
    with pytest.raises(DurationError, match="empty the cell"):
        read_typed_cell(text)


@pytest.mark.parametrize("text", ["-1", "+-1", "++1", "+", "abc", "1:60", "24:01", "+25h", "1 + 1", "0m", ".", ":"])
def test_garbage_negative_and_more_than_a_day_are_refused(text: str) -> None:
    with pytest.raises(DurationError):
        read_typed_cell(text)


@given(st.text())
def test_any_text_is_read_as_every_duration_or_refused(text: str) -> None:
    try:
        typed = read_typed_cell(text)
    except DurationError:
        return
    if typed.what == "clear":
        assert not text.strip()
    else:
        assert 0 < typed.seconds <= 86_400
        assert parse_duration(text.strip().removeprefix("+")) == typed.seconds


@given(st.integers(1, 86_400))
def test_typing_what_is_shown_changes_no_second(seconds: int) -> None:
    shown = hours_minutes(seconds)
    if shown == "0:00":
        with pytest.raises(DurationError):
            read_typed_cell(shown)
    else:
        assert shows_as_typed(seconds, read_typed_cell(shown))


@given(st.integers(1, 86_400), st.integers(1, 86_400))
def test_what_is_typed_with_seconds_counts_to_the_second(before: int, after: int) -> None:
    typed = read_typed_cell(f"{after}s")
    assert typed == TypedCell("set", after)
    if after % 60:
        assert shows_as_typed(before, typed) == (before == after)
    elif shows_as_typed(before, typed):
        assert abs(before - after) <= 30
