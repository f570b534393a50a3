"""The HTTP routes beside the app: sign-in and out, the first visit, downloads behind the cookie, health."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.middleware.base import RequestResponseEndpoint

from agency_app.services.actor import Actor
from agency_app.services.read_document import read_document
from agency_app.services.refusal import NotFound, Refused
from agency_app.services.sign_in import actor_of_token, sign_in, sign_out
from agency_app.services.start_workspace import StartWorkspace, start_workspace, workspace_exists
from agency_app.settings import settings
from agency_app.web.cookie import COOKIE
from agency_app.web.sign_in_page import sign_in_page, welcome_page

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'; base-uri 'self'; object-src 'none'",
}


def make_routes() -> FastAPI:
    """Return the routes as an application; Reflex mounts the pages under it."""
    routes = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    routes.middleware("http")(_guarded)
    routes.get("/healthz")(_healthz)
    routes.get("/sign-in")(_show_sign_in)
    routes.post("/sign-in")(_sign_in)
    routes.post("/sign-out")(_sign_out)
    routes.get("/welcome")(_show_welcome)
    routes.post("/welcome")(_welcome)
    routes.get("/invoices/{invoice_id}/pdf")(_invoice_pdf)
    return routes


def local_path(wanted: str) -> str:
    """Return the path to go to after signing in: only ever one of this site's own."""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    return wanted if all(32 <= ord(character) < 127 and character != "\\" for character in wanted) else "/"


async def _guarded(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Refuse a form that another site sent, lead signed-out visitors of a page to the door, add the headers."""
    if request.method == "POST" and not _from_here(request):
        return JSONResponse({"error": "This request came from another site."}, status_code=403)
    if request.method == "GET" and _is_page(request.url.path) and await _actor(request) is None:
        if not await run_in_threadpool(workspace_exists):
            return RedirectResponse("/welcome", status_code=303)
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(str(request.url_for("_show_sign_in").include_query_params(next=wanted)), 303)
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _is_page(path: str) -> bool:
    return path == "/" or (path.startswith("/invoices") and "." not in path and not path.endswith("/pdf"))


def _from_here(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is None:  # browsers send it with every POST; a script without cookies has nothing to steal
        return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    return urlsplit(origin).netloc == request.headers.get("host", "")


async def _actor(request: Request) -> Actor | None:
    token = request.cookies.get(COOKIE, "")
    return await run_in_threadpool(actor_of_token, token) if token else None


async def _healthz() -> dict[str, str]:
    await run_in_threadpool(workspace_exists)
    return {"status": "ok"}


async def _show_sign_in(request: Request, next: str = "/") -> Response:
    if not await run_in_threadpool(workspace_exists):
        return RedirectResponse("/welcome", status_code=303)
    if await _actor(request) is not None:
        return RedirectResponse(local_path(next), status_code=303)
    return HTMLResponse(sign_in_page(next_path=local_path(next)), headers={"Cache-Control": "no-store"})


async def _sign_in(
    request: Request,
    email: Annotated[str, Form(max_length=320)] = "",
    password: Annotated[str, Form(max_length=512)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    caller = request.client.host if request.client else ""
    try:
        token = await run_in_threadpool(sign_in, email, password, caller)
    except Refused as refused:
        return HTMLResponse(sign_in_page(email, refused.message, local_path(next)), status_code=401)
    return _signed_in(request, token, local_path(next))


async def _sign_out(request: Request) -> Response:
    token = request.cookies.get(COOKIE, "")
    if token:
        await run_in_threadpool(sign_out, token)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


async def _show_welcome() -> Response:
    if await run_in_threadpool(workspace_exists):
        return RedirectResponse("/sign-in", status_code=303)
    return HTMLResponse(welcome_page(), headers={"Cache-Control": "no-store"})


async def _welcome(request: Request) -> Response:
    form = {name: str(value) for name, value in (await request.form()).items()}
    names = set(StartWorkspace.__dataclass_fields__)
    try:
        command = StartWorkspace(
            **{"agency_name": "", "owner_name": "", "email": "", "password": ""}
            | {name: value for name, value in form.items() if name in names}
        )
        token = await run_in_threadpool(start_workspace, command)
    except Refused as refused:
        return HTMLResponse(welcome_page(form, refused.message), status_code=422)
    return _signed_in(request, token, "/?start=client")


def _signed_in(request: Request, token: str, path: str) -> Response:
    response = RedirectResponse(path, status_code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_days * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().cookie_secure or request.url.scheme == "https",
    )
    return response


async def _invoice_pdf(request: Request, invoice_id: str) -> Response:
    actor = await _actor(request)
    if actor is None:
        return RedirectResponse("/sign-in", status_code=303)
    try:
        name, content = await run_in_threadpool(read_document, actor, invoice_id, "pdf")
    except NotFound as refused:
        return JSONResponse({"error": refused.message}, status_code=404)
    except Refused as refused:
        return JSONResponse({"error": refused.message}, status_code=409)
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
