"""The preview of an invoice over HTTP: the PDF itself, for the frame on the invoice's page."""

import asyncio

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from agency_app.services.draw_apart import DrawingFailed
from agency_app.services.preview_document import preview_document
from agency_app.services.refusal import Refused
from agency_app.web.caller import actor_of_request

MOST_AT_ONCE = 2
"""Further previews wait here, where a wait costs no thread."""
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    # our own page alone may frame it
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
}


def add_preview_route(routes: FastAPI) -> None:
    """Add the route, with its own count of previews being drawn."""
    drawing = asyncio.Semaphore(MOST_AT_ONCE)

    async def preview(request: Request, invoice_id: str, marked: bool = False) -> Response:
        actor = await actor_of_request(request)
        if actor is None:
            return PlainTextResponse("Sign in again: your session has ended.", 401, _HEADERS)
        try:
            async with drawing:
                content = await run_in_threadpool(preview_document, actor, invoice_id, marked)
        except Refused as refused:
            return PlainTextResponse(refused.message, 404, _HEADERS)
        except DrawingFailed:
            return PlainTextResponse("The document could not be drawn. Try again in a moment.", 500, _HEADERS)
        return Response(content, media_type="application/pdf", headers=_HEADERS)

    routes.add_api_route("/invoices/{invoice_id}/preview", preview, methods=["GET"])
