"""Change what the agency says of itself on invoices, and what its clients and numbers start with."""

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import available_timezones

from agency_app.domain.kept_days import kept_day
from agency_app.domain.money import MoneyError, exponent
from agency_app.domain.weeks import WEEK_STARTS
from agency_app.services.actor import Actor, acting
from agency_app.services.number_series import pattern_faults, read_pattern
from agency_app.services.refusal import FieldsRefused, Refused
from agency_app.services.row_form import (
    FormField,
    Saved,
    choice_field,
    days_field,
    line_field,
    percent_field,
    rate_field,
    read_form,
    refuse_outdated,
    save_form,
)
from agency_app.services.start_client import HIGHEST_AMOUNT
from agency_app.services.typed_identity import (
    typed_bic,
    typed_country,
    typed_email,
    typed_iban,
    typed_scheme,
    typed_vat_id,
)
from agency_app.services.typed_text import typed_address
from agency_app.store import people

MAY_CHANGE_WORKSPACE = ("owner", "finance")
VERB = "change_workspace"
LOCALES = ("en", "en_GB", "da", "de", "es", "fi", "fr", "it", "nb", "nl", "pl", "pt", "sv")
MOST_THRESHOLDS = 8
HIGHEST_THRESHOLD = 200
WEEK_START_WORDS = {day: word for word, day in WEEK_STARTS.items()}


def change_workspace(actor: Actor, version: int, typed: Mapping[str, str]) -> Saved:
    """Save the settings that a form opened at a version holds; fields that are not in it stay as they are.

    Drafts say the new words and terms at once. Final invoices keep theirs, and so do the numbers of a year that has
    begun: a new pattern, or another count, holds from the first document of the next year. Raises NotAllowed by role,
    Outdated when somebody saved since that version, FieldsRefused with what to do in each field. Nothing changes then.
    """
    with acting(actor, *MAY_CHANGE_WORKSPACE) as session:
        workspace = people.workspace(session, actor.workspace_id)
        session.refresh(workspace, with_for_update={"key_share": True})
        refuse_outdated(session, VERB, workspace, workspace.id, version, FIELDS)
        values = read_form(FIELDS, workspace, typed)
        faults = pattern_faults(
            {f"{kind}_pattern": (values[f"{kind}_pattern"], values[f"{kind}_yearly"]) for kind in ("invoice", "credit")}
        )
        if faults:
            raise FieldsRefused(faults)
        return save_form(session, actor, VERB, workspace, FIELDS, values)


def typed_currency(typed: str) -> str:
    """Return a currency code in capitals. Raises Refused naming the field "currency" for one ISO 4217 does not list."""
    currency = typed.strip().upper()[:10]
    try:
        exponent(currency)
    except MoneyError as error:
        raise Refused(str(error), "currency") from None
    return currency


def _in_fours(iban: str) -> str:
    """Return an IBAN as banks print it."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _zone(typed: str) -> str:
    if typed.strip() not in available_timezones():
        raise Refused(f"“{typed.strip()[:60]}” is not a time zone, such as Europe/Paris.", "zone")
    return typed.strip()


def _lock_date(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return kept_day(typed.strip())
    except ValueError:
        raise Refused("Give the lock date as a day, such as 2026-10-31, or leave it empty.", "locked_until") from None


def _yearly(name: str, label: str) -> FormField:
    return FormField(name, label, lambda typed: typed != "on", lambda yearly: "yearly" if yearly else "on")


def _first_weekday(typed: str) -> int:
    if typed not in WEEK_STARTS:
        raise Refused("Choose Monday or Sunday.", "first_weekday")
    return WEEK_STARTS[typed]


def _yes_or_no(typed: str, field: str) -> bool:
    if typed not in ("yes", "no"):
        raise Refused("Choose yes or no.", field)
    return typed == "yes"


def _thresholds(typed: str) -> str:
    """Read the percentages at which people are told, in any order, with commas, spaces or % signs between."""
    words = re.split(r"[\s,;%]+", typed.strip(" ,;%\t\n"))
    percents = sorted({int(word) if re.fullmatch(r"\d{1,3}", word, re.ASCII) else 0 for word in words if word})
    if len(percents) > MOST_THRESHOLDS or any(not 1 <= one <= HIGHEST_THRESHOLD for one in percents):
        raise Refused(
            f"Write up to {MOST_THRESHOLDS} percentages from 1 to {HIGHEST_THRESHOLD}, such as 50, 75, 90, 100.",
            "alert_thresholds",
        )
    return " ".join(str(one) for one in percents)


FIELDS: tuple[FormField, ...] = (
    line_field("name", "Agency", "Give the agency its name."),
    line_field("legal_name", "Legal name"),
    FormField("address", "Address", typed_address),
    FormField("country", "Country", lambda typed: typed_country(typed, "country")),
    FormField("vat_id", "VAT number", lambda typed: typed_vat_id(typed, "vat_id")),
    line_field("tax_number", "Tax number"),
    line_field("registration", "Registration"),
    line_field("contact", "Contact"),
    line_field("phone", "Telephone"),
    FormField("email", "E-mail", lambda typed: typed_email(typed, "email")),
    FormField("iban", "IBAN", lambda typed: typed_iban(typed, "iban"), _in_fours),
    FormField("bic", "BIC", lambda typed: typed_bic(typed, "bic")),
    FormField(
        "electronic_scheme", "Kind of electronic address", lambda typed: typed_scheme(typed, "electronic_scheme")
    ),
    line_field("electronic_address", "Electronic address"),
    days_field("payment_terms_days", "Payment terms"),
    percent_field("vat_rate", "VAT rate", may_be_untold=True),
    line_field("vat_exemption", "Small-business exemption"),
    rate_field("default_rate", "Standard rate", HIGHEST_AMOUNT),
    FormField("currency", "Currency", typed_currency),
    FormField("invoice_pattern", "Invoice numbers", lambda typed: read_pattern(typed, "invoice_pattern")),
    _yearly("invoice_yearly", "Count of invoices"),
    FormField("credit_pattern", "Credit note numbers", lambda typed: read_pattern(typed, "credit_pattern")),
    _yearly("credit_yearly", "Count of credit notes"),
    FormField("zone", "Time zone", _zone),
    choice_field("locale", "Figures and dates", LOCALES),
    FormField("first_weekday", "Weeks begin on", _first_weekday, lambda day: WEEK_START_WORDS[day]),
    FormField("alert_thresholds", "Alert at %", _thresholds, lambda text: ", ".join(text.split())),
    FormField(
        "alert_under_serviced",
        "Alert when under-serviced",
        lambda typed: _yes_or_no(typed, "alert_under_serviced"),
        lambda told: "yes" if told else "no",
    ),
    FormField("locked_until", "Lock date", _lock_date, lambda day: str(day or "")),
    FormField("approval", "Approval of weeks", lambda typed: typed == "on", lambda asked: "on" if asked else "off"),
)
"""The settings, in the order of the form."""
