"""The draft invoice of one client: from time entries and retainer terms to lines that trace back to the work."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agency_app.domain.invoice import (
    ONE_UNIT,
    Line,
    LineKind,
    LineWork,
    Totals,
    line_net,
    price_of,
    quantity_of,
    totals_of,
)
from agency_app.domain.money import exponent, round_half_up, share
from agency_app.domain.retainer import Balance, Basis, Drawn, OveragePolicy, balance_of, draw, work_order
from agency_app.domain.rounding import RoundingPolicy

FEE = "Retainer fee"


class DraftError(ValueError):
    """Entries and terms that do not fit together, with the entry or retainer named."""


@dataclass(frozen=True)
class WorkEntry:
    """A billable time entry: raw seconds, rate in 1/10000 of the currency unit per hour, and the retainer it draws
    from (None for work outside any retainer).
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
    """A draft invoice: lines in print order, totals, the balance of each retainer by id, and how entries were drawn."""

    currency: str
    lines: tuple[Line, ...]
    totals: Totals
    balances: tuple[tuple[str, Balance], ...]
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True)
class _Part:
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
) -> Draft:
    """Build the draft from billable entries: time lines, then fee lines, then overage lines.

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
            overage_lines.append(lines.by_the_hour("overage", overage_description + suffix, terms.overage_rate, over))
    for entry in entries_of[None]:
        done = entry.billed_included + entry.billed_overage
        if entry.seconds > done:
            part = _Part(entry, entry.seconds, rounding.entry_seconds(entry.seconds))
            time_parts.append((len(retainers), _rest(part, done)))

    found = [*_time_lines(time_parts, lines), *fee_lines, *overage_lines]
    kept = tuple(line for line in found if line is not None)
    return Draft(currency, kept, totals_of(kept, currency), tuple(balances), tuple(all_drawn))


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

    An entry is rounded once, as a whole; the rounded seconds are then shared between its two parts.
    """
    included: list[_Part] = []
    over: list[_Part] = []
    for entry, drawing in zip(entries, drawn, strict=True):
        raw = (drawing.included_seconds, drawing.overage_seconds)
        if entry.seconds == 0:
            continue
        billed = share(rounding.entry_seconds(entry.seconds), raw)
        done = _done(entry, raw)
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
    left = part.seconds - done
    return _Part(part.entry, left, share(part.billed_seconds, (done, left))[1])


def _time_lines(positioned_parts: Iterable[tuple[int, _Part]], lines: "_LineMaker") -> list[Line | None]:
    """Return one line per (retainer, activity, rate), ordered by the activity's position, its name and the rate."""
    groups: dict[tuple[int, str, int, int], list[_Part]] = defaultdict(list)
    for retainer_position, part in positioned_parts:
        entry = part.entry
        groups[entry.activity_position, entry.activity, entry.rate, retainer_position].append(part)
    return [lines.by_the_hour("time", key[1], key[2], parts) for key, parts in sorted(groups.items())]


@dataclass(frozen=True)
class _LineMaker:
    """Makes lines in one currency, under one VAT treatment and one rounding policy."""

    currency: str
    vat_category: str
    vat_rate: int
    rounding: RoundingPolicy

    def by_the_hour(self, kind: LineKind, description: str, price: int, parts: Sequence[_Part]) -> Line | None:
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
        )

    def _billed_seconds(self, parts: Sequence[_Part]) -> list[int]:
        billed = [part.billed_seconds for part in parts]
        return share(self.rounding.line_seconds(sum(billed)), billed)


def _work(parts: Sequence[_Part], billed: Sequence[int], amounts: Sequence[int]) -> tuple[LineWork, ...]:
    rows = zip(parts, billed, amounts, strict=True)
    return tuple(LineWork(part.entry.id, part.seconds, seconds, amount) for part, seconds, amount in rows)
