"""Where an entry is billed, in the words of the entry's dialog. Pure."""

from typing import TypedDict

from agency_app.documents import wording
from agency_app.services.read_billing import Billing


class BillingFact(TypedDict):
    """A line that bills the entry, or what was decided about the rest; `href` is empty for that."""

    text: str
    href: str


def billing_facts(billing: Billing) -> list[BillingFact]:
    """Return each line that bills an entry with its address, then what is not billed and where the rest went."""
    facts: list[BillingFact] = [
        {
            "text": f"{line.number}, line {line.position} {line.description}: {wording.minutes(line.billed_seconds)}, "
            f"{wording.money(line.amount_minor, line.currency)}",
            "href": f"/invoices/{line.invoice_id}",
        }
        for line in billing.lines
    ]
    one = billing.decision
    if one is None:
        return facts
    if one.less_seconds:
        facts.append({"text": f"{wording.minutes(one.less_seconds)} are not billed", "href": ""})
    if one.written_off_seconds:
        facts.append({"text": f"{wording.minutes(one.written_off_seconds)} are written off: {one.reason}", "href": ""})
    if one.bill_on:
        facts.append({"text": f"Billed on the invoice of {wording.month_name(one.bill_on)}", "href": ""})
    return facts
