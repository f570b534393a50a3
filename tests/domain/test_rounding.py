"""Billing policy: what rounding does to seconds, against vectors and as properties."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.invoice import quantity_of
from agency_app.domain.rounding import RoundingMode, RoundingPolicy, round_seconds
from tests.domain.vectors import rules_in, scaled, vectors

PRODUCT_RULES: tuple[str, ...] = ("product.nearest", "product.up", "product.down", "product.none")
NOT_OURS = {
    "kimai.default": "stamps",
    "kimai.closest": "half-down",
    "kimai.ceil": "stamps",
    "kimai.floor": "stamps",
    "solidtime.nearest": "stamps",
    "solidtime.up": "stamps",
    "solidtime.down": "stamps",
    "invoiceninja.up": "stamps",
    "invoiceninja.down": "stamps",
    "drytrix.nearest": "half-even",
    "drytrix.up": "floats",
    "drytrix.down": "floats",
    "half_even": "half-even",
}
modes: st.SearchStrategy[RoundingMode] = st.sampled_from(("none", "up", "down", "nearest"))
durations = st.integers(0, 10**6)
steps = st.integers(1, 7200)


def test_every_rule_of_the_vectors_is_ours_or_left_out_on_purpose() -> None:
    assert rules_in("rounding") == {*PRODUCT_RULES, *NOT_OURS}


@pytest.mark.parametrize("vector", vectors("rounding", "duration", rules=PRODUCT_RULES), ids=lambda row: row["id"])
def test_duration_vectors(vector: Any) -> None:
    mode = vector["rule"].removeprefix("product.")
    given_input = vector["input"]
    assert round_seconds(given_input["seconds"], mode, given_input["step_seconds"]) == vector["expect"]["seconds"]


@pytest.mark.parametrize(
    "vector", vectors("rounding", "sum_of_durations", rules=PRODUCT_RULES), ids=lambda row: row["id"]
)
def test_seconds_are_summed_before_they_become_hours(vector: Any) -> None:
    total = sum(RoundingPolicy().entry_seconds(seconds) for seconds in vector["input"]["seconds"])
    assert total == vector["expect"]["seconds"]
    assert quantity_of(total) == scaled(vector["expect"]["printed_hours"], 10_000)


@given(durations, modes, steps)
def test_rounding_lands_on_a_step_less_than_a_step_away(seconds: int, mode: RoundingMode, step: int) -> None:
    rounded = round_seconds(seconds, mode, step)
    if mode == "none":
        assert rounded == seconds
        return
    assert rounded % step == 0
    assert abs(rounded - seconds) < step
    assert mode != "up" or rounded >= seconds
    assert mode != "down" or rounded <= seconds
    assert mode != "nearest" or 2 * abs(rounded - seconds) <= step


@given(durations, durations, modes, steps)
def test_rounding_keeps_the_order_and_is_settled_after_once(
    first: int, second: int, mode: RoundingMode, step: int
) -> None:
    low, high = sorted((first, second))
    assert round_seconds(low, mode, step) <= round_seconds(high, mode, step)
    assert round_seconds(round_seconds(low, mode, step), mode, step) == round_seconds(low, mode, step)


@given(durations, modes)
def test_a_step_of_zero_changes_nothing(seconds: int, mode: RoundingMode) -> None:
    assert round_seconds(seconds, mode, 0) == seconds


def test_a_policy_rounds_either_entries_or_lines() -> None:
    entry, line = RoundingPolicy("up", 900, "entry"), RoundingPolicy("up", 900, "line")
    assert (entry.entry_seconds(60), entry.line_seconds(60)) == (900, 60)
    assert (line.entry_seconds(60), line.line_seconds(60)) == (60, 900)


@pytest.mark.parametrize("arguments", [("sideways", 900, "entry"), ("up", 900, "week"), ("up", 0), ("none", -1)])
def test_a_policy_that_makes_no_sense_is_refused(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        RoundingPolicy(*arguments)


@pytest.mark.parametrize("arguments", [(-1, "up", 900), (1, "up", -900), (1, "sideways", 900)])
def test_rounding_refuses_what_is_no_duration_or_mode(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        round_seconds(*arguments)
