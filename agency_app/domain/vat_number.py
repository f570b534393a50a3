"""VAT numbers: the shape that each country gives them (EU: the VIES list of the European Commission).

A shape is not a proof: whether a number is in use is known to the tax office alone.
"""

import re

_BRITISH = r"\d{9}|\d{12}|GD\d{3}|HA\d{3}"
_SHAPES = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CH": r"E\d{9}(MWST|TVA|IVA|VAT)?",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": _BRITISH,
    "GR": r"\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "NO": r"\d{9}(MVA)?",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": _BRITISH,
}
"""What follows the country, which is EL for Greece and XI for Northern Ireland; GR is read as well."""
_ELSEWHERE = r"(?=(.*\d){4})[A-Z0-9]{4,20}"


def compact_vat_number(written: str) -> str:
    """Return a VAT number as it is stored in files: without spaces and signs between, in capitals."""
    return re.sub(r"[\s.\-/]", "", written).upper()


def is_vat_number(written: str) -> bool:
    """Tell whether a VAT number begins with its country and goes on as that country's numbers do.

    Of a country whose shape is not known here, at least four digits are expected.
    """
    number = compact_vat_number(written)
    if not re.match(r"[A-Z]{2}", number):
        return False
    return re.fullmatch(_SHAPES.get(number[:2], _ELSEWHERE), number[2:], re.ASCII) is not None
