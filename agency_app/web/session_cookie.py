"""The sign-in cookie: its name, reading it from a header, setting it and taking it away."""

import re

from starlette.requests import HTTPConnection
from starlette.responses import Response

from agency_app.settings import settings

COOKIE = "agency_session"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def token_of_header(cookie_header: str) -> str:
    """Return the session token of a Cookie header, or "" when it holds none of the right shape.

    Other cookies of the same host, well formed or not, are stepped over.
    """
    for part in cookie_header.split(";"):
        name, _, value = part.strip().partition("=")
        value = value.strip().strip('"')
        if name.strip() == COOKIE and _TOKEN.fullmatch(value):
            return value
    return ""


def token_of_request(request: HTTPConnection) -> str:
    """Return the session token of a request, or ""."""
    return token_of_header("; ".join(request.headers.getlist("cookie")))


def set_session(request: HTTPConnection, response: Response, token: str) -> None:
    """Put the token into the browser, out of reach of scripts and of other sites."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=settings().cookie_secure or came_by_https(request),
    )


def clear_session(request: HTTPConnection, response: Response) -> None:
    """Take the token out of the browser."""
    secure = settings().cookie_secure or came_by_https(request)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure)


def came_by_https(request: HTTPConnection) -> bool:
    """Tell whether the browser spoke https, to us or to the proxy before us.

    The proxy's word needs no proof here: whoever forges it only keeps his own cookie off plain http.
    """
    forwarded = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return request.url.scheme == "https" or forwarded == "https"
