"""Invoice arithmetic against vectors and as properties; and a checker that sees every single cent."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.invoice import (
    DocumentAdjustment,
    Line,
    LineWork,
    Totals,
    VatGroup,
    adjusted_by_amount,
    adjusted_by_percent,
    check_invoice,
    due_minor,
    line_net,
    price_of,
    quantity_of,
    totals_of,
    vat_amount,
)
from agency_app.domain.money import MoneyError, exponent, share
from tests.domain.vectors import minor, rules_in, scaled, vectors

CHECKED = {
    "product.qty_4dp_half_up",
    "line_half_up_2dp",
    "vat_exclusive_on_total",
    "vat_exclusive_discount_before_tax",
    "vat_exclusive_discount_prorated",
    "vat_exclusive_unrounded_net",
    "discount_after_tax_WRONG",
    "BR-CO-10",
    "BR-CO-15",
    "BR-CO-16",
    "BR-CO-17",
}
NOT_OURS = {
    "kimai.classic_4dp": "amounts of an entry with four decimals; ours are minor units",
    "kimai.decimal_2dp_hours": "hours with two decimals lose up to 18 seconds; ours have four",
    "hours_2dp_half_up": "the same loss, shown as seconds",
    "kimai.rate_precedence": "which rate applies is for the rate card, in the services",
    "kimai.weekday_factor_4dp": "there are no factors by weekday",
    "kimai.number_format": "numbers are made by the series, in the services",
    "vat_inclusive_discount_before_tax": "prices are net, VAT is never taken out of a gross",
    "vat_inclusive_per_group": "prices are net",
    "vat_inclusive_tax_rounded_first": "prices are net",
    "vat_inclusive_unrounded": "prices are net, and every line is rounded",
    "parallel_taxes_exclusive": "EN 16931 has one VAT category and rate a line",
    "parallel_taxes_inclusive_independent": "one VAT a line, and prices are net",
    "cash_rounding_0.05": "nothing is paid in cash; BT-114 is taken as it is given",
}


def fee_line(net_minor: int, rate: int, category: str = "S") -> Line:
    """A line of one unit whose net is an amount in cents."""
    return Line("fee", "Fee", 10_000, "month", price_of(net_minor, "EUR"), net_minor, category, rate)


def test_every_rule_of_the_vectors_is_checked_or_left_out_on_purpose() -> None:
    assert rules_in("money") == CHECKED | NOT_OURS.keys()


@pytest.mark.parametrize("vector", vectors("money", rules=("product.qty_4dp_half_up",)), ids=lambda row: row["id"])
def test_from_seconds_to_the_printed_line(vector: Any) -> None:
    quantity = quantity_of(vector["input"]["seconds"])
    assert quantity == scaled(vector["expect"]["quantity"], 10_000)
    net = line_net(quantity, scaled(vector["input"]["rate_per_hour"], 10_000), "EUR")
    assert net == minor(vector["expect"]["amount"])


@pytest.mark.parametrize(
    "vector", vectors("money", "quantity_x_price", rules=("line_half_up_2dp",)), ids=lambda row: row["id"]
)
def test_quantity_times_price(vector: Any) -> None:
    quantity, price = (scaled(vector["input"][name], 10_000) for name in ("quantity", "price"))
    assert line_net(quantity, price, "EUR") == minor(vector["expect"]["amount"])


@pytest.mark.parametrize(
    "vector", vectors("money", "sum_of_products", rules=("line_half_up_2dp",)), ids=lambda row: row["id"]
)
def test_lines_are_rounded_then_summed(vector: Any) -> None:
    price = scaled(vector["input"]["price"], 10_000)
    nets = [line_net(scaled(quantity, 10_000), price, "EUR") for quantity in vector["input"]["quantities"]]
    assert sum(nets) == minor(vector["expect"]["amount"])


@pytest.mark.parametrize("vector", vectors("money", rules=("vat_exclusive_on_total",)), ids=lambda row: row["id"])
def test_vat_is_taken_once_on_the_sum(vector: Any) -> None:
    rate = scaled(vector["input"]["vat_percent"], 100)
    totals = totals_of([fee_line(minor(net), rate) for net in vector["input"]["lines"]], "EUR")
    found = {"net": totals.subtotal_minor, "vat": totals.vat_minor, "gross": totals.total_minor}
    for name, amount in vector["expect"].items():
        assert found[name] == minor(amount), name


DISCOUNTS = vectors("money", rules=("vat_exclusive_discount_before_tax", "vat_exclusive_discount_prorated"))


@pytest.mark.parametrize("vector", DISCOUNTS, ids=lambda row: row["id"])
def test_a_discount_comes_off_before_vat(vector: Any) -> None:
    """The prorated one is Invoice Ninja's rule, which rounds VAT on every line; its two sums agree with ours, which
    takes VAT once, and its VAT a line is not compared because we have none."""
    totals = _discounted(vector["input"])
    found = {"net": totals.subtotal_minor, "vat": totals.vat_minor, "gross": totals.total_minor}
    for name in found.keys() & vector["expect"].keys():
        assert found[name] == minor(vector["expect"][name]), name


@pytest.mark.parametrize("vector", vectors("money", rules=("discount_after_tax_WRONG",)), ids=lambda row: row["id"])
def test_vat_is_never_charged_on_what_a_discount_takes_off(vector: Any) -> None:
    """Midday's rule, which we do not follow: it charges VAT on the price before the discount."""
    totals = _discounted(vector["input"])
    assert totals.total_minor == minor(vector["expect"]["gross"]) - 200


