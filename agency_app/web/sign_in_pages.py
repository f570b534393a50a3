"""The pages that are there before anybody is signed in, as plain HTML that needs no script."""

from collections.abc import Mapping
from html import escape

PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
CURRENCIES = ("EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "NZD", "JPY")
_MARK = (
    '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">'
    '<rect x="1" y="1" width="18" height="18" rx="5" fill="currentColor"/>'
    '<path d="M5.5 6v6.2a1.6 1.6 0 0 0 1.6 1.6h7.4" stroke="var(--on-accent)" stroke-width="1.8" fill="none" '
    'stroke-linecap="round" opacity=".55"/><path d="m6 6.2 4 4 4.3.9" stroke="var(--on-accent)" stroke-width="1.9" '
    'fill="none" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def sign_in_page(email: str = "", following: str = "/", error: str = "", signed_in_as: str = "") -> str:
    """Return the sign-in page; `following` is the safe address to go to, `signed_in_as` a name when that is so."""
    going_on = ""
    if signed_in_as:
        name, address = escape(signed_in_as), escape(following)
        going_on = f'<p class="note">You are signed in as {name}. <a href="{address}">Continue</a></p>'
    return _page(
        "Sign in",
        going_on
        + _form(
            "/sign-in",
            f'<input type="hidden" name="next" value="{escape(following)}">'
            + _field("email", "E-mail", email, kind="email", complete="username", required=True, focus=not email)
            + _field(
                "password",
                "Password",
                kind="password",
                complete="current-password",
                required=True,
                focus=bool(email),
            ),
            "Sign in",
            error,
        ),
    )


def welcome_page(typed: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    """Return the page of the first visit, with what was typed so far and what is to be mended by field; the password is
    never sent back: the script of the page keeps it where it was typed."""
    errors = errors or {}
    first = next(iter(errors), "agency_name")

    def field(name: str, label: str, **more: str | bool) -> str:
        value = "" if name == "password" else typed.get(name, "")
        return _field(name, label, value, error=errors.get(name, ""), focus=name == first, **more)  # pyright: ignore[reportArgumentType]

    currencies = "".join(f'<option value="{code}"></option>' for code in CURRENCIES)
    address_error, address_about = _error("address", errors.get("address", ""))
    fields = (
        field("agency_name", "Agency", complete="organization", required=True)
        + '<div class="two">'
        + field("currency", "Currency", choices="currencies", required=True, default="EUR")
        + field("zone", "Time zone", required=True, default="Europe/Amsterdam", hint="As in Europe/Paris")
        + f'</div><datalist id="currencies">{currencies}</datalist>'
        + '<label class="fld" for="address"><span class="label">Address <i>can wait until the first invoice</i></span>'
        + f'<textarea id="address" name="address" rows="2" autocomplete="street-address"{address_about}>'
        + f"{escape(typed.get('address', ''))}</textarea>{address_error}</label>"
        + '<div class="two">'
        + field("country", "Country", complete="country-name", hint="gives the VAT rate")
        + field("vat_id", "VAT number", optional=True)
        + "</div>"
        + field("iban", "IBAN for payments", optional=True)
        + "<hr>"
        + field("owner_name", "Your name", complete="name", required=True)
        + field("email", "Your e-mail", kind="email", complete="username", required=True)
        + field(
            "password",
            "Password",
            kind="password",
            complete="new-password",
            required=True,
            hint="At least 10 characters",
        )
    )
    lead = '<p class="lead">Set up the agency once. Next comes your first retainer client.</p>'
    return _page("Welcome", lead + _form("/welcome", fields, "Create the agency"))


def trouble_page(message: str, address: str) -> str:
    """Return the page that says why an address gave no answer, with the way to ask it again."""
    again = f'<a class="btn btn-primary btn-l" href="{escape(address)}">Try again</a>'
    return _page("That did not work", f'<p class="note">{escape(message)}</p>{again}')


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f"<title>{title} · Agency</title>"
        '<link rel="icon" href="/favicon.ico"><link rel="stylesheet" href="/fonts.css">'
        '<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/components.css">'
        '<link rel="stylesheet" href="/sign_in.css">'
        '<script src="/agency.js"></script><script src="/sign_in.js" defer></script></head>'
        f'<body><main class="door card"><p class="brand">{_MARK}<span>Agency</span></p>'
        f"<h1>{title}</h1>{content}</main></body></html>"
    )


def _form(action: str, fields: str, button: str, error: str = "") -> str:
    said = f'<p class="err" role="alert">{escape(error)}</p>' if error else ""
    submit = f'<button class="btn btn-primary btn-l" type="submit">{button}</button>'
    return f'<form method="post" action="{action}">{said}{fields}{submit}</form>'


def _field(
    name: str,
    label: str,
    value: str = "",
    *,
    kind: str = "text",
    complete: str = "off",
    required: bool = False,
    optional: bool = False,
    focus: bool = False,
    choices: str = "",
    default: str = "",
    hint: str = "",
    error: str = "",
) -> str:
    said, about = _error(name, error)
    attributes = f' autocomplete="{complete}"{about}'
    attributes += " required" if required else ""
    attributes += " autofocus" if focus else ""
    attributes += f' list="{choices}"' if choices else ""
    # The script fills the zone in from the browser's clock, as long as nobody has typed one.
    attributes += " data-default" if default and not value else ""
    more = f" <i>{hint or 'optional'}</i>" if hint or optional else ""
    return (
        f'<label class="fld" for="{name}"><span class="label">{label}{more}</span>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value or default)}"{attributes}>{said}</label>'
    )


def _error(name: str, error: str) -> tuple[str, str]:
    """Return the words beside a field, and the attributes that tie the field to them."""
    if not error:
        return "", ""
    return (
        f'<span class="fld-err" id="{name}-error" role="alert">{escape(error)}</span>',
        f' aria-invalid="true" aria-describedby="{name}-error"',
    )
