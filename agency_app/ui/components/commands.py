"""What every page can be told to do by a key or by name: the palette, undo and redo, the list of keys.

The browser's part is assets/keyboard.js and assets/palette.js, which press the buttons and send the forms below.
"""

import reflex as rx

from agency_app.states.changes import Changes
from agency_app.states.keyboard import Keyboard
from agency_app.states.palette import Palette
from agency_app.states.week_keys import WeekKeys
from agency_app.ui.components.changes import recent_changes
from agency_app.ui.components.icons import icon
from agency_app.ui.components.keys import keys_dialog, place_dialog
from agency_app.ui.components.shell import page_link

_PAUSE_MS = 150


def search_button() -> rx.Component:
    """Return the way into the palette for a pointer or a finger."""
    return rx.el.button(
        icon("search", "s"),
        rx.el.span("Search or run", class_name="grow search-words"),
        rx.el.span("⌘K", class_name="kbd search-words"),
        class_name="field search-b",
        id="palette-open",
        type="button",
        aria_label="Search or run",
        aria_haspopup="dialog",
        aria_keyshortcuts="Meta+K Control+K",
    )


def commands() -> rx.Component:
    """Return the parts that are not seen until a key or the palette asks for them."""
    return rx.fragment(
        rx.el.div(
            _button("undo-last", Changes.undo_last),
            _button("redo-last", Changes.redo_last),
            _button("changes-open", Changes.look),
            _button("keys-open", rx.call_script("window.agency.open('keys')")),
            _button("palette-load", Palette.load),
            page_link("Week grid", href="/grid"),
            _form("week-keys", ("entry", "command"), WeekKeys.press),
            _form("palette-run", ("action", "text"), Palette.run),
            hidden=True,
            id="commands",
            custom_attrs={
                "data-single-keys": Keyboard.keys,
                "data-palette-items": Palette.items,
                "data-palette-line": Palette.line,
            },
        ),
        _palette(),
        keys_dialog(),
        place_dialog(),
        recent_changes(),
    )


def _palette() -> rx.Component:
    """Return the palette: a combobox over a list that assets/palette.js fills (WAI-ARIA 1.2, list autocomplete)."""
    return rx.el.dialog(
        rx.el.div(
            icon("search", "s"),
            rx.el.input(
                id="palette-input",
                type="text",
                role="combobox",
                placeholder="Go to, run, or log: 45m call fjord",
                aria_label="Search or run",
                aria_expanded="true",
                aria_controls="palette-list",
                aria_autocomplete="list",
                auto_complete="off",
                spell_check=False,
                max_length=500,
                on_change=Palette.typed.debounce(_PAUSE_MS),
            ),
            rx.el.span("Esc", class_name="kbd"),
            class_name="pal-f",
        ),
        rx.el.ul(id="palette-list", role="listbox", aria_label="Results", class_name="pal-l"),
        rx.el.p(id="palette-status", role="status", class_name="pal-s faint"),
        id="palette",
        class_name="dlg pal",
        aria_label="Search or run",
    )


def _button(name: str, event: rx.event.EventType[()]) -> rx.Component:
    return rx.el.button(id=name, type="button", tab_index=-1, on_click=event)


def _form(name: str, fields: tuple[str, ...], event: rx.event.EventType) -> rx.Component:
    return rx.el.form(*(rx.el.input(name=field, default_value="") for field in fields), id=name, on_submit=event)
