"""An IBAN with one wrong character is never taken for a right one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agency_app.domain.bank_account import compact_account, is_iban, looks_like_iban

RIGHT = ("NL91ABNA0417164300", "DE89 3704 0044 0532 0130 00", "gb29 nwbk 6016 1331 9268 19", "NO9386011117947")


@pytest.mark.parametrize("account", RIGHT)
def test_published_ibans_are_right(account: str) -> None:
    assert is_iban(account)


@given(st.sampled_from(RIGHT), st.integers(0, 40), st.sampled_from("0123456789ABCXYZ"))
def test_one_changed_character_is_noticed(account: str, place: int, character: str) -> None:
    compact = compact_account(account)
    place %= len(compact)
    # ISO 7064 promises it for a digit in a digit's place and a letter in a letter's; the two have unlike weights.
    assume(character.isdigit() == compact[place].isdigit())
    changed = compact[:place] + character + compact[place + 1 :]
    assert is_iban(changed) is (changed == compact)


@pytest.mark.parametrize("account", ["", "12345678", "NL91", "XX", "NL91ABNA041716430É"])
def test_what_is_no_iban_is_not_taken_for_one(account: str) -> None:
    assert not is_iban(account)


def test_an_account_of_another_kind_does_not_look_like_one() -> None:
    assert looks_like_iban("NL91ABNA0417164301")
    assert not looks_like_iban("021000021 123456789")
