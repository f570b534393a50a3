"""`/settings`: the agency's own data, as invoices print it and as clients and numbers start with it."""

import reflex as rx

from agency_app.states.settings import APPROVAL_CHOICES, LOCALE_CHOICES, WEEK_CHOICES, YEARLY_CHOICES, Settings
from agency_app.ui.components.logo_field import logo_field
from agency_app.ui.components.row_form import Field, Section, back_link, page_toast, row_facts, row_form
from agency_app.ui.components.settings_nav import settings_nav
from agency_app.ui.components.shell import top_bar


def settings_page() -> rx.Component:
    """Return the page."""
    view = Settings.view
    return rx.el.div(
        top_bar("Settings", Settings.me, rx.el.span(class_name="grow")),
        rx.el.main(
            settings_nav("/settings"),
            back_link(view["back"]),
            rx.el.div(rx.el.h1("Settings"), class_name="pg-h"),
            rx.el.p(
                "What your agency says of itself. Drafts follow at once; invoices that are final keep what they said.",
                class_name="pg-s",
            ),
            rx.cond(
                view["ready"],
                rx.cond(
                    view["may_change"],
                    rx.cond(Settings.form_serial > 0, row_form(Settings, _sections(view["numbers"]))),
                    rx.el.div(
                        rx.el.p("An owner or finance changes these.", class_name="say"),
                        row_facts(Settings, _sections(view["numbers"])),
                        class_name="stack",
                    ),
                ),
            ),
            rx.cond(view["ready"], logo_field()),
            class_name="page narrow",
        ),
        page_toast(Settings, back=view["back"]),
        class_name="doc",
    )


def _sections(numbers: rx.Var[dict[str, str]]) -> tuple[Section, ...]:
    return (
        Section(
            "On every invoice",
            "Needed before the first invoice: the legal name and the address.",
            (
                Field("legal_name", "Legal name"),
                Field("name", "Agency, as you call it"),
                Field(
                    "address", "Address", "Street and number, postcode and city, country: a line each", True, lines=4
                ),
                Field("vat_id", "VAT number"),
                Field("registration", "Registration", "The trade register and your number in it"),
                Field("email", "E-mail for invoices", attributes={"input_mode": "email"}),
                Field("contact", "Contact", "Whom clients ask about an invoice"),
                Field("phone", "Telephone", attributes={"input_mode": "tel"}),
                Field("tax_number", "Tax number", "For an agency without a VAT number"),
                Field(
                    "vat_exemption",
                    "Small-business exemption",
                    "Why you charge no VAT, as invoices say it; empty if you do charge it",
                    True,
                ),
            ),
        ),
        Section(
            "E-invoices",
            "Every invoice goes out as an e-invoice too where it says enough; a draft's checks name what is missing.",
            (
                Field("country", "Country", "Where the address does not end with it"),
                Field("electronic_address", "Electronic address", "Such as a Peppol id; empty means the e-mail above"),
                Field("electronic_scheme", "Its kind", "As in 0106 for a KvK number, 9930 for a German VAT number"),
            ),
        ),
        Section(
            "Where clients pay",
            "",
            (Field("iban", "IBAN"), Field("bic", "BIC")),
        ),
        Section(
            "What a new client starts with",
            "Clients you have already keep theirs.",
            (
                Field("payment_terms_days", "Payment terms, in days", attributes={"input_mode": "numeric"}),
                Field("vat_rate", "VAT %", "0 if you charge none", attributes={"input_mode": "decimal"}),
                Field("currency", "Currency", "As in EUR or GBP"),
                Field(
                    "default_rate",
                    "Standard rate per hour",
                    "For new entries of any client without a rate of its own",
                    attributes={"input_mode": "decimal"},
                ),
            ),
        ),
        Section(
            "Retainer alerts",
            "Told once each period, by the bell on every page and, where mail is set up, by e-mail to owners and leads.",
            (
                Field("alert_thresholds", "When so many % are used", "As in 50, 75, 90, 100; empty for none"),
                Field(
                    "alert_under_serviced",
                    "When a client gets too little by mid-cycle",
                    choices=({"id": "yes", "name": "Tell"}, {"id": "no", "name": "Do not tell"}),
                ),
            ),
        ),
        Section(
            "Closing the books",
            "What is locked stays visible in the week, and can be copied.",
            (
                Field(
                    "locked_until",
                    "Lock date",
                    "Up to and including this day nothing can be logged or changed",
                    attributes={"type": "date"},
                ),
                Field("approval", "Weeks are approved before they are invoiced", choices=tuple(APPROVAL_CHOICES)),
            ),
        ),
        Section(
            "Numbers and dates",
            "",
            (
                _pattern("invoice_pattern", "Invoice numbers", numbers),
                Field("invoice_yearly", "Invoices count", choices=tuple(YEARLY_CHOICES)),
                _pattern("credit_pattern", "Credit note numbers", numbers),
                Field("credit_yearly", "Credit notes count", choices=tuple(YEARLY_CHOICES)),
                Field("locale", "Language of invoices, figures and dates", choices=tuple(LOCALE_CHOICES)),
                Field("zone", "Time zone", "Decides on which day an invoice is issued"),
                Field(
                    "first_weekday",
                    "Weeks begin on",
                    "On the timesheet, in gaps, and for weeks that are submitted from now on",
                    choices=tuple(WEEK_CHOICES),
                ),
            ),
        ),
    )


def _pattern(name: str, label: str, numbers: rx.Var[dict[str, str]]) -> Field:
    preview = {"on_blur": lambda typed: Settings.preview_pattern(name, typed)}
    return Field(name, label, numbers[name], attributes=preview)
