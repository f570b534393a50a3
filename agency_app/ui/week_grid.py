"""The week grid: one React part of our own, whose browser part is ``assets/week_grid.js`` and ``week_grid.css``."""

from typing import Any

import reflex as rx

from agency_app.states.grid_view import GridView


def _one_object(value: rx.Var[dict[str, Any]]) -> tuple[rx.Var[dict[str, Any]]]:
    return (value,)


def _one_text(value: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (value,)


class WeekGrid(rx.NoSSRComponent):
    """Rows of work by days, a field in each cell; what is typed into a cell is one event.

    ``window.agencyGrid.focus(row)`` goes to a row by its key, as ``states.grid_view.key_text`` writes it.
    """

    library = "$/public/week_grid.js"
    tag = "WeekGrid"

    grid: rx.Var[GridView]
    answers: rx.Var[dict[str, str]]
    """What came of the latest puts, by their numbers: "" for what was taken, else why it was refused."""

    on_put: rx.EventHandler[_one_object]
    """{number, sent_as, row: {client, campaign, activity, billable}, day, text, seen: {entry: version}}: typed into a cell;
    `sent_as` is the same when it is sent once more because no answer came."""
    on_open: rx.EventHandler[_one_text]
    """(id): an entry of the cell was chosen."""
    on_new: rx.EventHandler[_one_object]
    """{row, day}: a new entry with more than a length was asked for."""
    on_drop_row: rx.EventHandler[_one_object]
    """{client, campaign, activity, billable}: a row without time is to go."""


week_grid = WeekGrid.create
