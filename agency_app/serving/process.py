"""The process of the server: granian with the app's factory, which says where it is once it answers.

`server.py` starts it as a module, in an environment that is meant for it. What it is to say comes from there too.
"""

import argparse
import http.client
import sys
import threading

# An open websocket must not hold up a stop for ever: after this many seconds granian ends the worker.
SECONDS_TO_FINISH = 5
DIED = 2
_BETWEEN_QUESTIONS = 0.05
_BEFORE_THE_FIRST = 0.3  # the worker is forked off in this time, and no app starts within it


def main() -> None:
    """Serve until a signal ends it. Exit code 2 when the server ends before it ever answered."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.errors import FatalError
    from granian.log import LogLevels

    asked = _arguments().parse_args()
    server = Granian(
        "agency_app.agency_app:app",
        address=asked.host,
        port=asked.port,
        workers=asked.workers,
        interface=Interfaces.ASGI,
        factory=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    )
    answered = threading.Event()
    teller = threading.Thread(target=_tell, args=(asked.host, asked.port, asked.say, answered), daemon=True)
    server.on_startup(teller.start)
    try:
        server.serve()
    except (FatalError, SystemExit) as end:
        if answered.is_set():
            sys.exit(end.code if isinstance(end, SystemExit) else 1)
        print(
            "error: the server ended before it answered; what it said is above. See `agency doctor`.", file=sys.stderr
        )
        sys.exit(DIED)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="agency_app.serving.process")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--say", default="", help="What to print once the server answers.")
    return parser


def _tell(host: str, port: int, words: str, answered: threading.Event) -> None:
    """Print the words as soon as the server answers, however well it says it is."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    pause = threading.Event()
    pause.wait(_BEFORE_THE_FIRST)
    while not _answers(here, port):
        pause.wait(_BETWEEN_QUESTIONS)
    answered.set()
    if words:
        print(words, flush=True)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


if __name__ == "__main__":
    main()
