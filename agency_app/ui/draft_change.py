"""By how much the draft just changed: one React part of our own, whose browser part is ``assets/draft_change.js``."""

import reflex as rx


class DraftChange(rx.NoSSRComponent):
    """A chip that says for four seconds by how much a net amount changed, whoever changed it."""

    library = "$/public/draft_change.js"
    tag = "DraftChange"

    of: rx.Var[str]
    """Whose amount it is: while this changes too, there is nothing to say."""
    net: rx.Var[int]
    """The amount in minor units."""
    prefix: rx.Var[str]
    """What stands before an amount of the currency, as ``wording.currency_prefix`` writes it."""
    decimals: rx.Var[int]
    """The decimals of the currency."""


draft_change = DraftChange.create
