"""An IBAN with one wrong character is never taken for a right one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agency_app.domain.bank_account import compact_account, iban_fault, is_iban, looks_like_iban

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


@pytest.mark.parametrize(
    ("account", "says"),
    [
        ("NL00BAD", "has 7 letters and digits, one of NL has 18: some are missing"),
        ("NL91 ABNA 0417 1643 001", "has 19 letters and digits, one of NL has 18: some are too many"),
        ("ZZ68 1234", "has 8 letters and digits, an IBAN has 15 to 34: some are missing"),
        ("NL91 ABNA 0417 1643 0?", "leave out “?”"),
        ("NL91/ABNA/0417/1643/00", "leave out “/”"),
        ("NL19 ABNA 0417 1643 00", "check digits of this IBAN do not fit"),
        ("021000021 123456789", "begins with its country and two digits"),
        ("NL٩١ABNA0417164300", "begins with its country and two digits"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(account: str, says: str) -> None:
    assert says in iban_fault(account)
    assert not is_iban(account)


def test_right_check_digits_do_not_make_up_for_a_wrong_length() -> None:
    short = next(
        f"NL{digits:02}ABNA041716430" for digits in range(2, 99) if _remainder(f"NL{digits:02}ABNA041716430") == 1
    )
    assert "has 17 letters and digits, one of NL has 18" in iban_fault(short)


def _remainder(account: str) -> int:
    return int("".join(str(int(one, 36)) for one in account[4:] + account[:4])) % 97


@pytest.mark.parametrize(
    "account",
    [  # examples of the registry
        "AT611904300234573201", "BE68539007547034", "CH9300762011623852957", "DK5000400440116243",
        "ES9121000418450200051332",
        "FI2112345600000785", "FR1420041010050500013M02606", "GB29NWBK60161331926819", "IE29AIBK93115212345678",
        "IT60X0542811101000000123456", "LU280019400644750000", "MT84MALT011000012345MTLCAST001S",
        "PL61109010140000071219812874",
        "PT50000201231234567890154", "SE4550000000058398257466", "SK3112000000198742637541",
    ],
)  # fmt: skip
def test_the_registrys_examples_are_right(account: str) -> None:
    assert iban_fault(account) == ""
