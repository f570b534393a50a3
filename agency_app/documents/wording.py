"""Amounts, times and dates as people read them: integers and dates in, strings out, never a float.

Every function is pure. `locale` is a CLDR name such as `en`, `de` or `nl_BE` (a hyphen is understood too); a name that
is not known falls back to its language, then to English, because a document is better in English than not at all.
"""

import copy
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import NumberPattern, get_currency_symbol

from agency_app.domain.money import exponent, round_half_up
from agency_app.domain.vat import is_untold

_FOUR = 4  # decimals of a stored rate and of a stored quantity
_KEPT = 4096
"""How many amounts are remembered: a screen says the same few again and again, and Babel takes its time."""
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class _DateOrder(NamedTuple):
    """How a language writes dates, as CLDR patterns. CLDR's own spans abbreviate months and its English is American."""

    day: str = "d"
    day_month: str = "d MMMM"
    long: str = "d MMMM y"
    month: str = "LLLL y"
    short: str = "d MMM"
    table: str = "dd MMM"


_DATE_ORDERS = {
    "de": _DateOrder("d.", "d. MMMM", "d. MMMM y", short="d. MMM", table="dd.MM."),
    "es": _DateOrder("d", "d 'de' MMMM", "d 'de' MMMM 'de' y", "LLLL 'de' y", table="dd/MM"),
    "fr": _DateOrder(table="dd/MM"),
    "nl": _DateOrder(table="dd-MM"),
}


@lru_cache(maxsize=_KEPT)
def money(minor: int, currency: str, locale: str = "en") -> str:
    """Return an amount in minor units with its currency: `€1,116.25`, `-€5.00`, `¥1,200`, `BHD 1.250`.

    Raises MoneyError for a currency that ISO 4217 does not know.
    """
    decimals = exponent(currency)
    return _priced(Decimal(minor).scaleb(-decimals), currency, locale, decimals, decimals)


@lru_cache(maxsize=_KEPT)
def rate(price_e4: int, currency: str, locale: str = "en") -> str:
    """Return a rate in 1/10000 of the currency unit: `€95.00`, and `€95.125` where the currency's decimals would lie.

    Raises MoneyError for a currency that ISO 4217 does not know.
    """
    decimals = exponent(currency)
    return _priced(
        Decimal(price_e4).scaleb(-_FOUR),
        currency,
        locale,
        decimals,
        max(decimals, _FOUR),
    )


@lru_cache(maxsize=_KEPT)
def quantity(quantity_e4: int, locale: str = "en", least: int = _FOUR) -> str:
    """Return a line quantity in 1/10000 with all four decimals, or at least so many: `11.7500`, `11.75`."""
    return _plain(Decimal(quantity_e4).scaleb(-_FOUR), locale, least, _FOUR)


@lru_cache(maxsize=_KEPT)
def hours(seconds: int, locale: str = "en") -> str:
    """Return seconds as hours with at most two decimals, half away from zero, for screens: `11.75`, `33.5`, `40`."""
    return _plain(Decimal(round_half_up(seconds * 100, 3600)).scaleb(-2), locale, 0, 2)


def exchange_rate(rate_e6: int, locale: str = "en") -> str:
    """Return an exchange rate in 1/1000000 with as many of its six decimals as it has: `0.9214`, `11.23449`."""
    return _plain(Decimal(rate_e6).scaleb(-6), locale, 0, 6)


def retainer_amount(value: int, unit: str, currency: str, locale: str = "en") -> str:
    """Return a figure of a retainer in an invoice's snapshot: `11.75 h` for seconds, money where the unit is "money"."""
    return money(value, currency, locale) if unit == "money" else f"{hours(value, locale)} h"


