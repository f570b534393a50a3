"""Invoice arithmetic: from seconds to a line, from lines to totals, and a checker that tolerates no difference.

Quantities are integers of 1/10000 hour or unit, prices integers of 1/10000 currency unit per hour or unit, amounts
integers of the currency's minor unit, VAT rates integers of basis points. Rules: EN 16931 (BR-CO-10 to BR-CO-17).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from agency_app.domain.money import exponent, round_half_up

QUANTITY_SCALE = 10_000
PRICE_SCALE = 10_000
BASIS_POINTS = 10_000
ONE_UNIT = QUANTITY_SCALE

LineKind = Literal["fee", "time", "overage"]
LineUnit = Literal["h", "month"]

# EN 16931: exempt, reverse charge, zero rated, intra-community, export and out of scope carry no VAT.
_CATEGORIES_WITHOUT_VAT = frozenset({"E", "AE", "Z", "K", "G", "O"})


@dataclass(frozen=True)
class LineWork:
    """The part of one time entry that a line bills.

    `seconds` are raw seconds of the entry that this line consumes (over all lines at most the entry's own),
    `billed_seconds` what they are after the rounding policy, `amount_minor` their share of the line's net.
    """

    entry_id: str
    seconds: int
    billed_seconds: int
    amount_minor: int


@dataclass(frozen=True)
class Line:
    """An invoice line: quantity (1/10000) × price (1/10000 of the currency unit) = net (minor units)."""

    kind: LineKind
    description: str
    quantity: int
    unit: LineUnit
    price: int
    net_minor: int
    vat_category: str
    vat_rate: int
    work: tuple[LineWork, ...] = ()


@dataclass(frozen=True)
class VatGroup:
    """VAT of one (category, rate): taxable base (BT-116) and amount (BT-117) in minor units, rate in basis points."""

    category: str
    rate: int
    base_minor: int
    amount_minor: int


@dataclass(frozen=True)
class Totals:
    """Sum of nets (BT-106, BT-109), VAT groups, VAT (BT-110) and total with VAT (BT-112), in minor units."""

    subtotal_minor: int
    vat: tuple[VatGroup, ...]
    vat_minor: int
    total_minor: int


def quantity_of(seconds: int) -> int:
    """Return seconds as hours with four decimals (1/10000 hour), an exact half up."""
    return round_half_up(seconds * QUANTITY_SCALE, 3600)


def line_net(quantity: int, price: int, currency: str) -> int:
    """Return quantity × price in minor units of the currency, an exact half away from zero (Peppol R120, no slack)."""
    return round_half_up(quantity * price * 10 ** exponent(currency), QUANTITY_SCALE * PRICE_SCALE)


def price_of(amount_minor: int, currency: str) -> int:
    """Return an amount in minor units as a unit price (1/10000 of the currency unit); exact for every currency."""
    return amount_minor * (PRICE_SCALE // 10 ** exponent(currency))


def vat_amount(base_minor: int, basis_points: int) -> int:
    """Return the VAT on a base in minor units, an exact half away from zero (EN 16931 BR-CO-17)."""
    return round_half_up(base_minor * basis_points, BASIS_POINTS)


def due_minor(total_minor: int, paid_minor: int = 0, rounding_minor: int = 0) -> int:
    """Return the amount due: total − paid + rounding (EN 16931 BR-CO-16), in minor units."""
    return total_minor - paid_minor + rounding_minor


def totals_of(lines: Iterable[Line], currency: str) -> Totals:
    """Return the totals of lines: VAT once per (category, rate), groups in that order.

    Raises MoneyError for an unknown currency.
    """
    exponent(currency)
    groups = tuple(
        VatGroup(category, rate, base, vat_amount(base, rate))
        for (category, rate), base in sorted(_bases(lines).items())
    )
    subtotal, vat = (
        sum(group.base_minor for group in groups),
        sum(group.amount_minor for group in groups),
    )
    return Totals(subtotal_minor=subtotal, vat=groups, vat_minor=vat, total_minor=subtotal + vat)


def _bases(lines: Iterable[Line]) -> dict[tuple[str, int], int]:
    bases: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines:
        bases[line.vat_category, line.vat_rate] += line.net_minor
    return bases


def check_invoice(lines: Sequence[Line], totals: Totals, currency: str) -> list[str]:
    """Return every broken identity as a sentence that names the rule; an empty list when all hold exactly.

    Covers the line identity (Peppol R120 with no slack), BR-CO-10, 13, 14, 15, 17, BR-S-08 and its kin, BR-27, VAT
    categories without VAT, and the tie of each line to its work.
    """
    findings: list[str] = []
    for number, line in enumerate(lines, start=1):
        findings += [f"Line {number} ({line.description}): {finding}" for finding in _check_line(line, currency)]
    return [*findings, *_check_vat(lines, totals), *_check_sums(lines, totals)]


def _check_line(line: Line, currency: str) -> Iterable[str]:
    expected = line_net(line.quantity, line.price, currency)
    if line.net_minor != expected:
        yield f"R120: quantity × price is {expected}, the net says {line.net_minor}."
    if line.price < 0:
        yield "BR-27: the price is negative."
    if line.vat_rate < 0 or (line.vat_category in _CATEGORIES_WITHOUT_VAT and line.vat_rate != 0):
        yield f"VAT category {line.vat_category} cannot have a rate of {line.vat_rate} basis points."
    if line.work:
        yield from _check_work(line)


def _check_work(line: Line) -> Iterable[str]:
    if len({work.entry_id for work in line.work}) != len(line.work):
        yield "an entry is counted twice."
    if any(work.seconds < 0 or work.billed_seconds < 0 for work in line.work):
        yield "an entry has negative time."
    amount = sum(work.amount_minor for work in line.work)
    # A fee buys availability, not hours: work under it is traced without a price of its own.
    if amount != line.net_minor and not (line.kind == "fee" and not any(work.amount_minor for work in line.work)):
        yield f"its work adds up to {amount}, the net says {line.net_minor}."
    quantity = quantity_of(sum(work.billed_seconds for work in line.work))
    if line.unit == "h" and line.quantity != quantity:
        yield f"its work adds up to a quantity of {quantity}, the line says {line.quantity}."


def _check_vat(lines: Sequence[Line], totals: Totals) -> Iterable[str]:
    stated = {(group.category, group.rate): group for group in totals.vat}
    if len(stated) != len(totals.vat):
        yield "BR-S-08: a VAT category and rate appears twice."
    bases = _bases(lines)
    for key in sorted(bases.keys() | stated.keys()):
        name = f"VAT {key[0]} {key[1]} basis points"
        group = stated.get(key)
        if group is None or key not in bases:
            yield f"BR-S-08: {name} is {'missing from the totals' if group is None else 'on no line'}."
            continue
        if group.base_minor != bases[key]:
            yield f"BR-S-08: {name}: the lines add up to {bases[key]}, the base says {group.base_minor}."
        expected = vat_amount(group.base_minor, group.rate)
        if group.amount_minor != expected:
            yield f"BR-CO-17: {name}: base × rate is {expected}, the VAT says {group.amount_minor}."


def _check_sums(lines: Sequence[Line], totals: Totals) -> Iterable[str]:
    nets = sum(line.net_minor for line in lines)
    if totals.subtotal_minor != nets:
        yield f"BR-CO-10, BR-CO-13: the nets add up to {nets}, the subtotal says {totals.subtotal_minor}."
    vat = sum(group.amount_minor for group in totals.vat)
    if totals.vat_minor != vat:
        yield f"BR-CO-14: the VAT groups add up to {vat}, the VAT says {totals.vat_minor}."
    total = totals.subtotal_minor + totals.vat_minor
    if totals.total_minor != total:
        yield f"BR-CO-15: subtotal + VAT is {total}, the total says {totals.total_minor}."
