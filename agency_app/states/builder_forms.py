"""What the forms of the builder send, each as its fields are named on the page (`form_of` reads them)."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from agency_app.domain.kept_days import kept_day
from agency_app.services.refusal import Refused

LONGEST = 2000
"""Characters of anything that is typed; what a field really takes, its service says."""

Text = Annotated[str, AfterValidator(lambda text: text[:LONGEST])]
Id = Annotated[str, Field(max_length=64)]


class Words(BaseModel):
    """Words for a line, by the key of the line."""

    key: Text
    description: Text


class Item(BaseModel):
    """An item; each kind has some of the fields."""

    description: Text
    quantity: Text = ""
    price: Text = ""
    markup: Text = ""
    amount: Text = ""
    percent: Text = ""
    line_key: Text = ""
    vat_category: Text = ""
    vat_rate: Text = ""
    vat_reason: Text = ""
    happened_on: Text = ""


class Head(BaseModel):
    """What the document says besides its lines; the rate is there for a foreign currency alone."""

    note: Text
    purchase_order: Text
    due_on: Text
    exchange_rate: Text = ""


class Rounding(BaseModel):
    """How the time of a client is rounded; the step is in minutes."""

    rounding_mode: Text
    rounding_step_seconds: Text
    rounding_scope: Text


class Minutes(BaseModel):
    """Minutes of an entry."""

    entry: Id
    minutes: Text

    def seconds_of(self, logged: int) -> int:
        """Return the seconds that were typed as whole minutes: all of those `logged` where as many minutes are meant.

        Raises Refused for anything but a whole number.
        """
        typed = self.minutes.strip()
        if not (typed.isascii() and typed.isdigit()) or len(typed) > 5:
            raise Refused("Write the minutes as a whole number, such as 90.", "minutes")
        return logged if int(typed) == logged // 60 else int(typed) * 60


class WriteOff(Minutes):
    """Minutes to write off, and why."""

    reason: Text


class Split(Minutes):
    """Minutes after which to split, and the note of the second part."""

    note: Text = ""


class Move(BaseModel):
    """The month whose invoice bills an entry, as one of its days."""

    entry: Id
    month: Text

    def day(self) -> date:
        """Return the day. Raises Refused for what is none."""
        try:
            return kept_day(self.month)
        except ValueError:
            raise Refused("Choose the month whose invoice bills it.", "month") from None
