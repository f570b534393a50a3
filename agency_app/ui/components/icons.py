"""The line icons and the platform badges, drawn on a grid of 16."""

import reflex as rx

_PATHS = {
    "lock": "M4 7.3h8v5.9H4ZM5.6 7.3V5.2a2.4 2.4 0 0 1 4.8 0v2.1",
    "split": "M8 2v3.2M8 10.8V14M2.5 8h11M5 5.5 2.5 8 5 10.5M11 5.5 13.5 8 11 10.5",
    "left": "M10 3.5 5.5 8 10 12.5",
    "right": "M6 3.5 10.5 8 6 12.5",
    "up": "M3.5 10 8 5.5 12.5 10",
    "down": "M3.5 6 8 10.5 12.5 6",
    "plus": "M8 3v10M3 8h10",
    "close": "m4 4 8 8M12 4l-8 8",
    "check": "m3.3 8.5 3.2 3.2 6.2-7",
    "trend": "m2.5 11 3.5-3.5 2.5 2.5 5-5.5M10.2 4.5h3.3v3.3",
    "info": "M8 7.3v3.4M8 5.2v.1M2.3 8a5.7 5.7 0 1 0 11.4 0 5.7 5.7 0 1 0-11.4 0",
    "warn": "M8 6.2v3.4M8 11.4v.1M8 2.5 14 13H2Z",
    "download": "M8 2.8v7M4.8 7 8 10.2 11.2 7M3 13h10",
    "theme": "M8 2.5a5.5 5.5 0 1 0 5.5 5.5A4.2 4.2 0 0 1 8 2.5Z",
    "search": "M7 2.7a4.3 4.3 0 1 1 0 8.6a4.3 4.3 0 1 1 0-8.6M10.3 10.3l3.2 3.2",
    "bell": "M4.2 11.2V7.3a3.8 3.8 0 0 1 7.6 0v3.9l1.2 1.3H3ZM6.8 14.2h2.4",
    "play": "M5 3.2v9.6L12.6 8Z",
    "stop": "M4.2 4.2h7.6v7.6H4.2Z",
    "out": "M9.5 3H3.5v10h6M7 8h6.5M11 5.5 13.5 8 11 10.5",
}
_GRIP = "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01"


def icon(name: str, size: str = "") -> rx.Component:
    """Return a line icon; `size` is "", "s" or "xs"."""
    return rx.el.svg(
        rx.el.path(d=_PATHS[name]),
        class_name=f"i i-{size}" if size else "i",
        view_box="0 0 16 16",
        aria_hidden="true",
    )


def grip() -> rx.Component:
    """Return the six dots that say: drag me."""
    return rx.el.svg(
        rx.el.path(d=_GRIP, stroke_width="2.4"),
        class_name="i i-s",
        view_box="0 0 16 16",
        aria_hidden="true",
    )


def brand() -> rx.Component:
    """Return the mark of the product."""
    return rx.el.svg(
        rx.el.rect(x="1", y="1", width="18", height="18", rx="5", fill="currentColor"),
        rx.el.path(
            d="M5.5 6v6.2a1.6 1.6 0 0 0 1.6 1.6h7.4",
            stroke="var(--on-accent)",
            stroke_width="1.8",
            fill="none",
            stroke_linecap="round",
            opacity=".55",
        ),
        rx.el.path(
            d="m6 6.2 4 4 4.3.9",
            stroke="var(--on-accent)",
            stroke_width="1.9",
            fill="none",
            stroke_linecap="round",
            stroke_linejoin="round",
        ),
        width="20",
        height="20",
        view_box="0 0 20 20",
        aria_hidden="true",
    )


def _badge(css: str, path: str, **stroke: str) -> rx.Component:
    return rx.el.span(
        rx.el.svg(rx.el.path(d=path, **stroke), view_box="0 0 16 16", aria_hidden="true"),
        class_name=f"pf {css}",
    )


def platform_badge(platform: rx.Var[str]) -> rx.Component | rx.Var:
    """Return the badge of a platform, or of the kind of touch."""
    line = {
        "fill": "none",
        "stroke": "currentColor",
        "stroke_width": "2",
        "stroke_linecap": "round",
    }
    return rx.match(
        platform,
        (
            "Meta",
            _badge(
                "pf-meta",
                "M1.6 10.2C1.6 6.6 3.2 4 5.2 4c3.1 0 4.6 8 7.5 8 1.3 0 2-1 2-2.8C14.7 6.2 13.3 4 11.3 4 8.4 4 7 12 3.7 12"
                "c-1.4 0-2.1-.8-2.1-1.8Z",
                **line,
            ),
        ),
        (
            "Google Ads",
            _badge(
                "pf-google",
                "M9.7 2.9 14.3 11a2 2 0 0 1-3.5 2L6.2 4.9a2 2 0 0 1 3.5-2Z M5.7 6.6 8 10.6l-1.3 2.3a2 2 0 0 1-3.5-2Z",
                fill="currentColor",
            ),
        ),
        (
            "TikTok",
            _badge(
                "pf-tiktok",
                "M9 1.8v8.4a2.6 2.6 0 1 1-2.6-2.6M9 1.8c.3 2.1 1.7 3.5 3.9 3.7",
                **line,
            ),
        ),
        (
            "LinkedIn",
            _badge(
                "pf-linkedin",
                "M3.8 6.6v6M3.8 3.6v.1M7.3 12.6V6.6M7.3 9.4c0-1.7 1-2.8 2.5-2.8s2.4 1 2.4 2.7v3.3",
                **line,
            ),
        ),
        (
            "Call",
            _badge(
                "pf-call",
                "M5.3 2.4 3.5 3c-.7.3-1.1 1-1 1.7.7 4.6 4.2 8.1 8.8 8.8.7.1 1.4-.3 1.7-1l.6-1.8-3-1.5-1.3 1.3"
                "C7.8 9.9 6.1 8.2 5.5 6.7l1.3-1.3Z",
                fill="currentColor",
            ),
        ),
        _badge("pf-report", "M3.5 12.8V8.5M8 12.8V3.2M12.5 12.8V6.2", **line),
    )
