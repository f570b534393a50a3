"""What a form of the browser sent, checked before anything else looks at it: Reflex does not check types."""

from datetime import datetime, time, timedelta
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, ValidationError

from agency_app.domain.kept_days import FIRST_DAY, LAST_DAY
from agency_app.services.refusal import Refused

LONGEST_TEXT = 500
UNREADABLE = "That could not be read. Reload the page and try again."
WallTime = Annotated[
    NaiveDatetime,
    Field(ge=datetime.combine(FIRST_DAY, time.min), le=datetime.combine(LAST_DAY, time.min) + timedelta(days=1)),
]
"""A wall time of the member's zone, on a day that is kept or at the midnight that ends the last of them."""
Form = TypeVar("Form", bound=BaseModel)


class _Typed(BaseModel):
    """Short texts by the names of their fields."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)


def texts_of(data: object, longest: int = LONGEST_TEXT) -> dict[str, str]:
    """Return the fields of a form, each cut to what any of them can need. Raises Refused for what no form of ours sends."""
    sent = form_of(_Typed, data)
    return {name: value[:longest] for name, value in (sent.__pydantic_extra__ or {}).items()}


def number_of(text: str) -> int:
    """Return a whole number that a form carries along, such as the version it was opened with; -1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def form_of(model: type[Form], data: object) -> Form:
    """Return what a form sent, as its model. Raises Refused for what no form of ours sends."""
    try:
        return model.model_validate(data)
    except ValidationError:
        raise Refused(UNREADABLE) from None
