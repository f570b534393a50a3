"""What stands before every HTTP request: the origin of a change, the headers of an answer, the way to the sign-in."""

from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agency_app.services.sign_in import actor_of_token
from agency_app.web.session_cookie import token_of_request

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # "same-origin" and not "no-referrer": the latter makes browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
}
OPEN_PATHS = {"/sign-in", "/welcome", "/healthz", "/ping"}
DOWNLOADS = {"pdf", "ubl"}
"""How the address of a document ends that has no file name of its own."""
_READING = {"GET", "HEAD", "OPTIONS"}


class Protection:
    """ASGI middleware: refuses changes that another site asks for, sends visitors without a session to the sign-in.

    Pages hold no data of their own, so this spares a visitor an empty page; what protects the data is that every
    event, download and service asks again. Websockets pass: the events behind them have their own guard.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        page = is_page(request.method, request.url.path)

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if page:
                    headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        if request.method not in _READING and not same_origin(request):
            refusal = PlainTextResponse("This request came from another site and was refused.", 403)
            await refusal(scope, receive, send_protected)
        elif page and not await is_signed_in(request):
            await RedirectResponse(sign_in_address(request), 303)(scope, receive, send_protected)
        else:
            await self.app(scope, receive, send_protected)


def is_page(method: str, path: str) -> bool:
    """Tell whether a request is for a page of the app: everything that is not a file, an open path or Reflex's own.

    A download is a file as well, and asks for the session itself.
    """
    last = path.rpartition("/")[2]
    is_file = last in DOWNLOADS or ("." in last and not last.endswith((".html", ".htm")))
    return method in {"GET", "HEAD"} and path not in OPEN_PATHS and not path.startswith("/_") and not is_file


async def is_signed_in(request: Request) -> bool:
    """Tell whether the request carries the cookie of a live session."""
    token = token_of_request(request)
    return bool(token) and await run_in_threadpool(actor_of_token, token) is not None


def same_origin(request: Request) -> bool:
    """Tell whether a change was asked for by our own pages, or by a program that is no browser.

    Every browser of today says with each POST where it comes from, in Origin and in Sec-Fetch-Site; older ones in
    Referer. A request without any of the three comes from no page, so no other site can have made it.
    """
    fetched_from = request.headers.get("sec-fetch-site")
    if fetched_from is not None and fetched_from not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin", request.headers.get("referer"))
    if origin is None:
        return True
    try:
        return bool(host := urlsplit(origin).netloc.lower()) and host == request.headers.get("host", "").lower()
    except ValueError:
        return False


def sign_in_address(request: Request) -> str:
    """Return the address of the sign-in that leads back to the page asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = safe_address(f"{request.url.path}{query}")
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='/')}"


def safe_address(wanted: str) -> str:
    """Return an address within this app to go to after sign-in, "/" in place of anything that could lead elsewhere."""
    local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    if not local or len(wanted) > 2000 or any(ord(character) <= 32 or ord(character) == 127 for character in wanted):
        return "/"
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path in {"/sign-in", "/sign-out", "/welcome"}:
        return "/"
    return wanted
