"""Addresses of mail, of bank accounts and of e-invoices as people type them: cleaned, and refused by their field when
they are wrong."""

import re

from agency_app.documents.einvoice.places import country_of, is_country
from agency_app.domain.bank_account import iban_fault
from agency_app.domain.vat_number import is_vat_number
from agency_app.services.refusal import Refused
from agency_app.services.typed_text import typed_line

LONGEST_EMAIL = 254

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SCHEME = re.compile(r"\d{4}|[A-Z]{2}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)


def typed_email(typed: str, field: str) -> str:
    """Return an e-mail address in lower case, or nothing when nothing was typed. Raises Refused naming the field."""
    email = typed.strip().lower()
    if email and (not _EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL):
        raise Refused("Write an e-mail address, such as mara@agency.example.", field)
    return email


def typed_iban(typed: str, field: str) -> str:
    """Return an IBAN without spaces, in capitals, or nothing when nothing was typed.

    Raises Refused naming the field, with what is wrong with it: see `iban_fault`.
    """
    iban = re.sub(r"[\s.-]", "", typed_line(typed, field)).upper()
    if not iban:
        return ""
    if fault := iban_fault(iban):
        raise Refused(fault, field)
    return iban


def typed_vat_id(typed: str, field: str) -> str:
    """Return a VAT number in capitals, or nothing when nothing was typed. Raises Refused naming the field when it does
    not begin with its country, or has another shape than that country's numbers."""
    number = typed_line(typed, field).upper()
    if number and not is_vat_number(number):
        raise Refused("A VAT number begins with its country and has its shape, such as NL123456789B01.", field)
    return number


def typed_bic(typed: str, field: str) -> str:
    """Return a BIC (ISO 9362) without spaces, in capitals, or nothing when nothing was typed.

    Raises Refused naming the field when it has another shape.
    """
    bic = "".join(typed_line(typed, field).split()).upper()
    if bic and not _BIC.fullmatch(bic):
        raise Refused("A BIC has 8 or 11 letters and digits, such as ABNANL2A.", field)
    return bic


def typed_country(typed: str, field: str) -> str:
    """Return a country as its two-letter code, from the code or its name, or nothing when nothing was typed.

    Raises Refused naming the field for what is no country.
    """
    written = typed_line(typed, field)
    code = written.upper() if is_country(written.upper()) else country_of([written])
    if written and not code:
        raise Refused("Write the country or its two-letter code, such as NL.", field)
    return code


def typed_scheme(typed: str, field: str) -> str:
    """Return the EAS code of an electronic address, or nothing when nothing was typed. Raises Refused naming the
    field when it has another shape."""
    scheme = typed_line(typed, field).upper()
    if scheme and not _SCHEME.fullmatch(scheme):
        raise Refused("A kind of address has four digits, such as 0106, or two letters, such as EM.", field)
    return scheme
