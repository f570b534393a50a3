"""Who sends a request."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from agency_app.services.actor import Actor
from agency_app.services.sign_in import actor_of_token
from agency_app.web.session_cookie import token_of_request


async def actor_of_request(request: Request) -> Actor | None:
    """Return the member whose live session the request's cookie names."""
    return await run_in_threadpool(actor_of_token, token_of_request(request))
