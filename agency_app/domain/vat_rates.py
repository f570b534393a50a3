"""The standard VAT rate of a country, which an agency there starts with: one it charges otherwise says so.

Sources, as of January 2026: European Commission, Taxes in Europe Database (the 27 member states); HM Revenue & Customs
(GB); Skatteetaten (NO); Skatturinn (IS); Federal Tax Administration (CH, and LI, which shares its VAT).
"""

STANDARD_RATES = {
    "AT": 2000,
    "BE": 2100,
    "BG": 2000,
    "CH": 810,
    "CY": 1900,
    "CZ": 2100,
    "DE": 1900,
    "DK": 2500,
    "EE": 2400,
    "ES": 2100,
    "FI": 2550,
    "FR": 2000,
    "GB": 2000,
    "GR": 2400,
    "HR": 2500,
    "HU": 2700,
    "IE": 2300,
    "IS": 2400,
    "IT": 2200,
    "LI": 810,
    "LT": 2100,
    "LU": 1700,
    "LV": 2100,
    "MT": 1800,
    "NL": 2100,
    "NO": 2500,
    "PL": 2300,
    "PT": 2300,
    "RO": 2100,
    "SE": 2500,
    "SI": 2200,
    "SK": 2300,
}
"""In basis points, by ISO 3166-1 code."""
_BEFORE_VAT_NUMBERS = {"EL": "GR", "XI": "GB"}
"""Countries that VAT numbers call otherwise."""


def standard_rate(country: str) -> int | None:
    """Return the standard rate of a country in basis points, or None for one whose rate is not known here.

    `country` is an ISO 3166-1 code, or what a VAT number begins with.
    """
    return STANDARD_RATES.get(_BEFORE_VAT_NUMBERS.get(country, country))
