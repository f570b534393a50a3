"""What the retainers ask somebody to decide now: one sentence each, with the way there. Pure."""

from collections.abc import Iterable
from typing import TypedDict
from urllib.parse import quote

from agency_app.documents import wording
from agency_app.domain.money import exponent
from agency_app.domain.profit import money_of
from agency_app.services.read_retainers import PeriodRead, RetainerRead
from agency_app.states.retainer_words import amount, left_words, rounded, run_out_words


class Decision(TypedDict):
    """A sentence about a retainer that begins with its client's name, and what to do about it."""

    id: str
    colour: str
    client: str
    text: str
    verb: str
    goes: str
    """Where the verb leads: a page of ours, or a letter (mailto:)."""
    mails: bool


def decisions(held: Iterable[tuple[RetainerRead, PeriodRead]]) -> list[Decision]:
    """Return what there is to decide about periods that run, in their order."""
    return [found for read, one in held if (found := _decision(read, one)) is not None]


def _decision(read: RetainerRead, one: PeriodRead) -> Decision | None:
    page = f"/retainers/{read.retainer.id}"
    said = _said(read, one)
    if said is None:
        return None
    text, verb, goes = said
    return {
        "id": read.retainer.id,
        "colour": f"c{read.client.colour}",
        "client": read.client.name,
        "text": f", {read.retainer.name}: {text}",
        "verb": verb,
        "goes": goes or page,
        "mails": goes.startswith("mailto:"),
    }


def _said(read: RetainerRead, one: PeriodRead) -> tuple[str, str, str] | None:
    """Return the sentence, the verb and where it leads (empty: the retainer's page)."""
    currency, terms, status = read.client.currency, one.period.terms, one.pace.status
    if status == "Over":
        return _over(read, one)
    if status == "Running hot":
        day, early = run_out_words(one)
        gone = f"At this pace the rest is gone by {day}, {early}" if one.pace.run_out else "It will not last the period"
        text = f"{left_words(one, currency)}. {gone}."
        return text, *_telling(read, one, text)
    if status == "Under-serviced" and one.pace.forecast_used is not None:
        unused = rounded(one.period.balance.available - one.pace.forecast_used, terms, currency)
        text = f"{unused} likely unused on {wording.short_date(one.period.last)}."
        return text, "Plan hours", f"/?client={read.client.id}"
    return None


def _over(read: RetainerRead, one: PeriodRead) -> tuple[str, str, str]:
    currency, terms = read.client.currency, one.period.terms
    over = f"{amount(one.overage, terms, currency)} over"
    worth = overage_worth(one, read)
    so_far = f", {wording.money(worth, currency)} so far" if terms.basis != "budget" and worth else ""
    if terms.overage == "approval" and not one.decision:
        return f"{over}{so_far}. Agree the overage before more is logged.", "Decide", ""
    if terms.overage == "bill" or one.decision == "bill":
        text = f"{over}{so_far}, which will be billed."
        return text, *_telling(read, one, text)
    if terms.rule.carry_deficit:
        return f"{over}, which the next period makes good.", "Open", ""
    return f"{over}, which is absorbed and earns nothing.", "Open", ""


def overage_worth(one: PeriodRead, read: RetainerRead) -> int:
    """Return what the overage of a period comes to at its own rate, in minor units."""
    if one.period.terms.basis == "budget":
        return one.overage
    return money_of(one.overage * one.period.terms.overage_rate, exponent(read.client.currency))


def _telling(read: RetainerRead, one: PeriodRead, text: str) -> tuple[str, str]:
    """Return the verb and the letter to the client, where its address is known."""
    if not read.client.email:
        return "Open", ""
    currency, terms = read.client.currency, one.period.terms
    period = wording.period_name(one.period.first, one.period.last)
    used = f"{amount(one.used, terms, currency)} of {amount(one.period.balance.available, terms, currency)} are used"
    subject, body = f"{read.retainer.name}, {period}", f"{period}: {used}, {text}"
    return "Tell the client", f"mailto:{quote(read.client.email, safe='@')}?subject={quote(subject)}&body={quote(body)}"
