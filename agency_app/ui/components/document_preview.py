"""The preview on an invoice's page: the PDF itself in a frame, beside the lines that open to their work."""

import reflex as rx

from agency_app.states.document_preview import DocumentPreview
from agency_app.ui.components.shell import page_link


def preview_switch() -> rx.Component:
    """Return the way between the lines and the PDF; the choice is in the address."""
    view = DocumentPreview.view
    return rx.el.nav(
        page_link("Lines", href=view["lines"], aria_current=rx.cond(view["shown"], "false", "page")),
        page_link("PDF", href=view["pdf"], aria_current=rx.cond(view["shown"], "page", "false")),
        class_name="seg",
        aria_label="View",
    )


def preview_pane() -> rx.Component:
    """Return the frame of the PDF, where it is shown. `assets/preview.js` keeps the last one in it until the next is
    drawn, and the word over a draft's is laid there by this page: the file is what finalising makes of it."""
    view = DocumentPreview.view
    return rx.cond(
        view["shown"],
        rx.el.div(
            rx.el.div(
                rx.el.div(class_name="pdf-frames", id="pdf-frames"),
                rx.cond(view["draft"], rx.el.span("Draft", class_name="pdf-mark", aria_hidden="true")),
                rx.el.span("Updating", class_name="chip pdf-updating", role="status"),
                class_name="pdf-paper",
            ),
            rx.el.p(
                rx.cond(
                    view["draft"],
                    "This is the file that finalising makes, but for its number and date. ",
                    "This is the stored file. ",
                ),
                rx.el.a(
                    rx.cond(view["draft"], "Open it marked as a draft", "Open it"),
                    href=view["file"],
                    target="_blank",
                    rel="noopener",
                ),
                class_name="pdf-say",
            ),
            id="pdf-pane",
            class_name="pdf-pane",
            custom_attrs={"data-source": view["source"]},
        ),
    )