@pytest.mark.parametrize("vector", vectors("money", rules=("vat_exclusive_unrounded_net",)), ids=lambda row: row["id"])
def test_a_line_is_rounded_before_vat_is_taken(vector: Any) -> None:
    """Invoice Ninja's rule, which we do not follow: it takes VAT from the unrounded net and ends a cent higher."""
    price, rate = scaled(vector["input"]["lines"][0], 10_000), scaled(vector["input"]["vat_percent"], 100)
    line = Line("fee", "Fee", 10_000, "month", price, line_net(10_000, price, "EUR"), "S", rate)
    assert totals_of([line], "EUR").total_minor == minor(vector["expect"]["gross"]) - 1


def _discounted(told: Any) -> Totals:
    lines = [fee_line(minor(net), scaled(told["vat_percent"], 100)) for net in told["lines"]]
    if "discount_percent" in told:
        adjustments = adjusted_by_percent(lines, "allowance", "Discount", scaled(told["discount_percent"], 100))
    elif minor(told["discount_amount"]) < 0:
        # A negative discount on negative lines; we would write a credit note with positive amounts.
        amount, rate = minor(told["discount_amount"]), lines[0].vat_rate
        adjustments = (
            DocumentAdjustment(
                kind="allowance", reason="Discount", amount_minor=amount, vat_category="S", vat_rate=rate
            ),
        )
    else:
        adjustments = adjusted_by_amount(lines, "allowance", "Discount", minor(told["discount_amount"]))
    return totals_of(lines, "EUR", adjustments)


@pytest.mark.parametrize("vector", vectors("money", rules=("BR-CO-17",)), ids=lambda row: row["id"])
def test_vat_is_base_times_rate(vector: Any) -> None:
    given_input = vector["input"]
    expected = vat_amount(minor(given_input["basis"]), scaled(given_input["vat_percent"], 100))
    assert (expected == minor(given_input["vat"])) is vector["expect"]["valid"]


@pytest.mark.parametrize("vector", vectors("money", rules=("BR-CO-10",)), ids=lambda row: row["id"])
def test_nets_add_up_to_the_subtotal(vector: Any) -> None:
    lines = [fee_line(minor(net), 0, "Z") for net in vector["input"]["line_nets"]]
    totals = replace(totals_of(lines, "EUR"), subtotal_minor=minor(vector["input"]["line_total"]))
    assert (check_invoice(lines, totals, "EUR") == []) is vector["expect"]["valid"]


@pytest.mark.parametrize("vector", vectors("money", rules=("BR-CO-15",)), ids=lambda row: row["id"])
def test_subtotal_and_vat_add_up_to_the_total(vector: Any) -> None:
    lines = [fee_line(minor(vector["input"]["basis"]), 2500)]
    totals = totals_of(lines, "EUR")
    assert totals.vat_minor == minor(vector["input"]["vat"])
    findings = check_invoice(lines, replace(totals, total_minor=minor(vector["input"]["gross"])), "EUR")
    assert (findings == []) is vector["expect"]["valid"]
    assert all(finding.startswith("BR-CO-15") for finding in findings)


