"""What a form of the browser sent, checked before anything else looks at it."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LONGEST_TEXT = 500


class _Typed(BaseModel):
    """Short texts by the names of their fields."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)


def texts_of(data: object) -> dict[str, str] | None:
    """Return the fields of a form, each cut to what any of them can need; None for what no form of ours sends."""
    try:
        read = _Typed.model_validate(data)
    except ValidationError:
        return None
    return {name: value[:LONGEST_TEXT] for name, value in (read.__pydantic_extra__ or {}).items()}
