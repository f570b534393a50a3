"""Two members at one entry: only what the second one changed is theirs to save, and the dialog says whose is what."""

from itertools import product
from typing import Any

import pytest

from agency_app.states.merged_entry import PLACE, TIME, WORDS, changed_words, merged, merged_words

SEEN: dict[str, Any] = {
    "client_id": "c1",
    "retainer_id": "r1",
    "campaign_id": "p1",
    "activity_id": "a1",
    "date": "2026-11-17",
    "start": "09:00",
    "end": "10:00",
    "duration": "",
    "note": "Call",
    "tags": "q4",
    "billable": True,
}
NAMES = {"c1": "Northwind", "c2": "Summit", "a1": "Reporting", "a2": "Strategy", "r2": "Always on"}


def other(field: str, by: str) -> Any:
    return not SEEN[field] if field == "billable" else f"{by} {field}"


ALONE = [field for field in WORDS if field not in TIME + PLACE]


@pytest.mark.parametrize(("mine", "theirs"), [pair for pair in product(WORDS, WORDS) if pair[0] != pair[1]])
def test_what_each_of_two_changed_is_kept_unless_the_two_are_one_thing(mine: str, theirs: str) -> None:
    found = merged(SEEN, SEEN | {mine: other(mine, "my")}, SEEN | {theirs: other(theirs, "their")})
    one_thing = {mine, theirs} <= set(TIME) or ({mine, theirs} <= set(PLACE) and "client_id" in (mine, theirs))
    kept = SEEN[theirs] if one_thing else other(theirs, "their")
    assert found.values == SEEN | {mine: other(mine, "my"), theirs: kept}
    assert (found.theirs, found.both) == (((), (theirs,)) if one_thing else ((theirs,), ()))


def test_the_same_change_by_both_is_no_difference_and_another_one_is_told() -> None:
    assert merged(SEEN, SEEN | {"note": "Ours"}, SEEN | {"note": "Ours"}).mine == ()
    found = merged(SEEN, SEEN | {"note": "Mine", "tags": ""}, SEEN | {"note": "Theirs", "activity_id": "a2"})
    assert found.values == SEEN | {"note": "Mine", "tags": "", "activity_id": "a2"}
    now = SEEN | {"note": "Theirs", "activity_id": "a2"}
    assert merged_words("Jonas Vik", found, now, NAMES) == (
        "Jonas Vik changed this entry after you opened it. Kept of theirs: the activity is now “Strategy”. You both "
        "changed the same: the note is now “Theirs”. Keeping yours replaces that. Yours: the note and the tags."
    )


def test_a_time_that_was_moved_stays_moved_and_one_that_i_changed_is_whole() -> None:
    now = SEEN | {"start": "", "end": "", "duration": "1:00"}
    assert merged(SEEN, SEEN | {"note": "Mine"}, now).values == now | {"note": "Mine"}
    found = merged(SEEN, SEEN | {"end": "11:00"}, now)
    assert found.values == SEEN | {"end": "11:00"}
    assert found.time_is_mine
    assert not merged(SEEN, SEEN | {"note": "Mine"}, now).time_is_mine


def test_what_is_different_is_said_in_words() -> None:
    now = SEEN | {"retainer_id": "none", "billable": False, "note": ""}
    assert changed_words(SEEN, now, NAMES) == (
        "the retainer is now “none, billed by the hour”; the note is now “empty”; it is not billable now"
    )
    assert changed_words(SEEN, SEEN, NAMES) == "nothing that this form shows"
    unchanged = merged_words("Jonas Vik", merged(SEEN, SEEN, SEEN), SEEN, NAMES)
    assert unchanged == ("Jonas Vik changed this entry after you opened it. Nothing that this form shows is different.")
