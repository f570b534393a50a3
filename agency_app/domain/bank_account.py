"""Bank accounts: the shape and the check digits of an IBAN (ISO 13616)."""

import re

_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)


def compact_account(written: str) -> str:
    """Return an account as it is stored in files: without spaces, in capitals."""
    return "".join(written.split()).upper()


def looks_like_iban(written: str) -> bool:
    """Tell whether an account begins as an IBAN does: a country and two check digits."""
    return re.match(r"[A-Z]{2}\d{2}", compact_account(written)) is not None


def has_iban_shape(written: str) -> bool:
    """Tell whether an account has the letters and digits of an IBAN, whatever its check digits say."""
    return _SHAPE.fullmatch(compact_account(written)) is not None


def is_iban(written: str) -> bool:
    """Tell whether an account is an IBAN whose check digits are right (ISO 7064, mod 97-10)."""
    if not has_iban_shape(written):
        return False
    account = compact_account(written)
    return int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 == 1


def is_swiss(written: str) -> bool:
    """Tell whether an account is an IBAN of Switzerland or Liechtenstein."""
    return compact_account(written)[:2] in ("CH", "LI") and is_iban(written)


def is_qr_iban(written: str) -> bool:
    """Tell whether an account is a QR-IBAN, which is paid to with a QR reference alone: its bank's number is between
    30000 and 31999 (Swiss QR-bill 2.3, 2.3)."""
    return is_swiss(written) and 30_000 <= int(compact_account(written)[4:9]) <= 31_999


def qr_reference(number: str) -> str:
    """Return the QR reference of an invoice's number: its digits in 26 places, and their check digit (modulo 10,
    recursive). Of more than 26 digits it takes the last."""
    digits = "".join(character for character in number if character.isdecimal() and character.isascii())[-26:]
    carry = 0
    for digit in (digits := digits.rjust(26, "0")):
        carry = _MODULO_10[(carry + int(digit)) % 10]
    return f"{digits}{(10 - carry) % 10}"


_MODULO_10 = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
