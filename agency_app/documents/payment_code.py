"""What a payment code says: the EPC code of SEPA transfers, and the Swiss QR-bill. Texts alone; nothing is drawn here.

Sources: EPC069-12 version 2.1 (EPC QR); Swiss Implementation Guidelines QR-bill 2.3 (structured addresses alone).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agency_app.documents.einvoice.figures import amount
from agency_app.documents.einvoice.places import address_of
from agency_app.domain.bank_account import compact_account, is_iban, is_qr_iban, is_swiss, qr_reference

SEPA = re.compile(
    "AD|AL|AT|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GI|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MC|MD|ME|MK|MT|NL|NO|PL|PT|RO|RS|SE|"
    "SI|SK|SM|VA"
)
"""Countries whose accounts take SEPA credit transfers."""
_LARGEST_MINOR = 99_999_999_999
_EPC_BYTES = 331
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_HOUSE_NUMBER = re.compile(r"(?P<street>.*\D)\s(?P<number>\d{1,4}\s?[A-Za-z]?)")
# The guidelines' characters: Basic Latin, Latin-1 Supplement, Latin Extended-A, and four more.
_SWISS_TEXT = re.compile("[ -~\u00a0-\u017fȘșȚț€]*")


@dataclass(frozen=True)
class SwissParty:
    """A party of a QR-bill, its address in parts."""

    name: str
    street: str
    house: str
    postcode: str
    city: str
    country: str

    @property
    def lines(self) -> list[str]:
        """The party as it is printed."""
        street = f"{self.street} {self.house}".strip()
        return [line for line in (self.name, street, f"{self.postcode} {self.city}") if line]

    @property
    def said(self) -> list[str]:
        """The party as the code says it."""
        return ["S", self.name, self.street, self.house, self.postcode, self.city, self.country]


@dataclass(frozen=True)
class SwissBill:
    """A Swiss QR-bill: who is paid what by whom, into which account, with which reference."""

    account: str
    creditor: SwissParty
    debtor: SwissParty | None
    """None where the buyer's address has no postcode, town and country to be read: the slip leaves it to be written."""
    amount: str
    currency: str
    reference: str
    """A QR reference, empty for an account that takes none."""
    message: str

    @property
    def payload(self) -> str:
        """What the Swiss QR code says."""
        debtor = self.debtor.said if self.debtor else [""] * 7
        kind = "QRR" if self.reference else "NON"
        return "\n".join(
            [
                *("SPC", "0200", "1", self.account, *self.creditor.said, *[""] * 7, self.amount, self.currency),
                *(*debtor, kind, self.reference, self.message, "EPD"),
            ]
        )


def payment_reference(snapshot: Mapping[str, Any]) -> str:
    """Return the reference to pay with: the number, or for a Swiss QR-IBAN the QR reference made of it."""
    number = snapshot["number"] or ""
    account = snapshot["seller"]["iban"] or ""
    if (
        int(snapshot["template"]) >= FIRST_PAYMENT_CODE
        and snapshot["currency"] in ("CHF", "EUR")
        and is_qr_iban(account)
    ):
        return qr_reference(number)
    return number


FIRST_PAYMENT_CODE = 3
"""Snapshots of earlier templates were drawn without a code to pay by."""


def epc_payload(snapshot: Mapping[str, Any], due_minor: int, reference: str) -> str | None:
    """Return what the EPC code of an invoice says; None where it is not paid in euro into an account of SEPA."""
    seller = snapshot["seller"]
    account = compact_account(seller["iban"] or "")
    if snapshot["currency"] != "EUR" or not SEPA.match(account) or not is_iban(account):
        return None
    if not 0 < due_minor <= _LARGEST_MINOR:
        return None
    bic = compact_account(seller["bic"] or "")
    name = " ".join(seller["name"].split())[:70].strip()
    said = ["BCD", "002", "1", "SCT", bic if _BIC.fullmatch(bic) else "", name, account]
    said += [f"EUR{amount(due_minor, 'EUR')}", "", "", " ".join(reference.split())[:140]]
    payload = "\n".join(said)
    return payload if name and len(payload.encode()) <= _EPC_BYTES else None


def swiss_bill(snapshot: Mapping[str, Any], due_minor: int, reference: str) -> SwissBill | None:
    """Return the QR-bill of an invoice; None where it is not paid in francs or euro into a Swiss account, or where the
    seller's address does not say its postcode, town and country."""
    account = compact_account(snapshot["seller"]["iban"] or "")
    if snapshot["currency"] not in ("CHF", "EUR") or not is_swiss(account) or not 0 < due_minor <= _LARGEST_MINOR:
        return None
    creditor = _party(snapshot["seller"])
    if creditor is None:
        return None
    with_reference = is_qr_iban(account)
    return SwissBill(
        account=account,
        creditor=creditor,
        debtor=_party(snapshot["buyer"]),
        amount=amount(due_minor, snapshot["currency"]),
        currency=snapshot["currency"],
        reference=reference if with_reference else "",
        message="" if with_reference else _plain(reference, 140),
    )


def _party(party: Mapping[str, Any]) -> SwissParty | None:
    """Return a party with its address in parts, None where one that is needed cannot be read with certainty."""
    address = address_of(party["address"], party.get("country") or "")
    street, house = ", ".join(address.lines), ""
    if found := _HOUSE_NUMBER.fullmatch(street):
        street, house = found["street"], found["number"]
    read = SwissParty(
        _plain(party["name"], 70),
        _plain(street, 70),
        house,
        address.postcode,
        _plain(address.city, 35),
        address.country,
    )
    legible = all(_SWISS_TEXT.fullmatch(text) for text in read.said)
    return read if read.name and read.postcode and read.city and read.country and legible else None


def _plain(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].strip()
