"""The HTTP routes beside the app: sign-in and sign-out, the first visit, downloads, health."""

import logging
import re
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from agency_app.services.actor import Actor, today_of
from agency_app.services.database_trouble import database_trouble
from agency_app.services.draw_document import NotAnEInvoice
from agency_app.services.entries_csv import entries_csv
from agency_app.services.finalise_invoice import document_bytes
from agency_app.services.find_entries import filter_of
from agency_app.services.pro_forma import pro_forma
from agency_app.services.profit_csv import profit_csv
from agency_app.services.read_invoice import read_invoice
from agency_app.services.read_profit import profit_today, question_of, read_profit
from agency_app.services.refusal import FieldsRefused, NotAllowed, NotFound, Refused
from agency_app.services.sign_in import TooManyAttempts, actor_of_token, sign_in, sign_out
from agency_app.services.start_workspace import StartWorkspace, start_workspace, workspace_exists
from agency_app.services.weeks import first_weekday_of
from agency_app.web.forms import BadForm, read_form
from agency_app.web.logo_routes import add_logo_routes
from agency_app.web.preview_route import add_preview_route
from agency_app.web.protection import Protection, safe_address
from agency_app.web.session_cookie import clear_session, set_session, token_of_request
from agency_app.web.sign_in_pages import PAGE_HEADERS, sign_in_page, trouble_page, welcome_page

logger = logging.getLogger(__name__)

DOCUMENTS = {"invoice": "pdf"}
"""What `?kind=` may ask for, and the kind under which it is stored."""
FILES = {"pdf": ("pdf", "application/pdf"), "ubl": ("xml", "application/xml")}
"""The extension and media type of each kind of stored document."""


def make_routes() -> FastAPI:
    """Return the routes as an application, under which the pages are mounted; it answers nothing else by itself."""
    routes = FastAPI(title="Agency", docs_url=None, redoc_url=None, openapi_url=None)
    routes.add_middleware(Protection)
    routes.add_exception_handler(BadForm, _refuse_form)
    routes.add_exception_handler(SQLAlchemyError, _tell_trouble)
    routes.add_api_route("/healthz", _health, methods=["GET"])
    routes.add_api_route("/sign-in", _show_sign_in, methods=["GET"])
    routes.add_api_route("/sign-in", _sign_in, methods=["POST"])
    routes.add_api_route("/sign-out", _sign_out, methods=["POST"])
    routes.add_api_route("/welcome", _show_welcome, methods=["GET"])
    routes.add_api_route("/welcome", _welcome, methods=["POST"])
    routes.add_api_route("/invoices/{invoice_id}/pdf", _invoice_pdf, methods=["GET"])
    routes.add_api_route("/invoices/{invoice_id}/pro-forma", _pro_forma, methods=["GET"])
    routes.add_api_route("/invoices/{invoice_id}/ubl", _invoice_ubl, methods=["GET"])
    routes.add_api_route("/reports.csv", _report_csv, methods=["GET"])
    add_logo_routes(routes)
    add_preview_route(routes)
    routes.add_api_route("/entries.csv", _entries_csv, methods=["GET"])
    return routes


async def _health() -> Response:
    try:
        await run_in_threadpool(workspace_exists)
    except SQLAlchemyError:
        return JSONResponse({"status": "the database cannot be read"}, 503)
    return JSONResponse({"status": "ok"})


async def _show_sign_in(request: Request) -> Response:
    if not await run_in_threadpool(workspace_exists):
        return _see("/welcome")
    actor = await _actor(request)
    following = safe_address(request.query_params.get("next", "/"))
    return _html(sign_in_page(following=following, signed_in_as=actor.name if actor else ""))


async def _sign_in(request: Request) -> Response:
    form = await read_form(request)
    email, following = form.get("email", ""), safe_address(form.get("next", "/"))
    try:
        token = await run_in_threadpool(sign_in, email, form.get("password", ""), _caller(request))
    except TooManyAttempts as refused:
        page = _html(sign_in_page(email, following, refused.message), 429)
        page.headers["Retry-After"] = str(refused.minutes * 60)
        return page
    except Refused as refused:
        return _html(sign_in_page(email, following, refused.message), 401)
    return await _enter(request, token, following)


async def _sign_out(request: Request) -> Response:
    token = token_of_request(request)
    if token:
        await run_in_threadpool(sign_out, token)
    answer = _see("/sign-in")
    clear_session(request, answer)
    return answer


async def _show_welcome() -> Response:
    if await run_in_threadpool(workspace_exists):
        return _see("/sign-in")
    return _html(welcome_page({}))


