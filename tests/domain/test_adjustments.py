"""Discounts, surcharges, prepayments, credit notes and other currencies: every identity holds, every cent is seen."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency_app.domain.invoice import (
    Adjustment,
    AdjustmentKind,
    DocumentAdjustment,
    Line,
    Totals,
    adjusted_by_amount,
    adjusted_by_percent,
    check_invoice,
    due_minor,
    line_net,
    totals_of,
)
from agency_app.domain.money import MoneyError, exponent
from agency_app.domain.vat import AccountingVat, vat_in_accounting_currency

KINDS: list[AdjustmentKind] = ["allowance", "charge"]
TREATMENTS = [("S", 2100), ("S", 900), ("S", 550), ("Z", 0), ("E", 0), ("AE", 0)]
Drawn = tuple[str, list[Line], tuple[DocumentAdjustment, ...], int]


def line(quantity: int, price: int, category: str = "S", rate: int = 2100, *adjustments: Adjustment) -> Line:
    net = line_net(quantity, price, "EUR", adjustments)
    return Line("time", "Work", quantity, "h", price, net, category, rate, (), adjustments)


@st.composite
def adjusted_invoices(draw: st.DrawFn) -> Drawn:
    """An invoice in a currency with 0, 2 or 3 decimals, with discounts and surcharges of lines and of the whole."""
    currency = draw(st.sampled_from(["EUR", "JPY", "BHD"]))
    lines = []
    for _ in range(draw(st.integers(1, 12))):
        quantity, price = draw(st.integers(1, 10**6)), draw(st.integers(0, 3_000_000))
        gross = line_net(quantity, price, currency)
        adjustments = tuple(
            Adjustment(kind=kind, reason="Agreed", amount_minor=draw(st.integers(0, gross)))
            for kind in draw(st.sets(st.sampled_from(KINDS)))
        )
        category, rate = draw(st.sampled_from(TREATMENTS))
        net = line_net(quantity, price, currency, adjustments)
        lines.append(Line("time", "Work", quantity, "h", price, net, category, rate, (), adjustments))
    percent = draw(st.integers(0, 10_000))
    adjustments = adjusted_by_percent(lines, draw(st.sampled_from(KINDS)), "All of it", percent)
    return currency, lines, adjustments, draw(st.integers(0, 10**6))


@given(adjusted_invoices())
@settings(max_examples=200)
def test_every_identity_holds_with_adjustments_and_prepayments(drawn: Drawn) -> None:
    currency, lines, adjustments, prepaid = drawn
    totals = totals_of(lines, currency, adjustments, prepaid)
    assert check_invoice(lines, totals, currency, adjustments) == []
    assert totals.lines_minor == sum(one.net_minor for one in lines)
    assert totals.subtotal_minor == totals.lines_minor - totals.allowances_minor + totals.charges_minor
    assert totals.due_minor == totals.total_minor - prepaid


@given(adjusted_invoices(), st.sampled_from([1, -1]))
@settings(max_examples=100)
def test_a_cent_wrong_in_an_adjustment_or_its_sum_is_caught(drawn: Drawn, cent: int) -> None:
    currency, lines, adjustments, _ = drawn
    totals = totals_of(lines, currency, adjustments)
    for rule, broken in {
        "BR-CO-11": replace(totals, allowances_minor=totals.allowances_minor + cent),
        "BR-CO-12": replace(totals, charges_minor=totals.charges_minor + cent),
        "BR-CO-13": replace(totals, subtotal_minor=totals.subtotal_minor + cent),
    }.items():
        assert any(rule in finding for finding in check_invoice(lines, broken, currency, adjustments)), rule
    moved = (replace(adjustments[0], amount_minor=adjustments[0].amount_minor + cent), *adjustments[1:])
    findings = check_invoice(lines, totals_of(lines, currency, moved), currency, moved)
    assert any("R040" in finding for finding in findings)


@given(st.lists(st.tuples(st.integers(0, 10**7), st.sampled_from(TREATMENTS)), min_size=1), st.integers(0, 10**6))
def test_an_amount_off_the_whole_is_shared_over_the_rates_and_adds_up(nets: list, amount: int) -> None:
    lines = [line(10_000, net * 100, category, rate) for net, (category, rate) in nets]
    if sum(one.net_minor for one in lines) == 0 and amount:
        with pytest.raises(MoneyError):
            adjusted_by_amount(lines, "allowance", "Goodwill", amount)
        return
    adjustments = adjusted_by_amount(lines, "allowance", "Goodwill", amount)
    assert sum(one.amount_minor for one in adjustments) == amount
    assert check_invoice(lines, totals_of(lines, "EUR", adjustments), "EUR", adjustments) == []


def test_a_percentage_off_two_rates_comes_off_each_before_vat() -> None:
    lines = [line(10_000, 1_000_000, "S", 2100), line(10_000, 500_000, "S", 900)]
    adjustments = adjusted_by_percent(lines, "allowance", "Volume discount", 1_000)
    totals = totals_of(lines, "EUR", adjustments)
    assert [(group.rate, group.base_minor, group.amount_minor) for group in totals.vat] == [
        (900, 4_500, 405),
        (2100, 9_000, 1_890),
    ]
    assert (totals.lines_minor, totals.allowances_minor, totals.subtotal_minor) == (15_000, 1_500, 13_500)


def test_a_line_discount_is_part_of_the_line() -> None:
    discount = Adjustment(kind="allowance", reason="Loyalty", amount_minor=500, base_minor=10_000, percent=500)
    one = line(10_000, 1_000_000, "S", 2100, discount)
    assert one.net_minor == 9_500
    assert check_invoice([one], totals_of([one], "EUR"), "EUR") == []
    undiscounted = [replace(one, net_minor=10_000)]
    assert any("R120" in finding for finding in check_invoice(undiscounted, totals_of(undiscounted, "EUR"), "EUR"))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"reason": ""}, "BR-33"),
        ({"amount_minor": -500}, "positive amount"),
        ({"percent": None}, "R042"),
        ({"percent": 600}, "R040"),
        ({"vat_rate": 0}, "BR-S-05"),
        ({"vat_category": "X"}, "BR-CL-17"),
    ],
)
def test_what_is_wrong_with_an_adjustment_is_said(change: dict, rule: str) -> None:
    lines = [line(10_000, 1_000_000)]
    good = DocumentAdjustment(
        kind="allowance",
        reason="Loyalty",
        amount_minor=500,
        base_minor=10_000,
        percent=500,
        vat_category="S",
        vat_rate=2100,
    )
    assert check_invoice(lines, totals_of(lines, "EUR", [good]), "EUR", [good]) == []
    bad = [replace(good, **change)]
    assert any(rule in finding for finding in check_invoice(lines, totals_of(lines, "EUR", bad), "EUR", bad))


def test_what_was_paid_before_and_what_is_rounded_away_leave_what_is_due() -> None:
    totals = totals_of([line(10_000, 1_000_000)], "EUR", prepaid_minor=2_000, rounding_minor=-2)
    assert totals.due_minor == due_minor(12_100, 2_000, -2) == 10_098


def test_a_credit_note_is_written_with_positive_amounts() -> None:
    lines = [line(10_000, 1_000_000)]
    assert check_invoice(lines, totals_of(lines, "EUR"), "EUR", kind="credit_note") == []
    negative = [line(-10_000, 1_000_000)]
    assert check_invoice(negative, totals_of(negative, "EUR"), "EUR") == []
    findings = check_invoice(negative, totals_of(negative, "EUR"), "EUR", kind="credit_note")
    assert any("positive amounts" in finding for finding in findings)


@pytest.mark.parametrize(
    ("vat", "currency", "accounting", "rate", "expected"),
    [
        (10_000, "EUR", "JPY", 163_250_000, 16_325),
        (16_325, "JPY", "EUR", 6_126, 10_001),
        (1_000, "BHD", "EUR", 2_450_000, 245),
        (5, "EUR", "GBP", 900_000, 5),  # 4.5, an exact half away from zero
    ],
)
def test_vat_is_converted_once_into_the_accounting_currency(
    vat: int, currency: str, accounting: str, rate: int, expected: int
) -> None:
    assert vat_in_accounting_currency(vat, currency, accounting, rate) == AccountingVat(accounting, expected, rate)


def test_a_wrong_conversion_and_a_needless_one_are_caught() -> None:
    lines = [line(10_000, 1_000_000)]
    totals = totals_of(lines, "EUR")

    def findings(accounting: AccountingVat) -> list[str]:
        return check_invoice(lines, replace(totals, accounting=accounting), "EUR")

    right = vat_in_accounting_currency(totals.vat_minor, "EUR", "SEK", 11_234_500)
    assert findings(right) == []
    assert any("BR-53" in finding for finding in findings(replace(right, vat_minor=right.vat_minor + 1)))
    assert any("BT-6" in finding for finding in findings(replace(right, currency="EUR")))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_a_conversion_is_within_half_a_unit(vat: int, rate: int) -> None:
    converted = vat_in_accounting_currency(vat, "EUR", "JPY", rate).vat_minor
    assert abs(converted * 10**6 * 10 ** exponent("EUR") - vat * rate) * 2 <= 10**6 * 10 ** exponent("EUR")


def test_totals_without_anything_special_have_nothing_special() -> None:
    assert totals_of([line(10_000, 1_000_000)], "EUR") == Totals(
        10_000, totals_of([line(10_000, 1_000_000)], "EUR").vat, 2_100, 12_100
    )
