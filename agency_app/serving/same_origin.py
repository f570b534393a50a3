"""One build for every address: the browser calls back the host and port that the page came from.

Reflex bakes the server's address into the build (``.web/env.json``); a build made for one port would open its
websocket there for ever. This plugin rewrites the one function of Reflex's browser code that resolves an address.
"""

from typing import Unpack

from reflex_base.plugins.base import Plugin, PreCompileContext

_BROWSER_CODE = "utils/state.js"
_BEFORE = """  if (
    typeof window !== "undefined" &&
    SAME_DOMAIN_HOSTNAMES.includes(endpoint.hostname)
  ) {"""
_AFTER = """  if (typeof window !== "undefined") {
    // agency_app: the page's own origin, whatever host and port serve it.
    const secure = window.location.protocol === "https:";
    endpoint.protocol = endpoint.protocol.startsWith("ws") ? (secure ? "wss:" : "ws:") : window.location.protocol;
    endpoint.hostname = window.location.hostname;
    endpoint.port = window.location.port;
    return endpoint;
  }
  if (
    typeof window !== "undefined" &&
    SAME_DOMAIN_HOSTNAMES.includes(endpoint.hostname)
  ) {"""


class SameOriginPlugin(Plugin):
    """Make the compiled pages talk to the origin they were loaded from."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Register the rewrite of the browser code; raises ValueError at build when Reflex's text has changed."""
        context["add_modify_task"](_BROWSER_CODE, with_own_origin)


def with_own_origin(browser_code: str) -> str:
    """Return Reflex's ``utils/state.js`` with every endpoint resolved against ``window.location``.

    Raises ValueError when the place to change is not there exactly once: a build that would only work on one port
    must not be made.
    """
    if _AFTER in browser_code:
        return browser_code
    if browser_code.count(_BEFORE) != 1:
        raise ValueError("Reflex's getBackendURL has changed: mend agency_app/serving/same_origin.py")
    return browser_code.replace(_BEFORE, _AFTER)
