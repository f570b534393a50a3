"""Credit notes: what is left of an invoice, and the lines that give some or all of it back.

A credit note (EN 16931 type 381) states positive amounts. However an invoice is credited, in one go or in many parts, the
parts add up to it exactly: whoever takes what is left of a line takes its last minor unit too, as a surcharge or discount
named rounding, because every printed line multiplies out (Peppol R120) and VAT is found once per group (BR-CO-17).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agency_app.domain.invoice import (
    Adjustment,
    DocumentAdjustment,
    Line,
    LineWork,
    Totals,
    line_net,
    quantity_of,
    totals_of,
)
from agency_app.domain.money import round_half_up, share

ROUNDING = "Rounding"
AS_INVOICED = "Discounts and surcharges as invoiced"


class CreditError(ValueError):
    """More was to be credited than is left, or a part of what is credited whole; the line is named."""


@dataclass(frozen=True)
class BilledLine:
    """A line of an invoice and the lines of credit notes that gave parts of it back already."""

    line: Line
    credits: tuple[Line, ...] = ()

    @property
    def net_left(self) -> int:
        """What is left of its net, in minor units."""
        return self.line.net_minor - sum(credit.net_minor for credit in self.credits)

    @property
    def seconds_left(self) -> dict[str, int]:
        """The raw seconds that the line still bills, by entry; entries that are given back whole are not in it."""
        given: dict[str, int] = defaultdict(int)
        for credit in self.credits:
            for work in credit.work:
                given[work.entry_id] += work.seconds
        left = {work.entry_id: work.seconds - given[work.entry_id] for work in self.line.work}
        return {entry_id: seconds for entry_id, seconds in left.items() if seconds}

    @property
    def is_credited(self) -> bool:
        """Whether nothing of the line is left."""
        if self.line.work and self.line.unit == "h":
            return not self.seconds_left
        return bool(self.credits)


@dataclass(frozen=True)
class Credit:
    """A credit note as arithmetic: its lines with the positions of those they give back, and its totals. It is `closing`
    when nothing of the invoice is left after it."""

    lines: tuple[tuple[int, Line], ...]
    adjustments: tuple[DocumentAdjustment, ...]
    totals: Totals
    closing: bool


def credit_line(billed: BilledLine, currency: str, seconds: Mapping[str, int] | None = None) -> Line:
    """Return the line that gives back some raw seconds of a line's work by entry, or all that is left of it for None.

    A line that is not priced by the hour, a fee, is given back whole. Raises CreditError for seconds that the line does
    not bill any more, and for a line of which nothing is left.
    """
    line, left = billed.line, billed.seconds_left
    if billed.is_credited:
        raise CreditError(f"{line.description} is credited already.")
    if line.unit != "h" or not line.work:
        if seconds is not None and seconds != left:
            raise CreditError(f"{line.description} is not priced by the hour: credit it whole.")
        return line
    chosen = dict(left) if seconds is None else {entry_id: value for entry_id, value in seconds.items() if value}
    if not chosen:
        raise CreditError(f"{line.description}: choose some of its time.")
    for entry_id, value in chosen.items():
        if not 0 < value <= left.get(entry_id, 0):
            raise CreditError(f"{line.description}: {value // 60} min are more than is left of an entry.")
    if not billed.credits and chosen == left:
        return line
    return _part(billed, currency, chosen, closing=chosen == left)


def _part(billed: BilledLine, currency: str, chosen: Mapping[str, int], closing: bool) -> Line:
    line = billed.line
    works = [work for work in line.work if work.entry_id in chosen]
    rounded = [_billed_seconds(billed, work, chosen[work.entry_id]) for work in works]
    quantity = quantity_of(sum(rounded))
    gross = line_net(quantity, line.price, currency)
    if closing:
        net = billed.net_left
    elif line.adjustments:
        undiscounted = line_net(line.quantity, line.price, currency)
        net = round_half_up(gross * line.net_minor, undiscounted) if undiscounted else 0
    else:
        net = gross
    net = min(net, billed.net_left) if line.net_minor >= 0 else max(net, billed.net_left)
    weights = rounded if any(rounded) else [work.seconds for work in works]
    amounts = share(net, weights)
    return replace(
        line,
        quantity=quantity,
        net_minor=net,
        work=tuple(
            LineWork(work.entry_id, chosen[work.entry_id], seconds, amount)
            for work, seconds, amount in zip(works, rounded, amounts, strict=True)
        ),
        adjustments=_difference(net - gross, AS_INVOICED if line.adjustments else ROUNDING),
    )


def _billed_seconds(billed: BilledLine, work: LineWork, chosen: int) -> int:
    """Return what some raw seconds counted for after rounding, so that all parts of an entry add up to its whole."""
    given = [one for credit in billed.credits for one in credit.work if one.entry_id == work.entry_id]
    raw, counted = sum(one.seconds for one in given), sum(one.billed_seconds for one in given)
    return round_half_up(work.billed_seconds * (raw + chosen), work.seconds) - counted


def _difference(minor: int, reason: str) -> tuple[Adjustment, ...]:
    if not minor:
        return ()
    return (Adjustment(kind="charge" if minor > 0 else "allowance", reason=reason, amount_minor=abs(minor)),)


def credit_of(
    lines: Mapping[int, BilledLine],
    adjustments: Sequence[DocumentAdjustment],
    left_minor: int,
    chosen: Mapping[int, Mapping[str, int] | None],
    currency: str,
) -> Credit:
    """Return the credit note over chosen lines of an invoice, by position; see `credit_line`.

    `adjustments` are the invoice's own discounts and surcharges, which follow the nets they were given on; `left_minor`
    is what is left of its total. The credit note never exceeds that, and takes all of it when no line is left.
    Raises CreditError when nothing, or nothing that is left, was chosen.
    """
    if not chosen:
        raise CreditError("Choose what to credit.")
    unknown = sorted(set(chosen) - set(lines))
    if unknown:
        raise CreditError(f"The invoice has no line {unknown[0]}.")
    given = [(position, credit_line(lines[position], currency, chosen[position])) for position in sorted(chosen)]
    after = {
        position: replace(billed, credits=(*billed.credits, *(line for at, line in given if at == position)))
        for position, billed in lines.items()
    }
    closing = all(billed.is_credited for billed in after.values())
    parts = tuple(_adjustment_parts(adjustments, lines.values(), after.values(), closing))
    credited = [line for _, line in given]
    totals = totals_of(credited, currency, parts)
    difference = left_minor - totals.total_minor
    rounding = difference if closing else min(0, difference)
    return Credit(tuple(given), parts, replace(totals, rounding_minor=rounding), closing)


def _adjustment_parts(
    adjustments: Iterable[DocumentAdjustment],
    before: Iterable[BilledLine],
    after: Iterable[BilledLine],
    closing: bool,
) -> Iterable[DocumentAdjustment]:
    """Yield each discount and surcharge of the document in proportion to the nets of its VAT group that are credited."""
    whole, taken, taking = _nets(before, lambda billed: billed.line.net_minor), _taken(before), _taken(after)
    for adjustment in adjustments:
        group = adjustment.vat_category, adjustment.vat_rate
        until, now = (
            _share(adjustment.amount_minor, nets.get(group, 0), whole.get(group, 0)) for nets in (taken, taking)
        )
        amount = (adjustment.amount_minor if closing else now) - until
        if amount:
            yield replace(adjustment, amount_minor=amount, base_minor=None, percent=None)


def _taken(lines: Iterable[BilledLine]) -> dict[tuple[str, int], int]:
    return _nets(lines, lambda billed: billed.line.net_minor - billed.net_left)


def _nets(lines: Iterable[BilledLine], net: Callable[[BilledLine], int]) -> dict[tuple[str, int], int]:
    nets: dict[tuple[str, int], int] = defaultdict(int)
    for billed in lines:
        nets[billed.line.vat_category, billed.line.vat_rate] += net(billed)
    return nets


def _share(amount: int, part: int, whole: int) -> int:
    return round_half_up(amount * part, whole) if whole else 0
