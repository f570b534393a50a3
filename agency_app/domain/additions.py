"""What people add to the lines of a draft: items, discounts and surcharges, prepayments, their own words and order.

Quantities and prices are integers of 1/10000, amounts integers of the currency's minor unit, percentages and VAT rates
integers of basis points.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from agency_app.domain.invoice import (
    ONE_UNIT,
    Adjustment,
    AdjustmentKind,
    DocumentAdjustment,
    Line,
    LineKind,
    Totals,
    adjusted_by_amount,
    adjusted_by_percent,
    line_net,
    totals_of,
)
from agency_app.domain.money import round_half_up, share
from agency_app.domain.vat import BASIS_POINTS, CATEGORIES, VatGroup, vat_in_accounting_currency

ItemKind = Literal["fixed", "expense", "media", "discount", "surcharge", "prepayment"]
LINE_KINDS = ("fixed", "expense", "media")
_ADJUSTMENTS: Mapping[str, AdjustmentKind] = {"discount": "allowance", "surcharge": "charge"}


@dataclass(frozen=True)
class Treatment:
    """VAT category, rate in basis points, and why no VAT is charged where the category's usual words do not do."""

    category: str
    rate: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something added by a person. A line has quantity, price and markup; a discount or surcharge an amount or a
    percentage, of the line whose key it names or of the whole document; a prepayment an amount.

    Without a treatment of its own it has the client's; on the whole document it is then shared over all there are.
    """

    id: str
    kind: ItemKind
    description: str
    quantity: int = ONE_UNIT
    price: int = 0
    markup: int = 0
    amount_minor: int = 0
    percent: int | None = None
    line_key: str = ""
    treatment: Treatment | None = None

    @property
    def key(self) -> str:
        """The key of its line, of its own words and its place."""
        return f"item:{self.id}"

    @property
    def marked_up(self) -> int:
        """The price with the markup on it, an exact half away from zero."""
        return round_half_up(self.price * (BASIS_POINTS + self.markup), BASIS_POINTS)


@dataclass(frozen=True)
class Additions:
    """All that was added to one draft: items, words by line key, the keys of lines in a chosen order, and, for an
    invoice in a foreign currency, the currency VAT is accounted for in with its rate (1/1000000 a unit)."""

    items: tuple[Item, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    accounting_currency: str = ""
    exchange_rate: int | None = None


NOTHING_ADDED = Additions()


@dataclass(frozen=True)
class Completed:
    """The lines in print order with everything that was added, the document's discounts and surcharges, the totals, and
    the items that found no line any more."""

    lines: tuple[Line, ...]
    adjustments: tuple[DocumentAdjustment, ...]
    totals: Totals
    loose: tuple[Item, ...]


def complete(found: Iterable[Line], currency: str, usual: Treatment, additions: Additions) -> Completed:
    """Return derived lines with what was added to them; `usual` is the client's VAT treatment.

    Discounts and surcharges of the document are each of the lines' sum, not of one another. Raises MoneyError for an
    unknown currency.
    """
    lines = [*found, *(_line_of(item, currency, usual) for item in additions.items if item.kind in LINE_KINDS)]
    keys = {line.key for line in lines}
    on_lines: dict[str, list[Item]] = defaultdict(list)
    of_document: list[Item] = []
    loose: list[Item] = []
    for item in additions.items:
        if item.kind in _ADJUSTMENTS:
            if not item.line_key:
                of_document.append(item)
            elif item.line_key in keys:
                on_lines[item.line_key].append(item)
            else:
                loose.append(item)
    lines = [_worded(_adjusted(line, on_lines[line.key], currency), additions.words) for line in lines]
    lines = in_order(lines, additions.order)
    spread = [(item, _of_document(item, lines, usual)) for item in of_document]
    loose += [item for item, parts in spread if not parts]
    adjustments = tuple(one for _, parts in spread for one in parts)
    prepaid = sum(item.amount_minor for item in additions.items if item.kind == "prepayment")
    totals = totals_of(lines, currency, adjustments, prepaid)
    return Completed(tuple(lines), adjustments, _explained(totals, currency, usual, additions), tuple(loose))


def in_order(lines: Sequence[Line], order: Sequence[str]) -> list[Line]:
    """Return lines in a chosen order of keys. A line that is not in it stands behind the one it follows by nature."""
    by_key = {line.key: line for line in lines}
    chosen = [by_key[key] for key in dict.fromkeys(order) if key in by_key]
    if not chosen:
        return list(lines)
    placed = {line.key for line in chosen}
    before: Line | None = None
    for line in lines:
        if line.key not in placed:
            chosen.insert(chosen.index(before) + 1 if before is not None else 0, line)
        before = line
    return chosen


def _line_of(item: Item, currency: str, usual: Treatment) -> Line:
    treatment = item.treatment or usual
    net = line_net(item.quantity, item.marked_up, currency)
    kind = cast(LineKind, item.kind)
    return Line(
        kind,
        item.description,
        item.quantity,
        "unit",
        item.marked_up,
        net,
        treatment.category,
        treatment.rate,
        key=item.key,
    )


def _adjusted(line: Line, items: Sequence[Item], currency: str) -> Line:
    """Return a line with its discounts and surcharges; the work under it adds up to the net that is left."""
    if not items:
        return line
    gross = line.net_minor
    adjustments = tuple(
        Adjustment(
            kind=_ADJUSTMENTS[item.kind],
            reason=item.description,
            amount_minor=_amount_of(item, gross),
            base_minor=gross if item.percent is not None else None,
            percent=item.percent,
        )
        for item in items
    )
    net = line_net(line.quantity, line.price, currency, adjustments)
    work = line.work
    if any(one.amount_minor for one in work):
        parts = share(net, [one.billed_seconds for one in work])
        work = tuple(one._replace(amount_minor=part) for one, part in zip(work, parts, strict=True))
    return replace(line, net_minor=net, adjustments=adjustments, work=work)


def _amount_of(item: Item, base_minor: int) -> int:
    return item.amount_minor if item.percent is None else round_half_up(base_minor * item.percent, BASIS_POINTS)


def _worded(line: Line, words: Mapping[str, str]) -> Line:
    return replace(line, description=words[line.key]) if line.key in words else line


def _of_document(item: Item, lines: Sequence[Line], usual: Treatment) -> tuple[DocumentAdjustment, ...]:
    kind, own = _ADJUSTMENTS[item.kind], item.treatment
    if own is not None:
        lines = [line for line in lines if (line.vat_category, line.vat_rate) == (own.category, own.rate)]
    if item.percent is not None:
        found = adjusted_by_percent(lines, kind, item.description, item.percent)
        return tuple(one for one in found if one.amount_minor >= 0)
    sums = _sums(lines).values()
    if own is None and any(sums) and all(each >= 0 for each in sums):
        return adjusted_by_amount(lines, kind, item.description, item.amount_minor)
    treatment = own or usual
    return (
        DocumentAdjustment(
            kind=kind,
            reason=item.description,
            amount_minor=item.amount_minor,
            vat_category=treatment.category,
            vat_rate=treatment.rate,
        ),
    )


def _sums(lines: Iterable[Line]) -> dict[tuple[str, int], int]:
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines:
        sums[line.vat_category, line.vat_rate] += line.net_minor
    return sums


def _explained(totals: Totals, currency: str, usual: Treatment, additions: Additions) -> Totals:
    """Return totals whose groups say why they have no VAT, with the VAT in the currency it is accounted for in."""
    said: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    for one in (usual, *(item.treatment for item in additions.items if item.treatment is not None)):
        if one.reason:
            said[one.category, one.rate][one.reason] = None
    vat = tuple(_with_reason(group, " ".join(said[group.category, group.rate])) for group in totals.vat)
    accounting = None
    if additions.accounting_currency not in ("", currency) and additions.exchange_rate:
        accounting = vat_in_accounting_currency(
            totals.vat_minor, currency, additions.accounting_currency, additions.exchange_rate
        )
    return replace(totals, vat=vat, accounting=accounting)


def _with_reason(group: VatGroup, reason: str) -> VatGroup:
    known = CATEGORIES.get(group.category)
    return replace(group, reason=reason) if known is not None and known.reason else group
