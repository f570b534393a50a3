"""Read a posted HTML form: url-encoded, small, each field once."""

from urllib.parse import parse_qsl

from starlette.requests import Request

LARGEST_FORM_BYTES = 16_384
MOST_FIELDS = 50


class BadForm(Exception):
    """The body is no form of ours: too large, of another type, or not readable."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form by name, the first of each. Raises BadForm; reads no more than 16 KiB."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/x-www-form-urlencoded":
        raise BadForm("The form must be sent as application/x-www-form-urlencoded.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            raise BadForm("The form is too large.")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadForm("The form could not be read.") from None
    return dict(reversed(pairs))