def hours_minutes(seconds: int) -> str:
    """Return seconds as hours and minutes, rounded to the minute, half away from zero: `11:45`, `-0:30`."""
    minutes = round_half_up(seconds, 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"


def minutes(seconds: int) -> str:
    """Return seconds as minutes, and the seconds that are over, for lengths that are decided about: `30 min`,
    `1 min 20 s`, `45 s`."""
    whole, rest = divmod(seconds, 60)
    return " ".join([*([f"{whole} min"] if whole or not rest else []), *([f"{rest} s"] if rest else [])])


def clock(seconds: int) -> str:
    """Return seconds as two-digit hours and minutes, for calendars: `01:30`."""
    return hours_minutes(seconds).rjust(5, "0") if seconds >= 0 else hours_minutes(seconds)


def vat_name(category: str, rate: int) -> str:
    """Return what the VAT of a category at a rate in basis points is called beside a draft's totals."""
    if is_untold(category, rate):
        return "VAT, no rate yet"
    return f"VAT {vat_percent(rate)}" + (f" {category}" if category != "S" else "")


def vat_percent(basis_points: int, locale: str = "en") -> str:
    """Return a VAT rate in basis points as a percentage: `21%`, `5.5%`."""
    return _adjusted(_percent_pattern(locale), 0, 2).apply(Decimal(basis_points).scaleb(-4), _locale(locale))


def currency_prefix(currency: str, locale: str = "en") -> str:
    """Return the sign of a currency in a locale: `€`, `$`, and the code with a no-break space where none exists."""
    symbol = get_currency_symbol(currency, _locale(locale))
    return symbol + _NO_BREAK_SPACE if symbol[-1].isalpha() else symbol


@lru_cache(maxsize=1024)
def short_date(day: date, locale: str = "en") -> str:
    """Return a day without its year: `17 Nov`."""
    return format_date(day, _order(locale).short, _locale(locale))


def weekday_date(day: date, locale: str = "en") -> str:
    """Return a day with its weekday: `Tue 17 Nov`."""
    return f"{weekday_name(day, locale)} {short_date(day, locale)}"


def weekday_name(day: date, locale: str = "en") -> str:
    """Return the short name of a day's weekday: `Tue`."""
    return format_date(day, "EEE", _locale(locale))


def table_date(day: date, locale: str = "en") -> str:
    """Return a day without its year, for columns: `06 Nov`."""
    return format_date(day, _order(locale).table, _locale(locale))


def long_date(day: date, locale: str = "en") -> str:
    """Return a full date: `30 November 2026`, `30. November 2026`, `30 de noviembre de 2026`."""
    return format_date(day, _order(locale).long, _locale(locale))


@lru_cache(maxsize=1024)
def month_name(day: date, locale: str = "en") -> str:
    """Return the month of a day with its year: `November 2026`, `noviembre de 2026`."""
    return format_date(day, _order(locale).month, _locale(locale))


def month_seen_from(day: date, today: date) -> str:
    """Return the month of a day for a sentence: `November`, and with its year when that is not the year of `today`, or of
    whatever other day the sentence is read beside."""
    return f"{day:%B}" if day.year == today.year else month_name(day)


def day_span(first_day: date, last_day: date, locale: str = "en") -> str:
    """Return a span of days, both included: `1–30 November 2026`, `28 October – 3 November 2026`, one day as itself."""
    if first_day == last_day:
        return long_date(first_day, locale)
    order = _order(locale)
    if (first_day.year, first_day.month) == (last_day.year, last_day.month):
        return f"{format_date(first_day, order.day, _locale(locale))}–{long_date(last_day, locale)}"
    if first_day.year == last_day.year:
        return f"{format_date(first_day, order.day_month, _locale(locale))} – {long_date(last_day, locale)}"
    return f"{long_date(first_day, locale)} – {long_date(last_day, locale)}"


def short_span(first_day: date, last_day: date) -> str:
    """Return a span of days without its year, where there is little room: `23–29 Nov`, `30 Nov – 6 Dec`."""
    if (first_day.year, first_day.month) == (last_day.year, last_day.month):
        return f"{first_day.day}–{short_date(last_day)}"
    return f"{short_date(first_day)} – {short_date(last_day)}"


def week_title(first_day: date, last_day: date) -> str:
    """Return the days of a week with their year, as short as months go: `23–29 Nov 2026`, `28 Dec 2026 – 3 Jan 2027`."""
    if first_day.year == last_day.year:
        return f"{short_span(first_day, last_day)} {last_day.year}"
    return f"{short_date(first_day)} {first_day.year} – {short_date(last_day)} {last_day.year}"


def period_name(first_day: date, last_day: date, locale: str = "en") -> str:
    """Return `November 2026` for a whole calendar month, the span of days for anything else."""
    whole = first_day.day == 1 and last_day == _month_end(first_day)
    return month_name(first_day, locale) if whole else day_span(first_day, last_day, locale)


def _month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _priced(value: Decimal, currency: str, locale: str, least: int, most: int) -> str:
    pattern = _adjusted(_currency_pattern(locale), least, most)
    text = pattern.apply(value, _locale(locale), currency=currency, currency_digits=False)
    symbol = get_currency_symbol(currency, _locale(locale))
    if symbol[-1].isalpha() and (after := text.find(symbol) + len(symbol)) < len(text) and text[after].isdigit():
        return f"{text[:after]}{_NO_BREAK_SPACE}{text[after:]}"  # CLDR currencySpacing, which Babel leaves out
    return text


def _plain(value: Decimal, locale: str, least: int, most: int) -> str:
    return _adjusted(_decimal_pattern(locale), least, most).apply(value, _locale(locale))


@lru_cache(maxsize=256)
def _adjusted(pattern: NumberPattern, least: int, most: int) -> NumberPattern:
    """Return a locale's pattern with our own number of decimals: CLDR's differ from ISO 4217 (IQD, LBP, ...)."""
    adjusted = copy.copy(pattern)
    adjusted.frac_prec = (least, most)
    return adjusted


@lru_cache(maxsize=64)
def _currency_pattern(locale: str) -> NumberPattern:
    return _locale(locale).currency_formats["standard"]


@lru_cache(maxsize=64)
def _decimal_pattern(locale: str) -> NumberPattern:
    return _locale(locale).decimal_formats[None]


@lru_cache(maxsize=64)
def _percent_pattern(locale: str) -> NumberPattern:
    return _locale(locale).percent_formats[None]


@lru_cache(maxsize=64)
def _order(locale: str) -> _DateOrder:
    return _DATE_ORDERS.get(_locale(locale).language, _DateOrder())


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    for candidate in (name, name.replace("-", "_").partition("_")[0], "en"):
        try:
            return Locale.parse(candidate.replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    raise AssertionError("Babel always knows English")
