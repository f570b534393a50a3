"""The draft invoice of one client: from time entries and retainer terms to lines that trace back to the work."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from agency_app.domain.additions import NOTHING_ADDED, Additions, Item, Treatment, complete
from agency_app.domain.invoice import (
    ONE_UNIT,
    DocumentAdjustment,
    Line,
    LineKind,
    LineWork,
    Totals,
    line_net,
    price_of,
    quantity_of,
)
from agency_app.domain.money import exponent, round_half_up, share
from agency_app.domain.retainer import Balance, Basis, Drawn, OveragePolicy, balance_of, draw, work_order
from agency_app.domain.rounding import RoundingPolicy

FEE = "Retainer fee"


class DraftError(ValueError):
    """Entries and terms that do not fit together, with the entry or retainer named."""


@dataclass(frozen=True)
class Group:
    """What puts entries on one line: the key it is known by, the words the line says, and where it stands."""

    key: str
    label: str
    position: int = 0


class WorkEntry(NamedTuple):
    """A billable time entry: raw seconds, rate in 1/10000 of the currency unit per hour, and the retainer it draws
    from (None for work outside any retainer). Without a group it stands with the other work of its activity.

    `held_back` are raw seconds that draw on the retainer and are not billed.
    """

    id: str
    work_date: date
    started_at: datetime | None
    seconds: int
    activity: str
    activity_position: int
    rate: int
    retainer_id: str | None
    billed_included: int = 0
    """Raw seconds that invoices bill already: of what is not overage, and of the overage."""
    billed_overage: int = 0
    group: Group | None = None
    held_back: int = 0

    @property
    def line_group(self) -> Group:
        """The group it stands in."""
        return self.group or Group(self.activity, self.activity, self.activity_position)


@dataclass(frozen=True)
class RetainerTerms:
    """What one retainer period grants and charges: seconds (minor units when its basis is a budget), fee in minor
    units, overage rate in 1/10000 per hour. `used_before` is what earlier work, billed elsewhere, drew from it.

    Overage that waits for approval is not billed, nor is what goes past a stop; "bill" alone charges it.
    """

    id: str
    name: str
    basis: Basis
    fee_minor: int
    granted_seconds: int
    rolled_in_seconds: int
    overage: OveragePolicy
    overage_rate: int
    used_before: int = 0


@dataclass(frozen=True)
class Draft:
    """A draft invoice: lines in print order, totals, the balance of each retainer by id, how entries were drawn, the
    document's discounts and surcharges, and those whose line is gone."""

    currency: str
    lines: tuple[Line, ...]
    totals: Totals
    balances: tuple[tuple[str, Balance], ...]
    drawn: tuple[Drawn, ...]
    adjustments: tuple[DocumentAdjustment, ...] = ()
    loose: tuple[Item, ...] = ()


class _Part(NamedTuple):
    """The part of an entry that lands on one line, after the rounding of entries."""

    entry: WorkEntry
    seconds: int
    billed_seconds: int


