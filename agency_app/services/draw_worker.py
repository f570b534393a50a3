"""The process that draws PDFs for a server: `python -m agency_app.services.draw_worker`.

It reads jobs from its standard input and writes what it drew to its standard output, until the input ends: with the
server it ends too, however the server ended. A job and an answer are a length (8 bytes, big-endian) and that many bytes
of a pickle; both ends are this program.
"""

import pickle
import sys
import traceback
from typing import IO, Any


def main() -> None:
    """Draw until there are no more jobs."""
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not get between the answers
    import agency_app.documents.invoice_pdf  # noqa: F401  # seconds, before the first job rather than in it
    from agency_app.services.draw_document import draw

    while (job := receive(jobs)) is not None:
        try:
            answer = draw(*job)
        except Exception:
            answer = traceback.format_exc()
        send(answers, answer)


def send(pipe: IO[bytes], thing: Any) -> None:
    """Write a thing to the other end."""
    content = pickle.dumps(thing)
    pipe.write(len(content).to_bytes(8, "big") + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Return the next thing from the other end, None where that has gone."""
    length = pipe.read(8)
    content = pipe.read(int.from_bytes(length, "big")) if len(length) == 8 else b""
    return pickle.loads(content) if content else None


if __name__ == "__main__":
    main()