async def _welcome(request: Request) -> Response:
    form = await read_form(request)
    if await run_in_threadpool(workspace_exists):
        return _see("/sign-in")
    command = StartWorkspace(
        agency_name=form.get("agency_name", ""),
        owner_name=form.get("owner_name", ""),
        email=form.get("email", ""),
        password=form.get("password", ""),
        currency=form.get("currency") or "EUR",
        zone=form.get("zone") or "Europe/Amsterdam",
        address=form.get("address", ""),
        country=form.get("country", ""),
        vat_id=form.get("vat_id", ""),
        iban=form.get("iban", ""),
    )
    try:
        await run_in_threadpool(start_workspace, command)
    except FieldsRefused as refused:
        return _html(welcome_page(form, refused.errors), 422)
    except Refused:
        return _see("/sign-in")
    token = await run_in_threadpool(sign_in, command.email, command.password, _caller(request))
    return await _enter(request, token, "/?start=client")


async def _invoice_pdf(request: Request, invoice_id: str, kind: str = "invoice") -> Response:
    return await _document(request, invoice_id, DOCUMENTS.get(kind, ""))


async def _pro_forma(request: Request, invoice_id: str) -> Response:
    """Answer with a draft as it would be now, drawn for this request alone."""
    actor = await _actor(request)
    if actor is None:
        return _see(f"/sign-in?next={quote(f'/invoices/{invoice_id}')}")
    try:
        name, content = await run_in_threadpool(pro_forma, actor, invoice_id)
    except Refused as refused:
        status = 404 if isinstance(refused, NotFound) else 409
        return PlainTextResponse(refused.message, status, {"Cache-Control": "private, no-store"})
    headers = {"Content-Disposition": _as_file(f"{name}.pdf"), "Cache-Control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


async def _invoice_ubl(request: Request, invoice_id: str) -> Response:
    return await _document(request, invoice_id, "ubl")


async def _document(request: Request, invoice_id: str, kind: str) -> Response:
    """Answer with a stored document of an invoice as a download, or with the sentence that says why there is none."""
    actor = await _actor(request)
    if actor is None:
        return _see(f"/sign-in?next={quote(f'/invoices/{invoice_id}')}")
    try:
        if kind not in FILES:
            raise NotFound("There is no such document.")
        read = await run_in_threadpool(read_invoice, actor, invoice_id)
        content = await run_in_threadpool(document_bytes, actor, invoice_id, kind)
    except Refused as refused:
        status = 409 if isinstance(refused, NotAnEInvoice) else 404
        return PlainTextResponse(refused.message, status, {"Cache-Control": "private, no-store"})
    extension, media_type = FILES[kind]
    headers = {
        "Content-Disposition": _as_file(f"{read.invoice.number}.{extension}"),
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


async def _report_csv(request: Request) -> Response:
    """Answer with the report that the address asks for as a CSV file, to those who may see it."""
    actor = await _actor(request)
    if actor is None:
        return _see(f"/sign-in?next={quote('/reports')}")
    try:
        question = question_of(request.query_params, await run_in_threadpool(profit_today, actor))
        content = profit_csv(await run_in_threadpool(read_profit, actor, question))
    except Refused as refused:
        status = 403 if isinstance(refused, NotAllowed) else 422
        return PlainTextResponse(refused.message, status, {"Cache-Control": "private, no-store"})
    name = f"report-by-{question.group}-{question.first:%Y-%m}-{question.last:%Y-%m}.csv"
    headers = {"Content-Disposition": _as_file(name), "Cache-Control": "private, no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _entries_csv(request: Request) -> Response:
    """Answer with the entries that the address asks for as a CSV file, made while it is sent."""
    actor = await _actor(request)
    if actor is None:
        return _see(f"/sign-in?next={quote('/entries')}")
    today = today_of(actor)
    try:
        asked = filter_of(request.query_params, today, await run_in_threadpool(first_weekday_of, actor))
    except Refused as refused:
        return PlainTextResponse(refused.message, 422, {"Cache-Control": "private, no-store"})
    headers = {"Content-Disposition": _as_file(f"entries-{today}.csv"), "Cache-Control": "private, no-store"}
    return StreamingResponse(entries_csv(actor, asked), media_type="text/csv; charset=utf-8", headers=headers)


async def _refuse_form(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 400)


async def _tell_trouble(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed.", request.method, request.url.path, exc_info=error)
    again = request.url.path if request.method == "GET" else "/"
    return _html(trouble_page(database_trouble(error), again), 503)


async def _actor(request: Request) -> Actor | None:
    return await run_in_threadpool(actor_of_token, token_of_request(request))


async def _enter(request: Request, token: str, address: str) -> Response:
    """Go to an address with a new session; the one that the browser had before ends."""
    before = token_of_request(request)
    if before:
        await run_in_threadpool(sign_out, before)
    answer = _see(address)
    set_session(request, answer, token)
    return answer


def _see(address: str) -> Response:
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _html(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, PAGE_HEADERS)


def _caller(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _as_file(name: str) -> str:
    """Return the Content-Disposition of a download: RFC 6266, for old readers with plain letters alone."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