def build_draft(
    *,
    currency: str,
    vat_category: str,
    vat_rate: int,
    rounding: RoundingPolicy,
    retainers: Sequence[RetainerTerms],
    entries: Sequence[WorkEntry],
    fee_description: str = FEE,
    overage_description: str = "Overage",
    vat_reason: str = "",
    additions: Additions = NOTHING_ADDED,
) -> Draft:
    """Build the draft from billable entries: time lines, then fee lines, then overage lines, then what was added.

    Raw seconds are drawn from each retainer in the order of work; what exceeds it is overage, billed at the retainer's
    overage rate or absorbed. Rounding decides billed seconds only. A line's net is its printed quantity × price, and
    the work under a time or overage line adds up exactly to that net; under a fee it is traced without an amount.
    VAT rate in basis points. Raises DraftError for an entry that is given twice, has negative time or rate, or names a
    retainer that is not given, and MoneyError for an unknown currency.
    """
    _check_input(retainers, entries)
    in_order = sorted(
        entries,
        key=lambda entry: work_order(entry.work_date, entry.started_at, entry.id),
    )
    entries_of: dict[str | None, list[WorkEntry]] = defaultdict(list)
    for entry in in_order:
        entries_of[entry.retainer_id].append(entry)
    lines = _LineMaker(currency, vat_category, vat_rate, rounding)

    time_parts: list[tuple[int, _Part]] = []
    fee_lines: list[Line | None] = []
    overage_lines: list[Line | None] = []
    balances: list[tuple[str, Balance]] = []
    all_drawn: list[Drawn] = []
    for position, terms in enumerate(retainers):
        drawn_entries = entries_of[terms.id]
        drawn = _draw_entries(drawn_entries, terms, currency)
        all_drawn += drawn
        used = terms.used_before + sum(_drawn_amount(entry, terms, currency) for entry in drawn_entries)
        balances.append((terms.id, balance_of(terms.granted_seconds, terms.rolled_in_seconds, used)))
        included, over = _split(drawn_entries, drawn, rounding)
        suffix = f" · {terms.name}" if len(retainers) > 1 else ""
        if terms.basis == "fee":
            fee_lines.append(lines.fee(fee_description + suffix, terms.fee_minor, included, terms.id))
        else:
            time_parts += [(position, part) for part in included]
            if terms.basis == "hybrid":
                fee_lines.append(lines.fee(fee_description + suffix, terms.fee_minor, [], terms.id))
        if terms.overage == "bill":
            key, words = f"overage:{terms.id}", overage_description + suffix
            overage_lines.append(lines.by_the_hour(key, "overage", words, terms.overage_rate, over))
    for entry in entries_of[None]:
        done, seconds = entry.billed_included + entry.billed_overage, entry.seconds - entry.held_back
        if seconds > done:
            part = _Part(entry, seconds, rounding.entry_seconds(seconds))
            time_parts.append((len(retainers), _rest(part, done)))

    names = {position: terms.id for position, terms in enumerate(retainers)}
    found = [*_time_lines(time_parts, lines, names), *fee_lines, *overage_lines]
    kept = [line for line in found if line is not None]
    done = complete(kept, currency, Treatment(vat_category, vat_rate, vat_reason), additions)
    return Draft(
        currency, done.lines, done.totals, tuple(balances), tuple(all_drawn), done.adjustments, loose=done.loose
    )


def _check_input(retainers: Sequence[RetainerTerms], entries: Sequence[WorkEntry]) -> None:
    known = {terms.id for terms in retainers}
    if len(known) != len(retainers):
        raise DraftError("A retainer is given twice.")
    for terms in retainers:
        if terms.fee_minor < 0 or terms.overage_rate < 0:
            raise DraftError(f"Retainer {terms.name} has a negative fee or overage rate.")
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise DraftError(f"Entry {entry.id} is given twice.")
        if entry.seconds < 0 or entry.rate < 0:
            raise DraftError(f"Entry {entry.id} has a negative time or rate.")
        if not 0 <= entry.held_back <= entry.seconds:
            raise DraftError(f"Entry {entry.id} holds back more time than it has.")
        if entry.retainer_id is not None and entry.retainer_id not in known:
            raise DraftError(f"Entry {entry.id} draws from retainer {entry.retainer_id}, which is not given.")
        seen.add(entry.id)


def _draw_entries(entries: Sequence[WorkEntry], terms: RetainerTerms, currency: str) -> list[Drawn]:
    available = terms.granted_seconds + terms.rolled_in_seconds - terms.used_before
    rolled_in = max(0, terms.rolled_in_seconds - terms.used_before)
    rows = [(entry.id, entry.work_date, entry.started_at, _drawn_amount(entry, terms, currency)) for entry in entries]
    drawn = draw(rows, available, rolled_in)
    if terms.basis != "budget":
        return drawn
    return [_in_seconds(one, entry.seconds) for one, entry in zip(drawn, entries, strict=True)]


def _drawn_amount(entry: WorkEntry, terms: RetainerTerms, currency: str) -> int:
    """Return what an entry takes of a period: its seconds, or its amount at its own rate, half up."""
    if terms.basis != "budget":
        return entry.seconds
    return round_half_up(entry.seconds * entry.rate * 10 ** exponent(currency), 3600 * 10_000)


