"""Bank accounts: the shape, the length and the check digits of an IBAN (ISO 13616)."""

import re

_SHORTEST, _LONGEST = 15, 34
_REGISTRY = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28
EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26
IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28
NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25
SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
_LENGTHS = {one[:2]: int(one[2:]) for one in _REGISTRY.split()}
"""How long the IBANs of each country are: the IBAN Registry of SWIFT, which keeps it for ISO 13616."""


def compact_account(written: str) -> str:
    """Return an account as it is stored in files: without spaces, in capitals."""
    return "".join(written.split()).upper()


def looks_like_iban(written: str) -> bool:
    """Tell whether an account begins as an IBAN does: a country and two check digits."""
    return re.match(r"[A-Z]{2}\d{2}", compact_account(written), re.ASCII) is not None


def is_iban(written: str) -> bool:
    """Tell whether an account is an IBAN: see `iban_fault`."""
    return not iban_fault(written)


def iban_fault(written: str) -> str:
    """Return what keeps an account from being an IBAN, in a sentence on what to do; nothing for one that is right.

    Looked at are the country and the digits it begins with, its letters and digits, the length that its country's have
    (15 to 34 for a country that is not in the registry here), and its check digits (ISO 7064, MOD 97-10).
    """
    account = compact_account(written)
    if not looks_like_iban(account):
        return "An IBAN begins with its country and two digits, such as NL91 ABNA 0417 1643 00."
    if strange := re.search(r"[^A-Z0-9]", account):
        return f"An IBAN has letters and digits alone: leave out “{strange[0]}”."
    if length_fault := _length_fault(account):
        return length_fault
    if int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 != 1:
        return "The check digits of this IBAN do not fit: compare it with the bank's once more."
    return ""


def _length_fault(account: str) -> str:
    country = account[:2]
    length = _LENGTHS.get(country)
    shortest, longest = (length, length) if length else (_SHORTEST, _LONGEST)
    if shortest <= len(account) <= longest:
        return ""
    wanted = f"one of {country} has {length}" if length else f"an IBAN has {_SHORTEST} to {_LONGEST}"
    what = "some are missing" if len(account) < shortest else "some are too many"
    return f"This IBAN has {len(account)} letters and digits, {wanted}: {what}."


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
