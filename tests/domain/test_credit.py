"""However an invoice is credited, whole or in many parts, the parts add up to it exactly and each one multiplies out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency_app.domain.credit import BilledLine, Credit, CreditError, credit_line, credit_of
from agency_app.domain.invoice import (
    Adjustment,
    DocumentAdjustment,
    Line,
    LineWork,
    adjusted_by_amount,
    check_invoice,
    line_net,
    quantity_of,
    totals_of,
)
from agency_app.domain.money import share
from agency_app.domain.vat import accounting_given_back, vat_in_accounting_currency


def time_line(price: int, *seconds: int, rate: int = 2100, discount: int = 0, currency: str = "EUR") -> Line:
    quantity = quantity_of(sum(seconds))
    gross = line_net(quantity, price, currency)
    discount = min(discount, gross)
    adjustments = (Adjustment(kind="allowance", reason="Agreed", amount_minor=discount),) if discount else ()
    net = gross - discount
    amounts = share(net, seconds)
    work = tuple(
        LineWork(f"e{place}", value, value, amount)
        for place, (value, amount) in enumerate(zip(seconds, amounts, strict=True))
    )
    return Line("time", "Work", quantity, "h", price, net, "S", rate, work, adjustments)


def fee_line(price: int) -> Line:
    return Line(
        "fee", "Fee", 10_000, "month", price, line_net(10_000, price, "EUR"), "S", 2100, (LineWork("f", 60, 60, 0),)
    )


def after(billed: BilledLine, *seconds: dict[str, int] | None) -> BilledLine:
    for chosen in seconds:
        billed = BilledLine(billed.line, (*billed.credits, credit_line(billed, "EUR", chosen)))
    return billed


def test_a_line_that_is_credited_whole_is_given_back_as_it_was() -> None:
    line = time_line(950_000, 7200, 1200, discount=500)
    assert credit_line(BilledLine(line), "EUR") == line


def test_minutes_of_a_line_are_given_back_at_its_price() -> None:
    credit = credit_line(BilledLine(time_line(950_000, 7200)), "EUR", {"e0": 1800})
    assert (credit.quantity, credit.net_minor, credit.adjustments) == (5_000, 4_750, ())
    assert credit.work == (LineWork("e0", 1800, 1800, 4_750),)


def test_whoever_takes_the_rest_takes_the_last_cent_and_says_so() -> None:
    line = time_line(950_000, 1200, 1200, 1200)
    parts = after(BilledLine(line), {"e0": 1200}, {"e1": 1200}, None)
    assert line.net_minor == 9_500
    assert [credit.net_minor for credit in parts.credits] == [3_166, 3_166, 3_168]
    assert parts.credits[2].adjustments == (Adjustment(kind="charge", reason="Rounding", amount_minor=2),)
    assert parts.is_credited
    assert parts.net_left == 0


def test_a_rounded_entry_comes_back_as_it_was_counted() -> None:
    line = replace(time_line(950_000, 3600), work=(LineWork("e0", 3000, 3600, 9_500),))
    half = credit_line(BilledLine(line), "EUR", {"e0": 1500})
    assert (half.work[0].seconds, half.work[0].billed_seconds, half.quantity) == (1500, 1800, 5_000)


@pytest.mark.parametrize("chosen", [{"e0": 7201}, {"e9": 60}, {"e0": -60}, {}, {"e0": 0}])
def test_what_the_line_does_not_bill_cannot_be_credited(chosen: dict[str, int]) -> None:
    with pytest.raises(CreditError, match="Work"):
        credit_line(BilledLine(time_line(950_000, 7200)), "EUR", chosen)


def test_a_fee_is_credited_whole_and_once() -> None:
    billed = BilledLine(fee_line(2_000_0000))
    with pytest.raises(CreditError, match="credit it whole"):
        credit_line(billed, "EUR", {"f": 30})
    with pytest.raises(CreditError, match="credited already"):
        credit_line(after(billed, None), "EUR")


def test_a_line_that_is_given_back_cannot_be_given_back_again() -> None:
    with pytest.raises(CreditError, match="credited already"):
        credit_line(after(BilledLine(time_line(950_000, 7200)), {"e0": 7200}), "EUR")


def test_nothing_chosen_and_a_line_that_is_not_there_are_refused() -> None:
    lines = {1: BilledLine(fee_line(100_000))}
    with pytest.raises(CreditError, match="Choose"):
        credit_of(lines, (), 1, {}, "EUR")
    with pytest.raises(CreditError, match="no line 2"):
        credit_of(lines, (), 1, {2: None}, "EUR")


@st.composite
def invoices(draw: st.DrawFn) -> tuple[list[Line], tuple[DocumentAdjustment, ...]]:
    lines = [
        time_line(
            draw(st.integers(1, 3_000_000)),
            *draw(st.lists(st.integers(60, 90_000), min_size=1, max_size=4)),
            rate=draw(st.sampled_from([2100, 900, 550])),
            discount=draw(st.sampled_from([0, 0, 1, 333, 10_000])),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    nets = sum(line.net_minor for line in lines)
    discount = draw(st.integers(0, nets // 2))
    return lines, adjusted_by_amount(lines, "allowance", "Loyalty", discount) if discount else ()


def credited_in_parts(
    lines: list[Line], adjustments: tuple[DocumentAdjustment, ...], data: st.DataObject
) -> Iterator[tuple[Credit, int]]:
    """Credit an invoice until nothing is left; yield each credit note with what was left of the total before it."""
    billed = {position: BilledLine(line) for position, line in enumerate(lines, start=1)}
    left, count = totals_of(lines, "EUR", adjustments).total_minor, 0
    while any(not one.is_credited for one in billed.values()):
        open_lines = [position for position, one in billed.items() if not one.is_credited]
        chosen: dict[int, dict[str, int] | None] = {}
        for position in data.draw(st.lists(st.sampled_from(open_lines), min_size=1, unique=True)):
            parts = {entry: data.draw(st.integers(0, most)) for entry, most in billed[position].seconds_left.items()}
            use = count < 6 and any(parts.values())
            chosen[position] = parts if use else None
        credit = credit_of(billed, adjustments, left, chosen, "EUR")
        count += 1
        yield credit, left
        left -= credit.totals.due_minor
        for position, line in credit.lines:
            billed[position] = BilledLine(billed[position].line, (*billed[position].credits, line))
    assert left == 0
    for one in billed.values():
        assert one.net_left == 0
        assert one.seconds_left == {}


@given(invoices(), st.data())
@settings(max_examples=250, deadline=None)
def test_credit_notes_add_up_to_their_invoice_and_never_exceed_it(
    invoice: tuple[list[Line], tuple[DocumentAdjustment, ...]], data: st.DataObject
) -> None:
    lines, adjustments = invoice
    credits = list[Credit]()
    for credit, left in credited_in_parts(lines, adjustments, data):
        credits.append(credit)
        given_back = [line for _, line in credit.lines]
        assert check_invoice(given_back, credit.totals, "EUR", credit.adjustments, "credit_note") == []
        assert 0 <= credit.totals.due_minor <= left
    assert [credit.closing for credit in credits] == [False] * (len(credits) - 1) + [True]
    whole = totals_of(lines, "EUR", adjustments)
    assert sum(credit.totals.subtotal_minor for credit in credits) == whole.subtotal_minor


@given(invoices(), st.sampled_from(["USD", "JPY", "BHD"]), st.integers(1, 200_000_000), st.data())
@settings(max_examples=250, deadline=None)
def test_the_vat_of_credit_notes_in_the_agency_s_currency_adds_up_to_that_of_their_invoice(
    invoice: tuple[list[Line], tuple[DocumentAdjustment, ...]], currency: str, rate: int, data: st.DataObject
) -> None:
    lines, adjustments = invoice
    whole = totals_of(lines, "EUR", adjustments)
    invoiced = vat_in_accounting_currency(whole.vat_minor, "EUR", currency, rate)
    given_minor = 0
    for credit, _ in credited_in_parts(lines, adjustments, data):
        vat_minor = credit.totals.vat_minor
        stated = accounting_given_back(invoiced, given_minor, vat_minor, "EUR", closing=credit.closing)
        assert (stated.currency, stated.exchange_rate) == (currency, rate)
        assert stated.vat_minor >= 0
        at_rate = vat_in_accounting_currency(vat_minor, "EUR", currency, rate).vat_minor
        assert credit.closing or stated.vat_minor == min(at_rate, invoiced.vat_minor - given_minor)
        totals = replace(credit.totals, accounting=stated)
        given_back = [line for _, line in credit.lines]
        assert check_invoice(given_back, totals, "EUR", credit.adjustments, "credit_note") == []
        given_minor += stated.vat_minor
    assert given_minor == invoiced.vat_minor
