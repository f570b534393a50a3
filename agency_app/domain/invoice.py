"""Invoice arithmetic: from seconds to a line, from lines to totals, and a checker that tolerates no difference.

Quantities are integers of 1/10000 hour or unit, prices integers of 1/10000 currency unit per hour or unit, amounts
integers of the currency's minor unit, VAT rates and percentages integers of basis points. Rules: EN 16931 (BR-CO-10 to
BR-CO-17); VAT by category is in `domain/vat.py`. A credit note follows the same arithmetic, with positive amounts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agency_app.domain.money import exponent, round_half_up, share
from agency_app.domain.vat import (
    BASIS_POINTS,
    AccountingVat,
    VatGroup,
    check_accounting,
    check_groups,
    check_rate,
    vat_amount,
)

QUANTITY_SCALE = 10_000
PRICE_SCALE = 10_000
ONE_UNIT = QUANTITY_SCALE

LineKind = Literal["fee", "time", "overage", "fixed", "expense", "media"]
LineUnit = Literal["h", "month", "unit"]
DocumentKind = Literal["invoice", "credit_note"]
AdjustmentKind = Literal["allowance", "charge"]


class LineWork(NamedTuple):
    """The part of one time entry that a line bills.

    `seconds` are raw seconds of the entry that this line consumes (over all lines at most the entry's own),
    `billed_seconds` what they are after the rounding policy, `amount_minor` their share of the line's net.
    """

    entry_id: str
    seconds: int
    billed_seconds: int
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """A discount (allowance) or surcharge (charge) of a line, as a positive amount in minor units, with its reason.

    `percent` (basis points) of `base_minor` is stated where the amount was found that way; both or neither.
    `reason_code` is of UNTDID 5189 for an allowance, 7161 for a charge.
    """

    kind: AdjustmentKind
    reason: str
    amount_minor: int
    reason_code: str = ""
    base_minor: int | None = None
    percent: int | None = None

    @property
    def signed_minor(self) -> int:
        """What it adds to a net: a charge its amount, an allowance less than nothing."""
        return self.amount_minor if self.kind == "charge" else -self.amount_minor


@dataclass(frozen=True, kw_only=True)
class DocumentAdjustment(Adjustment):
    """A discount or surcharge of the whole document (BG-20, BG-21), which falls under one VAT category and rate."""

    vat_category: str
    vat_rate: int


@dataclass(frozen=True)
class Line:
    """An invoice line: quantity (1/10000) × price (1/10000 of the currency unit), plus its charges, less its
    allowances = net (minor units)."""

    kind: LineKind
    description: str
    quantity: int
    unit: LineUnit
    price: int
    net_minor: int
    vat_category: str
    vat_rate: int
    work: tuple[LineWork, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    period_key: str = ""
    """The retainer period whose fee it charges, as the draft was given it."""
    key: str = ""
    """What a draft knows the line by, whatever its words and its place."""


@dataclass(frozen=True)
class Totals:
    """Total without VAT (BT-109), VAT groups, VAT (BT-110) and total with VAT (BT-112), in minor units; then the
    document's allowances (BT-107) and charges (BT-108), what was paid before (BT-113) and rounded away (BT-114), and
    the VAT in the accounting currency (BT-111)."""

    subtotal_minor: int
    vat: tuple[VatGroup, ...]
    vat_minor: int
    total_minor: int
    allowances_minor: int = 0
    charges_minor: int = 0
    prepaid_minor: int = 0
    rounding_minor: int = 0
    accounting: AccountingVat | None = None

    @property
    def lines_minor(self) -> int:
        """The sum of line nets that the totals state (BT-106), by BR-CO-13."""
        return self.subtotal_minor + self.allowances_minor - self.charges_minor

    @property
    def due_minor(self) -> int:
        """The amount due for payment (BT-115), by BR-CO-16."""
        return due_minor(self.total_minor, self.prepaid_minor, self.rounding_minor)


def quantity_of(seconds: int) -> int:
    """Return seconds as hours with four decimals (1/10000 hour), an exact half up."""
    return round_half_up(seconds * QUANTITY_SCALE, 3600)


def line_net(quantity: int, price: int, currency: str, adjustments: Iterable[Adjustment] = ()) -> int:
    """Return quantity × price in minor units of the currency, an exact half away from zero, plus charges, less
    allowances (Peppol R120, no slack)."""
    gross = round_half_up(quantity * price * 10 ** exponent(currency), QUANTITY_SCALE * PRICE_SCALE)
    return gross + sum(adjustment.signed_minor for adjustment in adjustments)


def price_of(amount_minor: int, currency: str) -> int:
    """Return an amount in minor units as a unit price (1/10000 of the currency unit); exact for every currency."""
    return amount_minor * (PRICE_SCALE // 10 ** exponent(currency))


def due_minor(total_minor: int, paid_minor: int = 0, rounding_minor: int = 0) -> int:
    """Return the amount due: total − paid + rounding (EN 16931 BR-CO-16), in minor units."""
    return total_minor - paid_minor + rounding_minor


def adjusted_by_percent(
    lines: Iterable[Line], kind: AdjustmentKind, reason: str, percent: int
) -> tuple[DocumentAdjustment, ...]:
    """Return a discount or surcharge of a percentage (basis points) on all lines: one for each (category, rate), so
    that it comes off before VAT (BR-CO-13, then BR-CO-17)."""
    return tuple(
        DocumentAdjustment(
            kind=kind,
            reason=reason,
            amount_minor=round_half_up(base * percent, BASIS_POINTS),
            base_minor=base,
            percent=percent,
            vat_category=category,
            vat_rate=rate,
        )
        for (category, rate), base in sorted(_bases(lines).items())
    )


def adjusted_by_amount(
    lines: Iterable[Line], kind: AdjustmentKind, reason: str, amount_minor: int
) -> tuple[DocumentAdjustment, ...]:
    """Return a discount or surcharge of an amount, shared over the (category, rate) groups in proportion to their
    nets; the parts add up to it exactly.

    Raises MoneyError when a group's nets are negative or there is nothing to share it over.
    """
    bases = sorted(_bases(lines).items())
    parts = share(amount_minor, [base for _, base in bases])
    return tuple(
        DocumentAdjustment(kind=kind, reason=reason, amount_minor=part, vat_category=category, vat_rate=rate)
        for ((category, rate), _), part in zip(bases, parts, strict=True)
        if part
    )


def totals_of(
    lines: Iterable[Line],
    currency: str,
    adjustments: Sequence[DocumentAdjustment] = (),
    prepaid_minor: int = 0,
    rounding_minor: int = 0,
) -> Totals:
    """Return the totals of lines and document adjustments: VAT once per (category, rate), groups in that order.

    Raises MoneyError for an unknown currency.
    """
    exponent(currency)
    groups = tuple(
        VatGroup(category, rate, base, vat_amount(base, rate))
        for (category, rate), base in sorted(_bases(lines, adjustments).items())
    )
    subtotal, vat = sum(group.base_minor for group in groups), sum(group.amount_minor for group in groups)
    return Totals(
        subtotal_minor=subtotal,
        vat=groups,
        vat_minor=vat,
        total_minor=subtotal + vat,
        allowances_minor=_sum_of(adjustments, "allowance"),
        charges_minor=_sum_of(adjustments, "charge"),
        prepaid_minor=prepaid_minor,
        rounding_minor=rounding_minor,
    )


def _bases(lines: Iterable[Line], adjustments: Iterable[DocumentAdjustment] = ()) -> dict[tuple[str, int], int]:
    bases: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines:
        bases[line.vat_category, line.vat_rate] += line.net_minor
    for adjustment in adjustments:
        bases[adjustment.vat_category, adjustment.vat_rate] += adjustment.signed_minor
    return bases


def _sum_of(adjustments: Iterable[Adjustment], kind: AdjustmentKind) -> int:
    return sum(adjustment.amount_minor for adjustment in adjustments if adjustment.kind == kind)


def check_invoice(
    lines: Sequence[Line],
    totals: Totals,
    currency: str,
    adjustments: Sequence[DocumentAdjustment] = (),
    kind: DocumentKind = "invoice",
) -> list[str]:
    """Return every broken identity as a sentence that names the rule; an empty list when all hold exactly.

    Covers the line identity (Peppol R120 with no slack), BR-CO-10 to 15 and 17, the VAT categories (BR-S-01 and 05 to
    10 and their kin, BR-O-11), BR-27, adjustments with their reasons, BR-53, the sign of a credit note, and the tie of
    each line to its work. BR-CO-16 holds by the making of `Totals`.
    """
    findings: list[str] = []
    for number, line in enumerate(lines, start=1):
        findings += [f"Line {number} ({line.description}): {finding}" for finding in _check_line(line, currency)]
    for adjustment in adjustments:
        said = [*_check_adjustment(adjustment), *check_rate(adjustment.vat_category, adjustment.vat_rate)]
        findings += [f"{adjustment.kind.capitalize()} ({adjustment.reason}): {finding}" for finding in said]
    findings += check_groups(totals.vat, _bases(lines, adjustments))
    findings += _check_sums(lines, totals, adjustments)
    if totals.accounting:
        rest = kind == "credit_note"
        findings += check_accounting(totals.accounting, totals.vat_minor, currency, may_be_a_rest=rest)
    if kind == "credit_note" and totals.total_minor < 0:
        findings.append("A credit note says what is given back as positive amounts; its total is negative.")
    return findings


def _check_line(line: Line, currency: str) -> Iterable[str]:
    expected = line_net(line.quantity, line.price, currency, line.adjustments)
    if line.net_minor != expected:
        yield f"R120: quantity × price is {expected}, the net says {line.net_minor}."
    if line.price < 0:
        yield "BR-27: the price is negative."
    yield from check_rate(line.vat_category, line.vat_rate)
    for adjustment in line.adjustments:
        yield from (f"{adjustment.kind} ({adjustment.reason}): {finding}" for finding in _check_adjustment(adjustment))
    if line.work:
        yield from _check_work(line)


def _check_adjustment(adjustment: Adjustment) -> Iterable[str]:
    if not adjustment.reason and not adjustment.reason_code:
        yield "BR-33, BR-38, BR-42, BR-44: it has no reason."
    if adjustment.amount_minor < 0:
        yield "its amount is negative: a discount and a surcharge are each stated as a positive amount."
    if (adjustment.percent is None) != (adjustment.base_minor is None):
        yield "Peppol R041, R042: it states a percentage without a base, or a base without a percentage."
    if adjustment.percent is not None and adjustment.base_minor is not None:
        expected = round_half_up(adjustment.base_minor * adjustment.percent, BASIS_POINTS)
        if adjustment.amount_minor != expected:
            yield f"Peppol R040: base × percentage is {expected}, the amount says {adjustment.amount_minor}."


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


def _check_sums(lines: Sequence[Line], totals: Totals, adjustments: Sequence[DocumentAdjustment]) -> Iterable[str]:
    for rule, name, kind, stated in (
        ("BR-CO-11", "allowances", "allowance", totals.allowances_minor),
        ("BR-CO-12", "charges", "charge", totals.charges_minor),
    ):
        added = sum(adjustment.amount_minor for adjustment in adjustments if adjustment.kind == kind)
        if stated != added:
            yield f"{rule}: the {name} add up to {added}, the totals say {stated}."
    nets = sum(line.net_minor for line in lines)
    if totals.lines_minor != nets:
        yield (
            f"BR-CO-10, BR-CO-13: the nets, less allowances, plus charges, add up to "
            f"{nets - totals.allowances_minor + totals.charges_minor}, the subtotal says {totals.subtotal_minor}."
        )
    vat = sum(group.amount_minor for group in totals.vat)
    if totals.vat_minor != vat:
        yield f"BR-CO-14: the VAT groups add up to {vat}, the VAT says {totals.vat_minor}."
    total = totals.subtotal_minor + totals.vat_minor
    if totals.total_minor != total:
        yield f"BR-CO-15: subtotal + VAT is {total}, the total says {totals.total_minor}."
