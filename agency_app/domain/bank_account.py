"""Bank accounts: the shape and the check digits of an IBAN (ISO 13616)."""

import re

_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def compact_account(written: str) -> str:
    """Return an account as it is stored in files: without spaces, in capitals."""
    return "".join(written.split()).upper()


def looks_like_iban(written: str) -> bool:
    """Tell whether an account begins as an IBAN does: a country and two check digits."""
    return re.match(r"[A-Z]{2}\d{2}", compact_account(written)) is not None


def is_iban(written: str) -> bool:
    """Tell whether an account is an IBAN whose check digits are right (ISO 7064, mod 97-10)."""
    account = compact_account(written)
    if not _SHAPE.fullmatch(account):
        return False
    return int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 == 1
