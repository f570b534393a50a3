"""The burn-down of a period, large: a drawing, its sentence, and its table one key (V) away."""

import reflex as rx

from agency_app.states.retainer_chart import Chart


def period_chart(chart: rx.Var[Chart]) -> rx.Component:
    """Return the chart with its text alternative and its data."""
    return rx.el.figure(
        rx.el.svg(
            rx.foreach(
                chart["levels"],
                lambda level: rx.el.g(
                    rx.el.line(class_name="axis", x1="44", x2="604", y1=level["y"], y2=level["y"]),
                    rx.el.text(level["text"], x=level["x"], y=level["y"], dy="3.5", text_anchor="end"),
                    key=level["text"],
                ),
            ),
            rx.foreach(
                chart["ticks"],
                lambda tick: rx.el.text(tick["text"], x=tick["x"], y=tick["y"], text_anchor="middle", key=tick["text"]),
            ),
            rx.el.path(class_name="ideal", d=chart["ideal"]),
            rx.el.polygon(class_name="area", points=chart["area"]),
            rx.el.polygon(class_name="spread", points=chart["spread"]),
            rx.el.path(class_name="actual", d=chart["actual"]),
            rx.el.path(class_name="fc", d=chart["forecast"]),
            rx.el.text(chart["ideal_mark"]["text"], x=chart["ideal_mark"]["x"], y=chart["ideal_mark"]["y"]),
            rx.cond(
                chart["running"],
                rx.el.g(
                    rx.el.line(class_name="today", x1=chart["today_x"], x2=chart["today_x"], y1="14", y2="190"),
                    rx.el.text(
                        chart["today_text"],
                        class_name="tl",
                        x=chart["today_text_x"],
                        y="11",
                        text_anchor=chart["today_anchor"],
                    ),
                    rx.el.circle(
                        cx=chart["today_x"],
                        cy=chart["today_y"],
                        r="3.5",
                        fill="var(--surface)",
                        stroke="var(--cl, var(--accent))",
                        stroke_width="2",
                    ),
                    rx.cond(
                        chart["end"]["text"] != "",
                        rx.el.line(
                            class_name="pin",
                            x1=chart["end"]["x"],
                            x2=chart["end"]["x"],
                            y1=chart["pin_from"],
                            y2=chart["pin_to"],
                        ),
                    ),
                    rx.el.text(chart["end"]["text"], x=chart["end"]["x"], y=chart["end"]["y"], text_anchor="middle"),
                ),
            ),
            class_name="burn",
            view_box="0 0 620 220",
            role="img",
            aria_label=chart["text"],
        ),
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
