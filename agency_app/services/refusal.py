"""What a service says when it will not do a thing: a message that a person can act on, and nothing changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


class Refused(Exception):
    """The request was understood and refused. `message` is for people, `field` names the input to mend, if one does."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class FieldsRefused(Refused):
    """Several inputs are to be mended: `errors` holds what to do by the name of the input, the first one first."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        field, message = next(iter(errors.items()))
        super().__init__(message, field)
        self.errors = dict(errors)


@dataclass(frozen=True)
class Fault:
    """One reason why a thing cannot be done yet, and where it is mended, if anywhere.

    `field` is an input of the agency's settings, or of the client when `of_client`; empty when there is none. With a
    `retainer_id` it is decided on that retainer's period of a `day`; with `weeks` where weeks are approved; with a
    `fix` in the builder of the draft `draft_id`: `head` its dates and references, `items` what was added to it,
    `item:ID` one of those; or, with `log`, by logging work in the week of a `day`.
    """

    message: str
    field: str = ""
    of_client: bool = False
    retainer_id: str = ""
    day: date | None = None
    weeks: bool = False
    fix: str = ""
    draft_id: str = ""
    log: bool = False


class NotReady(Refused):
    """Something is missing before this can be done: every reason at once."""

    def __init__(self, reasons: list[Fault]) -> None:
        super().__init__(" ".join(reason.message for reason in reasons))
        self.reasons = reasons


class NotAllowed(Refused):
    """The actor is signed out, inactive, or of a role that may not do this."""


class NotFound(Refused):
    """The row does not exist in the actor's workspace."""


class Stale(Refused):
    """Somebody else changed the row since the actor last saw it."""


class Locked(Refused):
    """The row, its week or its day is closed: invoiced, approved, or before the lock date."""
