"""The burn-down of a retainer period: a drawing made of numbers the server computed, with its text alternative."""

import reflex as rx

from agency_app.states.views import Focus


def burn_down(focus: rx.Var[Focus]) -> rx.Component:
    """Return the chart: ideal dashed, actual solid, forecast dotted, today a labelled line."""
    return rx.el.svg(
        rx.foreach(
            focus["levels"],
            lambda level: rx.el.g(
                rx.el.line(class_name="axis", x1="30", x2="300", y1=level["y"], y2=level["y"]),
                rx.el.text(level["text"], x="25", y=level["y"], dy="3.5", text_anchor="end"),
                key=level["y"],
            ),
        ),
        rx.foreach(
            focus["ticks"],
            lambda tick: rx.el.text(tick["text"], x=tick["x"], y="128", key=tick["text"]),
        ),
        rx.el.path(class_name="ideal", d=focus["ideal"]),
        rx.el.polygon(class_name="area", points=focus["area"]),
        rx.el.path(class_name="actual", d=focus["actual"]),
        rx.el.path(class_name="fc", d=focus["forecast_path"]),
        rx.cond(
            focus["today_label"] != "",
            rx.el.line(class_name="today", x1=focus["today_x"], x2=focus["today_x"], y1="8", y2="114"),
        ),
        rx.el.text(
            focus["today_label"],
            class_name="tl",
            x=focus["today_label_x"],
            y="20",
            text_anchor=focus["today_anchor"],
        ),
        rx.el.circle(
            cx=focus["today_x"],
            cy=focus["today_y"],
            r="3.5",
            fill="var(--surface)",
            stroke="var(--cl, var(--accent))",
            stroke_width="2",
        ),
        class_name="burn",
        view_box="0 0 310 132",
        role="img",
        aria_label=focus["chart_text"],
    )
