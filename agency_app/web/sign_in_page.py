"""The pages before the app: sign-in and the first visit. Plain HTML that needs no script, in the looks of the app."""

from html import escape

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Agency</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/tokens.css">
<link rel="stylesheet" href="/components.css">
<link rel="stylesheet" href="/app.css">
<script src="/agency.js"></script>
</head>
<body class="door">
<main class="card door-card">
<h1>{title}</h1>
<p class="muted">{intro}</p>
{error}
<form method="post" action="{action}">
{fields}
<button class="btn btn-primary btn-l" type="submit">{verb}</button>
</form>
</main>
</body>
</html>"""


def sign_in_page(email: str = "", error: str = "", next_path: str = "/") -> str:
    """Return the sign-in page; what was typed stays, but for the password."""
    fields = (
        _field("E-mail", "email", email, kind="email", complete="username")
        + _field("Password", "password", kind="password", complete="current-password")
        + f'<input type="hidden" name="next" value="{escape(next_path, quote=True)}">'
    )
    return _page("Sign in", "To your agency's workspace.", error, "/sign-in", fields, "Sign in")


def welcome_page(given: dict[str, str] | None = None, error: str = "") -> str:
    """Return the page of the first visit, which creates the workspace and its owner."""
    given = given or {}
    fields = "".join(
        (
            _field("Agency", "agency_name", given.get("agency_name", ""), complete="organization"),
            _area("Address, as it stands on your invoices", "address", given.get("address", "")),
            _field("VAT number", "vat_id", given.get("vat_id", ""), required=False),
            _field("IBAN", "iban", given.get("iban", ""), required=False),
            _field("Currency", "currency", given.get("currency", "EUR")),
            _field("Time zone", "zone", given.get("zone", "Europe/Amsterdam")),
            _field("Your name", "owner_name", given.get("owner_name", ""), complete="name"),
            _field("Your e-mail", "email", given.get("email", ""), kind="email", complete="username"),
            _field("Password, at least 10 characters", "password", kind="password", complete="new-password"),
        )
    )
    intro = "This creates the workspace and you as its owner. Next you add your first retainer client."
    return _page("Welcome", intro, error, "/welcome", fields, "Create the workspace")


def _page(title: str, intro: str, error: str, action: str, fields: str, verb: str) -> str:
    shown = f'<p class="err" role="alert">{escape(error)}</p>' if error else ""
    return _PAGE.format(title=title, intro=intro, error=shown, action=action, fields=fields, verb=verb)


def _field(
    label: str, name: str, value: str = "", kind: str = "text", complete: str = "off", required: bool = True
) -> str:
    return (
        f'<label class="fld"><span class="label">{label}</span><input name="{name}" type="{kind}" '
        f'value="{escape(value, quote=True)}" autocomplete="{complete}"{" required" if required else ""}></label>'
    )


def _area(label: str, name: str, value: str) -> str:
    return (
        f'<label class="fld"><span class="label">{label}</span>'
        f'<textarea name="{name}" rows="3" required>{escape(value)}</textarea></label>'
    )
