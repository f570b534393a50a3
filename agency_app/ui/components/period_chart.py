"""The burn-down of a period, large: a drawing, its sentence, and its table one key (V) away."""

import reflex as rx

from agency_app.states.burn_down import LARGE
from agency_app.states.retainer_chart import Chart
from agency_app.ui.components.burn_down import burn_down


def period_chart(chart: rx.Var[Chart]) -> rx.Component:
    """Return the chart with its text alternative and its data."""
    return rx.el.figure(
        burn_down(chart, LARGE),
        rx.el.figcaption(chart["text"], class_name="note"),
        rx.el.details(
            rx.el.summary("Day by day ", rx.el.span("V", class_name="kbd")),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th("Day"),
                            rx.el.th("Used", class_name="num"),
                            rx.el.th("Left", class_name="num"),
                            rx.el.th("Ideal left", class_name="num"),
                        )
                    ),
                    rx.el.tbody(
                        rx.foreach(
                            chart["days"],
                            lambda row: rx.el.tr(
                                rx.el.td(row["day"]),
                                rx.el.td(row["used"], class_name="num"),
                                rx.el.td(row["left"], class_name="num"),
                                rx.el.td(row["ideal"], class_name="num"),
                                key=row["day"],
                            ),
                        )
                    ),
                    class_name="tbl",
                ),
                class_name="scroll",
                tab_index=0,
                role="group",
                aria_label="Day by day, to be scrolled",
            ),
            class_name="chart-data",
        ),
        class_name="fig",
    )
