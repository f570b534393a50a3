"""VAT by the categories of EN 16931 (UNTDID 5305): what each may charge, must say and asks of seller and buyer.

Amounts are integers of the currency's minor unit, rates integers of basis points. VAT is taken once per category and
rate, never per line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agency_app.domain.money import exponent, round_half_up

BASIS_POINTS = 10_000
EXCHANGE_SCALE = 1_000_000


@dataclass(frozen=True)
class VatCategory:
    """What EN 16931 asks of a category: the letters of its rules, whether it charges VAT, and the words that say why
    it does not (BT-120; empty where a reason is forbidden)."""

    rules: str
    taxed: bool = False
    reason: str = ""
    buyer_vat_id: bool = False
    """Whether the buyer must be named by a VAT or registration number (BR-AE-02, BR-IC-02)."""


CATEGORIES: Mapping[str, VatCategory] = {
    "S": VatCategory("S", taxed=True),
    "Z": VatCategory("Z"),
    "E": VatCategory("E", reason="Exempt from VAT."),
    "AE": VatCategory("AE", reason="Reverse charge: the customer accounts for the VAT.", buyer_vat_id=True),
    "K": VatCategory("IC", reason="Intra-Community supply, exempt from VAT.", buyer_vat_id=True),
    "G": VatCategory("G", reason="Export outside the EU, exempt from VAT."),
    "O": VatCategory("O", reason="Not subject to VAT."),
}


@dataclass(frozen=True)
class VatGroup:
    """VAT of one (category, rate): taxable base (BT-116) and amount (BT-117) in minor units, rate in basis points.

    `reason` says why no VAT is charged (BT-120) where the category's own words do not do; `reason_code` is from the
    VATEX list (BT-121).
    """

    category: str
    rate: int
    base_minor: int
    amount_minor: int
    reason: str = ""
    reason_code: str = ""

    @property
    def exemption(self) -> str:
        """The words that say why no VAT is charged, empty for the rates that charge it and for zero rated."""
        known = CATEGORIES.get(self.category)
        return self.reason or (known.reason if known else "")


@dataclass(frozen=True)
class AccountingVat:
    """The VAT total in the currency the seller accounts for VAT in (BT-6, BT-111), at an exchange rate of 1/1000000
    accounting units per unit of the invoice's currency."""

    currency: str
    vat_minor: int
    exchange_rate: int


@dataclass(frozen=True)
class PartyFault:
    """What a VAT category asks of a party that is not there, and the field that would say it; empty where none does."""

    message: str
    party: Literal["", "seller", "buyer"] = ""
    field: str = ""


def category_at(rate: int | None) -> tuple[str, int]:
    """Return the category and the rate of work that is charged at an agency's own rate: zero rated at 0.

    Of an unknown rate (None) it is taxed at none yet, which no invoice may be (BR-S-05): the rate is still to be said.
    """
    return ("Z", 0) if rate == 0 else ("S", rate or 0)


def is_untold(category: str, rate: int) -> bool:
    """Tell whether VAT is charged at a rate that nobody has said yet."""
    return category == "S" and rate == 0


def vat_amount(base_minor: int, basis_points: int) -> int:
    """Return the VAT on a base in minor units, an exact half away from zero (EN 16931 BR-CO-17)."""
    return round_half_up(base_minor * basis_points, BASIS_POINTS)


def vat_in_accounting_currency(
    vat_minor: int, currency: str, accounting_currency: str, exchange_rate: int
) -> AccountingVat:
    """Return the VAT total in the accounting currency (BT-111), converted once and rounded to its minor unit.

    Raises MoneyError for an unknown currency.
    """
    converted = round_half_up(
        vat_minor * exchange_rate * 10 ** exponent(accounting_currency), EXCHANGE_SCALE * 10 ** exponent(currency)
    )
    return AccountingVat(accounting_currency, converted, exchange_rate)


def accounting_given_back(
    invoiced: AccountingVat, given_minor: int, vat_minor: int, currency: str, *, closing: bool
) -> AccountingVat:
    """Return the VAT of a credit note in the accounting currency, at the rate of its invoice.

    `given_minor` is what earlier credit notes over it stated. All of them together never state more than the invoice
    did; the `closing` one takes the rest, so that they add up to it.
    """
    left = invoiced.vat_minor - given_minor
    if closing:
        return replace(invoiced, vat_minor=left)
    stated = vat_in_accounting_currency(vat_minor, currency, invoiced.currency, invoiced.exchange_rate).vat_minor
    return replace(invoiced, vat_minor=min(stated, left) if invoiced.vat_minor >= 0 else max(stated, left))