@pytest.mark.parametrize("vector", vectors("money", rules=("BR-CO-16",)), ids=lambda row: row["id"])
def test_due_is_total_less_paid_plus_rounding(vector: Any) -> None:
    gross, prepaid, rounding, due = (minor(vector["input"][name]) for name in ("gross", "prepaid", "rounding", "due"))
    assert (due_minor(gross, prepaid, rounding) == due) is vector["expect"]["valid"]


def test_twenty_minutes_at_150_is_50_though_a_third_is_printed() -> None:
    assert line_net(quantity_of(1200), 1_500_000, "EUR") == 5000


@given(
    st.integers(0, 10**7),
    st.integers(0, 10**8),
    st.sampled_from(["EUR", "JPY", "BHD", "CLF"]),
    st.sampled_from([1, -1]),
)
def test_a_printed_line_multiplies_out(quantity: int, price: int, currency: str, sign: int) -> None:
    printed = Decimal(sign * quantity) / 10_000 * Decimal(price) / 10_000
    step = Decimal(1).scaleb(-exponent(currency))
    expected = int(printed.quantize(step, ROUND_HALF_UP).scaleb(exponent(currency)))
    assert line_net(sign * quantity, price, currency) == expected


@given(st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "BHD", "CLF"]))
def test_one_unit_at_the_price_of_an_amount_is_that_amount(amount: int, currency: str) -> None:
    assert line_net(10_000, price_of(amount, currency), currency) == amount


@st.composite
def invoices(draw_value: st.DrawFn) -> list[Line]:
    """Consistent lines of several VAT groups, hourly ones with their work."""
    lines: list[Line] = []
    for number in range(draw_value(st.integers(1, 8))):
        category, rate = draw_value(st.sampled_from([("S", 2000), ("S", 550), ("AE", 0), ("Z", 0)]))
        seconds = draw_value(st.lists(st.integers(1, 40_000), min_size=1, max_size=5))
        quantity, price = quantity_of(sum(seconds)), draw_value(st.integers(10_000, 3_000_000))
        net = line_net(quantity, price, "EUR")
        amounts = share(net, seconds)
        work = tuple(
            LineWork(f"{number}-{index}", entry_seconds, entry_seconds, amount)
            for index, (entry_seconds, amount) in enumerate(zip(seconds, amounts, strict=True))
        )
        lines.append(Line("time", "Work", quantity, "h", price, net, category, rate, work))
        if draw_value(st.booleans()):
            lines.append(fee_line(draw_value(st.integers(0, 10**7)), rate, category))
    return lines


@given(invoices())
def test_totals_of_any_lines_pass_the_checker(lines: list[Line]) -> None:
    assert check_invoice(lines, totals_of(lines, "EUR"), "EUR") == []


@given(invoices())
def test_vat_comes_once_per_category_and_rate_whatever_the_order_of_lines(lines: list[Line]) -> None:
    totals = totals_of(lines, "EUR")
    assert totals == totals_of(lines[::-1], "EUR")
    keys = [(group.category, group.rate) for group in totals.vat]
    assert keys == sorted({(line.vat_category, line.vat_rate) for line in lines})


def test_an_invoice_without_lines_is_all_zero() -> None:
    assert totals_of([], "EUR") == Totals(0, (), 0, 0)
    assert check_invoice([], Totals(0, (), 0, 0), "EUR") == []


def test_totals_in_an_unknown_currency_are_refused() -> None:
    with pytest.raises(MoneyError):
        totals_of([], "XXX")


def _with_group(totals: Totals, **changes: int) -> Totals:
    return replace(totals, vat=(replace(totals.vat[0], **changes), *totals.vat[1:]))


@given(invoices(), st.sampled_from([1, -1]))
def test_one_cent_wrong_in_any_total_is_caught(lines: list[Line], cent: int) -> None:
    totals = totals_of(lines, "EUR")
    group = totals.vat[0]
    for rule, broken in {
        "BR-CO-10": replace(totals, subtotal_minor=totals.subtotal_minor + cent),
        "BR-CO-14": replace(totals, vat_minor=totals.vat_minor + cent),
        "BR-CO-15": replace(totals, total_minor=totals.total_minor + cent),
        "BR-CO-17": _with_group(totals, amount_minor=group.amount_minor + cent),
        f"BR-{group.category}-08": _with_group(totals, base_minor=group.base_minor + cent),
    }.items():
        assert any(rule in finding for finding in check_invoice(lines, broken, "EUR")), rule


