"""Read what somebody typed into the form of an agreement's new terms."""

import re
from collections.abc import Mapping
from datetime import date

from agency_app.domain.durations import DurationError, parse_duration
from agency_app.domain.kept_days import kept_day
from agency_app.domain.money import exponent
from agency_app.services.agreed_terms import NewTerms
from agency_app.services.refusal import Refused
from agency_app.services.start_agreement import NewAgreement

_AMOUNT = re.compile(r"(\d{1,10})(?:[.,](\d{1,4}))?", re.ASCII)


def terms_of_form(typed: Mapping[str, str], currency: str, started_on: date) -> NewTerms:
    """Return the terms typed: basis, hours, fee, budget, cycle_unit, cycle_every, anchor ("calendar", "anniversary"),
    proration, rollover, cap_hours, cap_percent, expires_after, carry_deficit ("yes"), overage, overage_rate.

    `started_on` is the first day of the agreement, on whose day an anniversary falls. Raises Refused naming the field
    that cannot be read.
    """
    decimals = exponent(currency)
    percent = _number(typed, "cap_percent", 2, "The cap")
    basis = typed.get("basis", "")
    return NewTerms(
        basis=basis,
        granted_seconds=0 if basis == "budget" else _hours(typed, "hours"),
        fee_minor=_number(typed, "fee", decimals, "The fee") if basis in ("fee", "hybrid") else 0,
        budget_minor=_number(typed, "budget", decimals, "The budget") if basis == "budget" else 0,
        cycle_unit=typed.get("cycle_unit", "month"),
        cycle_every=_number(typed, "cycle_every", 0, "The cycle") or 1,
        anchor_on=started_on if typed.get("anchor") == "anniversary" else None,
        proration=typed.get("proration", "none"),
        rollover=typed.get("rollover", "expire"),
        rollover_cap_seconds=_hours(typed, "cap_hours"),
        rollover_cap_share=percent if typed.get("cap_percent", "").strip() else None,
        rollover_expires_after=_number(typed, "expires_after", 0, "The number of periods") or None,
        carry_deficit=typed.get("carry_deficit") == "yes",
        overage=typed.get("overage", "bill"),
        overage_rate=_number(typed, "overage_rate", 4, "The overage rate"),
    )


def agreement_of_form(typed: Mapping[str, str], currency: str) -> NewAgreement:
    """Return the new retainer typed: client, name, starts_on, ends_on (empty: no end), rate, the fields of
    `terms_of_form` and those of `scope_of_form`. Raises Refused naming the field that cannot be read."""
    starts_on = day_of_form(typed, "starts_on")
    terms = terms_of_form(typed, currency, starts_on)
    if terms.overage in ("bill", "approval") and not terms.overage_rate:
        raise Refused("Give the overage rate an hour, or choose that overage is absorbed.", "overage_rate")
    return NewAgreement(
        client_id=typed.get("client", ""),
        name=typed.get("name", ""),
        starts_on=starts_on,
        ends_on=day_of_form(typed, "ends_on") if typed.get("ends_on", "").strip() else None,
        terms=terms,
        scope=scope_of_form(typed),
        rate=_number(typed, "rate", 4, "The rate"),
    )


def scope_of_form(typed: Mapping[str, str]) -> list[tuple[str | None, str | None]]:
    """Return what a retainer is for: the pairs campaign_0 and activity_0, campaign_1 and so on, without empty ones."""
    places = sorted({name.rpartition("_")[2] for name in typed if re.fullmatch(r"(campaign|activity)_\d{1,3}", name)})
    pairs = [(typed.get(f"campaign_{place}") or None, typed.get(f"activity_{place}") or None) for place in places]
    return list(dict.fromkeys(pair for pair in pairs if any(pair)))


def day_of_form(typed: Mapping[str, str], field: str) -> date:
    """Return a date of a form. Raises Refused naming the field."""
    try:
        return kept_day(typed.get(field, "").strip())
    except ValueError:
        raise Refused("Give the day, as 2026-11-20.", field) from None


def _number(typed: Mapping[str, str], field: str, decimals: int, what: str) -> int:
    """Return an amount × 10 ** decimals, exactly; nothing typed is 0."""
    text = re.sub(r"\s", "", typed.get(field, ""))
    if not text:
        return 0
    found = _AMOUNT.fullmatch(text)
    if found is None or len(found.group(2) or "") > decimals:
        example = f"95.{'0' * min(decimals, 2)}".rstrip(".")
        raise Refused(f"{what} “{text[:20]}” is not an amount. Write it as {example}.", field)
    return int(found.group(1)) * 10**decimals + int((found.group(2) or "").ljust(decimals, "0") or "0")


def _hours(typed: Mapping[str, str], field: str) -> int:
    text = typed.get(field, "").strip()
    if not text.strip("0.,:"):
        return 0
    try:
        return parse_duration(text, longest_seconds=None)
    except DurationError as error:
        raise Refused(str(error), field) from None
