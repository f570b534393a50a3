"""Between the tables of an agreement and the arithmetic: terms, agreements over time, and what a close froze."""

import json
from collections.abc import Iterable
from datetime import date

from agency_app.domain.money import round_half_up
from agency_app.domain.retainer import Agreement, Balance, ClosedPeriod, Cycle, Lot, RolloverRule, Terms
from agency_app.tables import Retainer, RetainerPause, RetainerPeriod, RetainerTerms


def terms_of(row: Retainer | RetainerTerms) -> Terms:
    """Return the terms that a row of either table holds. The tables' CHECKs name the words."""
    cap = row.rollover_cap_seconds
    return Terms(
        basis=row.basis,  # pyright: ignore[reportArgumentType]
        granted=row.budget_minor if row.basis == "budget" else row.granted_seconds,
        fee_minor=row.fee_minor if row.basis in ("fee", "hybrid") else 0,
        cycle=Cycle(row.cycle_unit, row.cycle_every, row.anchor_on),  # pyright: ignore[reportArgumentType]
        proration=row.proration,  # pyright: ignore[reportArgumentType]
        rule=RolloverRule(
            row.rollover,  # pyright: ignore[reportArgumentType]
            (cap if cap or row.rollover_cap_share is None else None) if row.rollover == "capped" else None,
            row.rollover_cap_share if row.rollover == "capped" else None,
            row.rollover_expires_after,
            row.carry_deficit,
        ),
        overage=row.overage,  # pyright: ignore[reportArgumentType]
        overage_rate=row.overage_rate,
    )


def agreement_of(
    retainer: Retainer, amendments: Iterable[RetainerTerms] = (), pauses: Iterable[RetainerPause] = ()
) -> Agreement:
    """Return a retainer as it holds over time."""
    changed = sorted((row.starts_on, row.id, terms_of(row)) for row in amendments if row.retainer_id == retainer.id)
    rests = sorted((row.starts_on, row.id, row.ends_on) for row in pauses if row.retainer_id == retainer.id)
    return Agreement(
        retainer.starts_on,
        retainer.ends_on,
        terms_of(retainer),
        tuple((day, terms) for day, _, terms in changed),
        tuple((first, last) for first, _, last in rests),
    )


def terms_text(terms: Terms) -> str:
    """Return terms as the one JSON text that is frozen on a closed period."""
    return json.dumps(
        {
            "anchor_on": terms.cycle.anchor.isoformat(),
            "basis": terms.basis,
            "cap": terms.rule.cap,
            "cap_share": terms.rule.cap_share,
            "carry_deficit": terms.rule.carry_deficit,
            "cycle_every": terms.cycle.every,
            "cycle_unit": terms.cycle.unit,
            "expires_after": terms.rule.expires_after,
            "fee_minor": terms.fee_minor,
            "granted": terms.granted,
            "overage": terms.overage,
            "overage_rate": terms.overage_rate,
            "proration": terms.proration,
            "rollover": terms.rule.rollover,
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def terms_from_text(text: str) -> Terms:
    """Read frozen terms. Raises ValueError when they are not what `terms_text` writes."""
    try:
        said = json.loads(text)
        return Terms(
            basis=said["basis"],
            granted=said["granted"],
            fee_minor=said["fee_minor"],
            cycle=Cycle(said["cycle_unit"], said["cycle_every"], date.fromisoformat(said["anchor_on"])),
            proration=said["proration"],
            rule=RolloverRule(
                said["rollover"], said["cap"], said["cap_share"], said["expires_after"], said["carry_deficit"]
            ),
            overage=said["overage"],
            overage_rate=said["overage_rate"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"The frozen terms cannot be read: {error}.") from error


def lots_text(lots: Iterable[Lot]) -> str:
    """Return lots as JSON."""
    return json.dumps([list(lot) for lot in lots], separators=(",", ":"))


def lots_from_text(text: str) -> tuple[Lot, ...]:
    """Read lots. Raises ValueError when the text is not a list of pairs of whole numbers."""
    try:
        return tuple((int(age), int(amount)) for age, amount in json.loads(text))
    except TypeError as error:
        raise ValueError(f"The lots cannot be read: {error}.") from error


def closed_period_of(row: RetainerPeriod) -> ClosedPeriod:
    """Return what a closed row froze. Raises ValueError when its texts cannot be read."""
    balance = Balance(
        row.granted_seconds,
        row.rolled_in_seconds,
        row.used_seconds or 0,
        row.overage_seconds or 0,
        row.remaining_seconds or 0,
        row.expired_seconds or 0,
        row.rolled_out_seconds or 0,
    )
    lots_in, lots_out = lots_from_text(row.lots_in), lots_from_text(row.lots_out)
    return ClosedPeriod(
        row.starts_on, row.ends_on, balance, lots_in, lots_out, terms_from_text(row.terms), row.fee_minor
    )


def amount_of(seconds: int, rate: int, exponent: int) -> int:
    """Return what an entry takes of a budget: seconds × rate (1/10000 an hour) in minor units, half up."""
    return round_half_up(seconds * rate * 10**exponent, 3600 * 10_000)
