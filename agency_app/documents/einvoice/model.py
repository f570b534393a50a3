"""The invoice as EN 16931 sees it: one frozen value, from which both syntaxes are written.

It is made from an invoice's snapshot alone and says no more than that does. BT and BG numbers are the standard's.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from agency_app.documents.einvoice.places import Address
from agency_app.domain.invoice import AdjustmentKind, DocumentAdjustment, DocumentKind, Line, Totals

TYPE_CODES: dict[DocumentKind, str] = {"invoice": "380", "credit_note": "381"}
"""UNTDID 1001, BT-3."""
UNIT_CODES = {"h": "HUR", "month": "MON", "unit": "C62"}
"""UN/ECE Recommendation 20, BT-130."""

_CORE = "urn:cen.eu:en16931:2017"
_BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


class Customisation(Enum):
    """What the file promises beyond EN 16931: specification identifier (BT-24) and business process (BT-23)."""

    EN16931 = (_CORE, "")
    PEPPOL = (f"{_CORE}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", _BILLING)
    XRECHNUNG = (f"{_CORE}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", _BILLING)

    @property
    def specification(self) -> str:
        """BT-24."""
        return self.value[0]

    @property
    def process(self) -> str:
        """BT-23, empty where none is promised."""
        return self.value[1]


@dataclass(frozen=True)
class Identifier:
    """An identifier and the code of the list it is from (ISO 6523 or, for electronic addresses, EAS)."""

    value: str
    scheme: str = ""


NOTHING = Identifier("")


@dataclass(frozen=True)
class Party:
    """Seller or buyer: name, address, identifiers, electronic address (BT-34, BT-49) and contact."""

    name: str
    address: Address
    vat_id: str = ""
    tax_number: str = ""
    registration: Identifier = NOTHING
    endpoint: Identifier = NOTHING
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Payment:
    """Where to pay by credit transfer (BG-16, BG-17): the means of UNTDID 4461, account, its name, bank, reference."""

    means: str
    account: str
    name: str
    bic: str = ""
    reference: str = ""

    @property
    def is_iban(self) -> bool:
        """Whether the account is written as an IBAN rather than in a bank's own way."""
        return self.account[:2].isalpha() and self.account[2:4].isdigit()


@dataclass(frozen=True)
class Preceding:
    """The invoice that a credit note corrects (BG-3)."""

    number: str
    issue_date: date | None = None


@dataclass(frozen=True)
class EInvoice:
    """A whole invoice or credit note. Amounts are in minor units of `currency`; see `domain/invoice.py`."""

    kind: DocumentKind
    number: str
    issue_date: date
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    totals: Totals
    adjustments: tuple[DocumentAdjustment, ...] = ()
    due_date: date | None = None
    terms: str = ""
    period: tuple[date, date] | None = None
    buyer_reference: str = ""
    order: str = ""
    payment: Payment | None = None
    preceding: Preceding | None = None
    note: str = ""

    def has(self, kind: AdjustmentKind) -> bool:
        """Tell whether there is a discount or surcharge of the whole document, be it of nothing (BR-CO-11, BR-CO-12)."""
        return any(adjustment.kind == kind for adjustment in self.adjustments)

    @property
    def delivered_on(self) -> date | None:
        """The day the supply was completed (BT-72): the end of its period, once that has passed."""
        return self.period[1] if self.period and self.period[1] <= self.issue_date else None

    @property
    def delivery_country(self) -> str:
        """The country an intra-Community supply is delivered to (BT-80): the buyer's; empty for anything else."""
        return self.buyer.address.country if any(group.category == "K" for group in self.totals.vat) else ""
