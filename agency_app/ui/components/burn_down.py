"""The burn-down of a retainer period: a drawing made of numbers the server computed, with its text alternative."""

import reflex as rx

from agency_app.states.burn_down import Curve, Frame


def burn_down(curve: rx.Var[Curve], frame: Frame) -> rx.Component:
    """Return the chart: ideal dashed, actual solid, forecast dotted within its range, today a labelled line."""
    end = curve["end"]
    return rx.el.svg(
        rx.foreach(
            curve["levels"],
            lambda level: rx.el.g(
                rx.el.line(class_name="axis", x1=str(frame.left), x2=str(frame.right), y1=level["y"], y2=level["y"]),
                rx.el.text(level["text"], x=level["x"], y=level["y"], dy="3.5", text_anchor="end"),
                key=level["y"],
            ),
        ),
        rx.foreach(
            curve["ticks"],
            lambda tick: rx.el.text(
                tick["text"], x=tick["x"], y=tick["y"], text_anchor=frame.tick_anchor, key=tick["text"]
            ),
        ),
        rx.el.path(class_name="ideal", d=curve["ideal"]),
        rx.el.polygon(class_name="area", points=curve["area"]),
        rx.el.polygon(class_name="spread", points=curve["spread"]),
        rx.el.path(class_name="actual", d=curve["actual"]),
        rx.el.path(class_name="fc", d=curve["forecast"]),
        _words(curve["ideal_mark"]),
        rx.cond(
            curve["today_text"] != "",
            rx.el.g(
                _upright("today", curve["today_x"], str(frame.top), str(frame.bottom)),
                rx.el.text(
                    curve["today_text"],
                    class_name="tl",
                    x=curve["today_text_x"],
                    y=str(frame.today_y),
                    text_anchor=curve["today_anchor"],
                ),
            ),
        ),
        rx.cond(
            curve["today_x"] != "",
            rx.el.circle(
                cx=curve["today_x"],
                cy=curve["today_y"],
                r="3.5",
                fill="var(--surface)",
                stroke="var(--cl, var(--accent))",
                stroke_width="2",
            ),
        ),
        rx.cond(
            end["text"] != "",
            rx.el.g(
                _upright("pin", end["x"], curve["pin_from"], curve["pin_to"]),
                _words(end, text_anchor="middle"),
            ),
        ),
        class_name="burn",
        view_box=f"0 0 {frame.width} {frame.height}",
        role="img",
        aria_label=curve["text"],
    )


def _upright(name: str, x: rx.Var[str], top: str | rx.Var[str], bottom: str | rx.Var[str]) -> rx.Component:
    return rx.el.line(class_name=name, x1=x, x2=x, y1=top, y2=bottom)


def _words(mark: rx.Var, **more: str) -> rx.Component:
    return rx.el.text(mark["text"], x=mark["x"], y=mark["y"], **more)