def check_rate(category: str, rate: int) -> Iterable[str]:
    """Yield what is wrong with a category at a rate, on a line or an adjustment (BR-S-05 to 07 and their kin)."""
    known = CATEGORIES.get(category)
    if known is None:
        yield f"BR-CL-17: “{category}” is no VAT category; choose one of {', '.join(CATEGORIES)}."
    elif rate < 0 or known.taxed != (rate > 0):
        yield f"BR-{known.rules}-05: VAT category {category} cannot have a rate of {rate} basis points."


def check_groups(groups: Sequence[VatGroup], bases: Mapping[tuple[str, int], int]) -> Iterable[str]:
    """Yield every difference between the VAT groups and the bases that lines and adjustments add up to: one group for
    each (category, rate), base and amount exact, a reason where it is due (BR-*-01, 08, 09, 10, BR-CO-17, BR-O-11)."""
    stated = {(group.category, group.rate): group for group in groups}
    if len(stated) != len(groups):
        yield "BR-S-08: a VAT category and rate appears twice."
    for key in sorted(bases.keys() | stated.keys()):
        group = stated.get(key)
        if group is None or key not in bases:
            missing = "missing from the totals" if group is None else "on no line"
            yield f"BR-{_rules(key[0])}-01, BR-{_rules(key[0])}-08: {_name(key)} is {missing}."
        else:
            yield from _check_group(group, bases[key])
    if any(group.category == "O" for group in groups) and len(groups) > 1:
        yield "BR-O-11: what is not subject to VAT needs an invoice of its own, without other VAT categories."


def _check_group(group: VatGroup, base_minor: int) -> Iterable[str]:
    name, rules = _name((group.category, group.rate)), _rules(group.category)
    if group.base_minor != base_minor:
        yield f"BR-{rules}-08: {name}: the lines add up to {base_minor}, the base says {group.base_minor}."
    expected = vat_amount(group.base_minor, group.rate)
    if group.amount_minor != expected:
        yield f"BR-CO-17, BR-{rules}-09: {name}: base × rate is {expected}, the VAT says {group.amount_minor}."
    known = CATEGORIES.get(group.category)
    if known and not known.reason and (group.reason or group.reason_code):
        yield f"BR-{rules}-10: {name} cannot have an exemption reason."


def check_parties(
    categories: Iterable[str],
    *,
    seller_vat_id: str,
    seller_tax_number: str = "",
    buyer_vat_id: str = "",
    buyer_registration: str = "",
    delivery_country: str = "",
    delivery_dated: bool = False,
) -> list[PartyFault]:
    """Return what the VAT categories of an invoice ask of seller, buyer and delivery that is not there (BR-*-02 to 04,
    BR-IC-11, BR-IC-12). Not subject to VAT (O) asks for no identifier: its documents leave them out (BR-O-02)."""
    found: list[PartyFault] = []
    for category in sorted(set(categories) & CATEGORIES.keys() - {"O"}):
        known = CATEGORIES[category]
        vat_id_alone = category in {"K", "G"}
        if not seller_vat_id and (vat_id_alone or not seller_tax_number):
            needs = f"BR-{known.rules}-02: VAT category {category} needs the agency's VAT id."
            found.append(PartyFault(needs, "seller", "vat_id"))
        has_buyer_id = bool(buyer_vat_id or (category == "AE" and buyer_registration))
        if known.buyer_vat_id and not has_buyer_id:
            needs = f"BR-{known.rules}-02: VAT category {category} needs the client's VAT id."
            found.append(PartyFault(needs, "buyer", "vat_id"))
        if category == "K" and not delivery_dated:
            found.append(PartyFault("BR-IC-11: an intra-Community supply needs its delivery date or period."))
        if category == "K" and not delivery_country:
            needs = "BR-IC-12: an intra-Community supply needs the country it is delivered to."
            found.append(PartyFault(needs, "buyer", "country"))
    return found


def check_accounting(
    accounting: AccountingVat, vat_minor: int, currency: str, *, may_be_a_rest: bool = False
) -> Iterable[str]:
    """Yield what is wrong with the VAT total in the accounting currency (BT-111). One that `may_be_a_rest`, on a credit
    note, is held to its invoice and the other credit notes over it, not to its own VAT; see `accounting_given_back`."""
    if accounting.currency == currency:
        yield f"BT-6: the accounting currency is {currency}, the invoice's own: leave it out."
        return
    if may_be_a_rest:
        return
    expected = vat_in_accounting_currency(vat_minor, currency, accounting.currency, accounting.exchange_rate)
    if accounting != expected:
        yield (
            f"BR-53: the VAT in {accounting.currency} is {expected.vat_minor}, the invoice says {accounting.vat_minor}."
        )


def _rules(category: str) -> str:
    known = CATEGORIES.get(category)
    return known.rules if known else "S"


def _name(key: tuple[str, int]) -> str:
    return f"VAT {key[0]} {key[1]} basis points"