@given(invoices(), st.sampled_from([1, -1]))
def test_a_cent_moved_consistently_through_vat_and_total_is_still_caught(lines: list[Line], cent: int) -> None:
    totals = totals_of(lines, "EUR")
    moved = replace(
        _with_group(totals, amount_minor=totals.vat[0].amount_minor + cent),
        vat_minor=totals.vat_minor + cent,
        total_minor=totals.total_minor + cent,
    )
    findings = check_invoice(lines, moved, "EUR")
    assert len(findings) == 1
    assert "BR-CO-17" in findings[0]


@given(invoices(), st.sampled_from([1, -1]))
def test_one_cent_wrong_on_a_line_is_caught_even_when_the_totals_follow(lines: list[Line], cent: int) -> None:
    broken = [replace(lines[0], net_minor=lines[0].net_minor + cent), *lines[1:]]
    findings = check_invoice(broken, totals_of(broken, "EUR"), "EUR")
    assert any("R120" in finding for finding in findings)
    assert any("its work adds up to" in finding for finding in findings)


@given(invoices())
def test_work_that_does_not_tie_to_its_line_is_caught(lines: list[Line]) -> None:
    line, first = lines[0], lines[0].work[0]
    for broken_work in (
        (first._replace(amount_minor=first.amount_minor + 1), *line.work[1:]),
        (first._replace(billed_seconds=first.billed_seconds + 1), *line.work[1:]),
        (*line.work, LineWork(first.entry_id, 0, 0, 0)),
        (first._replace(seconds=-1), *line.work[1:]),
        line.work[1:] or (LineWork("other", 0, 0, 0),),
    ):
        broken = [replace(line, work=broken_work), *lines[1:]]
        # A single second moves the quantity by 2 or 3 of 1/10000 hour, so no rounding can hide it.
        assert check_invoice(broken, totals_of(broken, "EUR"), "EUR")


def test_a_group_missing_doubled_or_on_no_line_is_caught() -> None:
    lines = [fee_line(1000, 2000), fee_line(500, 0, "Z")]
    totals = totals_of(lines, "EUR")
    stray = VatGroup("S", 1000, 0, 0)
    for rule, vat in (
        ("BR-Z-08", totals.vat[:1]),
        ("BR-S-08", (*totals.vat, totals.vat[0])),
        ("BR-S-08", (*totals.vat, stray)),
    ):
        assert any(rule in finding for finding in check_invoice(lines, replace(totals, vat=vat), "EUR"))


@pytest.mark.parametrize(("category", "rate"), [("AE", 2000), ("Z", 1), ("O", 500), ("S", -1), ("S", 0)])
def test_a_category_without_vat_cannot_have_a_rate_and_standard_rated_needs_one(category: str, rate: int) -> None:
    lines = [fee_line(1000, rate, category)]
    assert any("cannot have a rate" in finding for finding in check_invoice(lines, totals_of(lines, "EUR"), "EUR"))


def test_a_negative_price_is_caught_and_a_negative_quantity_is_not() -> None:
    negative_price = [replace(fee_line(1000, 2000), price=-100_000, net_minor=-1000)]
    assert any("BR-27" in finding for finding in check_invoice(negative_price, totals_of(negative_price, "EUR"), "EUR"))
    negative_quantity = [replace(fee_line(1000, 2000), quantity=-10_000, net_minor=-1000)]
    assert check_invoice(negative_quantity, totals_of(negative_quantity, "EUR"), "EUR") == []


def test_a_price_ten_times_too_small_is_caught() -> None:
    lines = [replace(fee_line(1500, 2000), price=15_000)]
    assert any("R120" in finding for finding in check_invoice(lines, totals_of(lines, "EUR"), "EUR"))


def test_work_under_a_fee_has_no_amount_or_the_whole_of_it() -> None:
    line = fee_line(1000, 2000)
    for amounts, is_clean in (((0, 0), True), ((400, 600), True), ((400, 500), False)):
        work = tuple(LineWork(str(index), 60, 60, amount) for index, amount in enumerate(amounts))
        lines = [replace(line, work=work)]
        assert (check_invoice(lines, totals_of(lines, "EUR"), "EUR") == []) is is_clean
