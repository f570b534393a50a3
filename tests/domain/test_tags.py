"""Tags: one form, whatever was typed, and the same after another round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.tags import tag_of, tags_in, tags_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Q4", "q4"), ("new business", "new-business"), ("Größe", "grösse"), ("a_b-c", "a_b-c"), ("!?", ""), ("-", "")],
)
def test_a_tag_is_kept_in_lower_case_without_spaces(typed: str, kept: str) -> None:
    assert tag_of(typed) == kept


def test_an_entry_keeps_each_tag_once_and_in_order() -> None:
    assert tags_text(["Q4", "launch", "q4", "", "New business"]) == "launch new-business q4"
    assert tags_in("launch new-business q4") == ["launch", "new-business", "q4"]
    assert (tags_text([]), tags_in("")) == ("", [])


@given(st.lists(st.text(max_size=12), max_size=6))
def test_what_is_kept_stays_the_same_when_it_is_kept_again(typed: list[str]) -> None:
    kept = tags_text(typed)
    assert tags_text(tags_in(kept)) == kept
