"""What a tab is told of an error that no handler expected."""

import json
import logging

import reflex as rx
from reflex.event import EventSpec

from agency_app.services.database_trouble import database_trouble

logger = logging.getLogger(__name__)

_UNKNOWN = "Something went wrong on the server, whose log says what. See whether it was done before you try again."


def tell_failure(exception: Exception) -> EventSpec:
    """Write an unexpected error to the log, whole, and return the event that tells the tab of it."""
    logger.error("A gesture failed.", exc_info=exception)
    return rx.call_script(f"window.agency.say({json.dumps(database_trouble(exception) or _UNKNOWN)})")
