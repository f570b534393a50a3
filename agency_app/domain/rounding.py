"""Billing policy: how logged seconds become billed seconds. Raw seconds never change."""

from dataclasses import dataclass
from typing import Literal

RoundingMode = Literal["none", "up", "down", "nearest"]
RoundingScope = Literal["entry", "line"]


@dataclass(frozen=True)
class RoundingPolicy:
    """A client's rounding: the mode, the step in seconds, and whether each entry or each line's sum is rounded.

    Raises ValueError for an unknown mode or scope, or a mode other than "none" without a step.
    """

    mode: RoundingMode = "none"
    step_seconds: int = 0
    scope: RoundingScope = "entry"

    def __post_init__(self) -> None:
        if self.mode not in ("none", "up", "down", "nearest"):
            raise ValueError(f"“{self.mode}” is not a rounding: choose none, up, down or nearest.")
        if self.scope not in ("entry", "line"):
            raise ValueError(f"“{self.scope}” cannot be rounded: choose entry or line.")
        if self.step_seconds < 0 or (self.mode != "none" and self.step_seconds == 0):
            raise ValueError("Rounding needs a step longer than zero, such as 15 minutes.")

    def entry_seconds(self, seconds: int) -> int:
        """Return the billed seconds of one entry: rounded when the policy rounds entries, unchanged otherwise."""
        return round_seconds(seconds, self.mode, self.step_seconds) if self.scope == "entry" else seconds

    def line_seconds(self, seconds: int) -> int:
        """Return the billed seconds of a line's sum: rounded when the policy rounds lines, unchanged otherwise."""
        return round_seconds(seconds, self.mode, self.step_seconds) if self.scope == "line" else seconds


def round_seconds(seconds: int, mode: RoundingMode, step: int) -> int:
    """Round seconds to a multiple of the step (seconds); "nearest" takes an exact half up. A step of zero changes
    nothing.

    Raises ValueError for negative seconds, a negative step or an unknown mode.
    """
    if seconds < 0 or step < 0:
        raise ValueError("Only a length of time of zero or more can be rounded.")
    if mode not in ("none", "up", "down", "nearest"):
        raise ValueError(f"“{mode}” is not a rounding: choose none, up, down or nearest.")
    if mode == "none" or step == 0:
        return seconds
    if mode == "up":
        return -(-seconds // step) * step
    if mode == "down":
        return seconds // step * step
    return (2 * seconds + step) // (2 * step) * step
