"""The logo over HTTP: the picture for the settings page, and its upload, whose body is the file alone."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from agency_app.documents.logo import LARGEST_BYTES
from agency_app.services.change_logo import change_logo, read_logo
from agency_app.services.refusal import NotAllowed, Refused
from agency_app.web.caller import actor_of_request

_NO_STORE = {"Cache-Control": "private, no-store"}
_HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
}
"""An SVG opened by its address may run nothing and fetch nothing."""


def add_logo_routes(routes: FastAPI) -> None:
    """Add the routes of the logo."""
    routes.add_api_route("/settings/logo", _show, methods=["GET"])
    routes.add_api_route("/settings/logo", _change, methods=["PUT"])
    routes.add_api_route("/settings/logo", _remove, methods=["DELETE"])


async def _show(request: Request) -> Response:
    actor = await actor_of_request(request)
    logo = await run_in_threadpool(read_logo, actor) if actor else None
    if logo is None:
        return PlainTextResponse("There is no logo.", 404, _NO_STORE)
    return Response(logo.content, media_type=logo.media_type, headers=_NO_STORE | _HARMLESS)


async def _change(request: Request) -> Response:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            break  # one byte too many is enough to be refused with the right words
    return await _answer(request, bytes(body), "Choose a PNG, JPEG or SVG file.")


async def _remove(request: Request) -> Response:
    return await _answer(request, b"", "")


async def _answer(request: Request, content: bytes, when_empty: str) -> Response:
    actor = await actor_of_request(request)
    if actor is None:
        return JSONResponse({"message": "Sign in again: your session has ended."}, 401, _NO_STORE)
    if when_empty and not content:
        return JSONResponse({"message": when_empty}, 422, _NO_STORE)
    try:
        await run_in_threadpool(change_logo, actor, content)
    except NotAllowed as refused:
        return JSONResponse({"message": refused.message}, 403, _NO_STORE)
    except Refused as refused:
        return JSONResponse({"message": refused.message}, 422, _NO_STORE)
    return JSONResponse({"message": ""}, headers=_NO_STORE)
