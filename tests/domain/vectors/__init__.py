"""Published and own test vectors for amounts, rounding and retainers, read as decimal strings."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def vectors(name: str, kind: str | None = None, *, rules: tuple[str, ...]) -> list[Any]:
    """Return the vectors of a file whose rule is one of those named, of one kind when given; never none at all."""
    rows = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["vectors"]
    found = [row for row in rows if row["rule"] in rules and kind in (None, row["kind"])]
    assert found, f"no vector in {name} for {rules}"
    return found


def rules_in(name: str) -> set[str]:
    """Return the rules for which a file holds vectors."""
    return {row["rule"] for row in json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["vectors"]}


def scaled(text: str, scale: int) -> int:
    """Return a decimal string × scale as an integer; fails when it does not come out whole."""
    value = Decimal(text) * scale
    assert value == int(value), f"{text} has more decimals than {scale} can hold"
    return int(value)


def minor(text: str) -> int:
    """Return a decimal amount as cents."""
    return scaled(text, 100)


def hours(text: str) -> int:
    """Return decimal hours as seconds."""
    return scaled(text, 3600)