def _in_seconds(drawn: Drawn, seconds: int) -> Drawn:
    """Return the seconds that the parts of an entry drawn in money stand for; the included part is rounded down."""
    amount = drawn.included_seconds + drawn.overage_seconds
    included = seconds if amount == 0 or not drawn.overage_seconds else seconds * drawn.included_seconds // amount
    rolled = included if not amount else min(included, seconds * drawn.rolled_seconds // amount)
    return Drawn(drawn.entry_id, included, seconds - included, rolled)


def _split(
    entries: Sequence[WorkEntry], drawn: Sequence[Drawn], rounding: RoundingPolicy
) -> tuple[list[_Part], list[_Part]]:
    """Return the included and the overage parts of entries that stand in the order they were drawn in.

    An entry is rounded once, as a whole; the rounded seconds are then shared between its two parts. What is held back
    was drawn last: it is taken off the overage before what is included.
    """
    included: list[_Part] = []
    over: list[_Part] = []
    for entry, drawing in zip(entries, drawn, strict=True):
        spared = min(entry.held_back, drawing.overage_seconds)
        raw = (drawing.included_seconds - (entry.held_back - spared), drawing.overage_seconds - spared)
        if not any(raw):
            continue
        whole = rounding.entry_seconds(sum(raw))
        billed = share(whole, raw) if all(raw) else [whole if seconds else 0 for seconds in raw]
        done = _done(entry, raw) if entry.billed_included or entry.billed_overage else (0, 0)
        for parts, seconds, billed_seconds, before in zip((included, over), raw, billed, done, strict=True):
            if seconds > before:
                parts.append(_rest(_Part(entry, seconds, billed_seconds), before))
    return included, over


def _done(entry: WorkEntry, raw: tuple[int, int]) -> tuple[int, int]:
    """Return the seconds of both parts that invoices bill already. What was billed as one and is drawn as the other by
    now counts for that one: no second is billed twice."""
    included, overage = min(entry.billed_included, raw[0]), min(entry.billed_overage, raw[1])
    beyond = entry.billed_included + entry.billed_overage - included - overage
    more = min(beyond, raw[0] - included)
    return included + more, overage + beyond - more


def _rest(part: _Part, done: int) -> _Part:
    """Return what is left of a part of which invoices bill some raw seconds already."""
    if not done:
        return part
    left = part.seconds - done
    return _Part(part.entry, left, share(part.billed_seconds, (done, left))[1])


def _time_lines(
    positioned_parts: Iterable[tuple[int, _Part]], lines: "_LineMaker", names: Mapping[int, str]
) -> list[Line | None]:
    """Return one line per (group, rate, retainer), ordered by the group's position, its words and the rate. `names`
    holds the retainers' keys by position."""
    groups: dict[tuple[int, str, str, int, int], list[_Part]] = defaultdict(list)
    for retainer_position, part in positioned_parts:
        group = part.entry.line_group
        groups[group.position, group.label, group.key, part.entry.rate, retainer_position].append(part)
    return [
        lines.by_the_hour(f"time:{key}:{rate}:{names.get(position, '')}", "time", label, rate, parts)
        for (_, label, key, rate, position), parts in sorted(groups.items(), key=lambda pair: pair[0])
    ]


@dataclass(frozen=True)
class _LineMaker:
    """Makes lines in one currency, under one VAT treatment and one rounding policy."""

    currency: str
    vat_category: str
    vat_rate: int
    rounding: RoundingPolicy

    def by_the_hour(
        self, key: str, kind: LineKind, description: str, price: int, parts: Sequence[_Part]
    ) -> Line | None:
        """Return a line that bills the parts at an hourly price, None when no quantity is left to print."""
        billed = self._billed_seconds(parts)
        quantity = quantity_of(sum(billed))
        if quantity == 0:
            return None
        net = line_net(quantity, price, self.currency)
        work = _work(parts, billed, share(net, billed))
        return Line(
            kind,
            description,
            quantity,
            "h",
            price,
            net,
            self.vat_category,
            self.vat_rate,
            work,
            key=key,
        )

    def fee(self, description: str, fee_minor: int, parts: Sequence[_Part], period_key: str) -> Line | None:
        """Return the line of a period's fee and the work that it covers, None when there is neither."""
        if fee_minor == 0 and not parts:
            return None
        price = price_of(fee_minor, self.currency)
        net = line_net(ONE_UNIT, price, self.currency)
        work = _work(parts, self._billed_seconds(parts), [0] * len(parts))
        return Line(
            "fee",
            description,
            ONE_UNIT,
            "month",
            price,
            net,
            self.vat_category,
            self.vat_rate,
            work,
            period_key=period_key,
            key=f"fee:{period_key}",
        )

    def _billed_seconds(self, parts: Sequence[_Part]) -> list[int]:
        billed = [part.billed_seconds for part in parts]
        return share(self.rounding.line_seconds(sum(billed)), billed)


def _work(parts: Sequence[_Part], billed: Sequence[int], amounts: Sequence[int]) -> tuple[LineWork, ...]:
    rows = zip(parts, billed, amounts, strict=True)
    return tuple(LineWork(part.entry.id, part.seconds, seconds, amount) for part, seconds, amount in rows)
