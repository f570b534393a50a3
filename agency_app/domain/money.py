"""Money as integer minor units of an ISO 4217 currency, and the two exact operations on it: rounding and sharing."""

from collections.abc import Sequence
from dataclasses import dataclass

# ISO 4217 list one, by the number of decimals of the minor unit.
_CODES_BY_EXPONENT: dict[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD
    KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO
    NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {code: decimals for decimals, codes in _CODES_BY_EXPONENT.items() for code in codes.split()}


class MoneyError(ValueError):
    """A money operation that has no right answer: mixed currencies, an unknown code, a share of nothing."""


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents of EUR, whole JPY) of one currency."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _require_same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} cannot be added: convert one of them first.")


def exponent(currency: str) -> int:
    """Return how many decimals the currency's minor unit has (EUR 2, JPY 0, BHD 3).

    Raises MoneyError for a code that ISO 4217 does not list (codes are upper case).
    """
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise MoneyError(f"{currency!r} is not an ISO 4217 currency code, such as EUR or GBP.") from None


def round_half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator as the nearest integer, an exact half away from zero.

    Raises MoneyError when the denominator is zero.
    """
    if denominator == 0:
        raise MoneyError("A division by zero has no amount.")
    magnitude = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return magnitude if (numerator < 0) == (denominator < 0) else -magnitude


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total into integer parts in proportion to the weights; the parts sum exactly to the total.

    Largest remainder method; an equal remainder favours the earlier part, so the answer is the same every time.
    Raises MoneyError for a negative weight, or when a total is to be split over weights that are all zero.
    """
    if any(weight < 0 for weight in weights):
        raise MoneyError("A share cannot have a negative weight.")
    weight_sum = sum(weights)
    if weight_sum == 0:
        if total != 0:
            raise MoneyError("There is nothing to share this amount over.")
        return [0] * len(weights)
    sign = -1 if total < 0 else 1
    parts: list[int] = []
    remainders: list[int] = []
    for weight in weights:
        part, remainder = divmod(abs(total) * weight, weight_sum)
        parts.append(part)
        remainders.append(remainder)
    left_over = abs(total) - sum(parts)
    for index in sorted(range(len(weights)), key=lambda index: -remainders[index])[:left_over]:
        parts[index] += 1
    return [sign * part for part in parts]
