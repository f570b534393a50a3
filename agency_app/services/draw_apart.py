"""Draw PDFs in a process beside the server, one at a time, so that pages and websockets never wait for a layout.

Drawing is pure computation: in a thread of the server it would take the interpreter from everybody else. Commands and
tests, which serve nobody, draw where they are.
"""

import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agency_app.services.draw_document import draw
from agency_app.services.draw_worker import receive, send

LONGEST_SECONDS = 120.0
"""After this a job is given up and its process ended; 5,000 rows of work take about four seconds."""

_turn = threading.Lock()
_serving = False
_process: "subprocess.Popen[bytes] | None" = None


class DrawingFailed(RuntimeError):
    """A document could not be drawn; the message is what the drawing process said."""


def serve_apart() -> None:
    """Draw in a process of its own from now on, and start it."""
    global _serving
    with _turn:
        _serving = True
        _started()


def stop_serving_apart() -> None:
    """End the process, and draw here again."""
    global _serving
    with _turn:
        _serving = False
        _end()


def drawn_apart(kind: str, snapshot: Mapping[str, Any], rendered_at: datetime, logo: bytes | None = None) -> bytes:
    """Return a document of an invoice as `draw` does, drawn in the other process where a server has one.

    Raises what `draw` raises, DrawingFailed where the other process could not.
    """
    if not _serving or kind == "ubl":  # an e-invoice is text, written in milliseconds
        return draw(kind, snapshot, rendered_at, logo)
    job = (kind, dict(snapshot), rendered_at, logo)
    with _turn:
        answer = _asked(job)
        if answer is None:  # the process had ended since; a second one that ends did so over this job
            answer = _asked(job)
    if not isinstance(answer, bytes):
        raise DrawingFailed(answer or "The process that draws documents ended.")
    return answer


def _asked(job: tuple[Any, ...]) -> bytes | str | None:
    process = _started()
    assert process.stdin is not None
    assert process.stdout is not None
    patience = threading.Timer(LONGEST_SECONDS, process.kill)
    patience.start()
    try:
        send(process.stdin, job)
        answer = receive(process.stdout)
    except OSError:
        answer = None
    finally:
        patience.cancel()
    if answer is None:
        _end()
    return answer


def _started() -> "subprocess.Popen[bytes]":
    global _process
    if _process is None or _process.poll() is not None:
        command = [sys.executable, "-m", "agency_app.services.draw_worker"]
        _process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return _process


def _end() -> None:
    global _process
    if _process is not None:
        _process.kill()
        _process.wait()
        for pipe in (_process.stdin, _process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was not sent any more
        _process = None
