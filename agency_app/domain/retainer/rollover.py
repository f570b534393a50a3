"""Where the hours of a period went, and what of them the next period starts with. Whole seconds, or minor units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agency_app.domain.money import round_half_up

Rollover = Literal["expire", "all", "capped"]

Lot = tuple[int, int]
"""(periods it has been carried over so far, how much of it is left). An overrun that is carried is a negative lot."""


@dataclass(frozen=True)
class Balance:
    """Where the seconds (or minor units) of one retainer period went.

    Always: granted + rolled_in = (used − overage) + remaining. After the close: remaining = rolled_out + expired +
    deficit. `rolled_out` is negative only when an overrun is carried into the next period, where it comes back as
    `rolled_in`.
    """

    granted: int
    rolled_in: int
    used: int
    overage: int
    remaining: int
    expired: int = 0
    rolled_out: int = 0

    @property
    def available(self) -> int:
        """What the period started with."""
        return self.granted + self.rolled_in

    @property
    def deficit(self) -> int:
        """The overrun that the next period has to make good; zero when overage is billed or absorbed."""
        return max(0, -self.rolled_out)


@dataclass(frozen=True)
class RolloverRule:
    """What happens to what is left, and to an overrun.

    "expire" drops what is left, "all" carries it, "capped" carries at most `cap` or `cap_share` (basis points of what
    the period granted), the lower when both are given. What is carried expires after `expires_after` periods (None:
    never). An overrun that is billed or absorbed is settled, so it is carried only when `carry_deficit` says so;
    otherwise a client would pay for it twice.
    """

    rollover: Rollover = "expire"
    cap: int | None = None
    cap_share: int | None = None
    expires_after: int | None = None
    carry_deficit: bool = False

    def __post_init__(self) -> None:
        if self.rollover not in ("expire", "all", "capped"):
            raise ValueError(f"“{self.rollover}” is not a rollover: choose expire, all or capped.")
        caps = [cap for cap in (self.cap, self.cap_share) if cap is not None]
        if self.rollover == "capped" and (not caps or min(caps) < 0):
            raise ValueError("A capped rollover needs its cap, zero hours or more.")
        if self.expires_after is not None and self.expires_after < 1:
            raise ValueError("What rolls over expires after one period or more.")

    def cap_on(self, granted: int) -> int | None:
        """Return the most that a period with this grant may hand on; None for no limit."""
        if self.rollover != "capped":
            return None
        caps = [] if self.cap is None else [self.cap]
        caps += [] if self.cap_share is None else [round_half_up(granted * self.cap_share, 10_000)]
        return min(caps)


def balance_of(granted: int, rolled_in: int, used: int) -> Balance:
    """Return the balance of an open period. Raises ValueError when granted or used is negative."""
    if granted < 0 or used < 0:
        raise ValueError("Granted and used time cannot be negative.")
    left = granted + rolled_in - used
    return Balance(granted, rolled_in, used, overage=max(0, -left), remaining=max(0, left))


def settle(granted: int, lots_in: Sequence[Lot], used: int, rule: RolloverRule) -> tuple[Balance, tuple[Lot, ...]]:
    """Close a period: return its balance and the lots that the next one starts with.

    Work uses up what was rolled in before what was granted, oldest first; a cap drops the oldest first too. Raises
    ValueError for negative time.
    """
    balance = balance_of(granted, sum(amount for _, amount in lots_in), used)
    if balance.overage:
        lots_out: tuple[Lot, ...] = ((1, -balance.overage),) if rule.carry_deficit else ()
    elif rule.rollover == "expire":
        lots_out = ()
    else:
        lots_out = _carried(_left_over(granted, lots_in, used), rule, rule.cap_on(granted))
    rolled_out = sum(amount for _, amount in lots_out)
    expired = balance.remaining - max(0, rolled_out)
    return (
        Balance(granted, balance.rolled_in, used, balance.overage, balance.remaining, expired, rolled_out),
        lots_out,
    )


def _left_over(granted: int, lots_in: Sequence[Lot], used: int) -> list[Lot]:
    """Return what work and an inherited overrun leave of each lot, oldest first, the grant last at age 0."""
    to_take = used - sum(amount for _, amount in lots_in if amount < 0)
    left: list[Lot] = []
    for age, amount in [*sorted((lot for lot in lots_in if lot[1] > 0), reverse=True), (0, granted)]:
        taken = min(amount, to_take)
        to_take -= taken
        if amount > taken:
            left.append((age, amount - taken))
    return left


def _carried(left: list[Lot], rule: RolloverRule, cap: int | None) -> tuple[Lot, ...]:
    aged = [(age + 1, amount) for age, amount in left if rule.expires_after is None or age < rule.expires_after]
    kept: list[Lot] = []
    room = sum(amount for _, amount in aged) if cap is None else cap
    for age, amount in reversed(aged):
        carried = min(amount, room)
        room -= carried
        if carried:
            kept.append((age, carried))
    return tuple(reversed(kept))


def close_period(
    granted: int,
    rolled_in: int,
    used: int,
    rollover: Rollover,
    cap_seconds: int | None = None,
    *,
    carry_deficit: bool = False,
) -> Balance:
    """Return the balance of a period at its close; `rolled_out` is the next period's `rolled_in`.

    The same as `settle` for what is rolled in as one lot that never expires. Raises ValueError for negative time, an
    unknown rollover, or "capped" without a cap.
    """
    rule = RolloverRule(rollover, cap_seconds, carry_deficit=carry_deficit)
    return settle(granted, ((1, rolled_in),) if rolled_in else (), used, rule)[0]
