"""How long an invoice with its work log takes to draw, and how much memory: `python -m tests.bench.documents`.

Each size is drawn in a process of its own, as a server does it; what is timed is a drawing by a process that has drawn
before, in seconds of the processor, since drawing waits for nothing and a busy machine would only add noise. To reach:
1,000 rows in 1.5 s, 5,000 rows in 5 s, and memory that does not grow from drawing to drawing.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime

ROWS = (20, 1_000, 5_000)
LIMITS = {1_000: 1.5, 5_000: 5.0}
AT = datetime(2026, 11, 30, 16, 20, 5, tzinfo=UTC)


def main() -> None:
    """Print seconds, size and memory for each number of rows; end with 1 where a limit is missed."""
    missed = False
    for rows in ROWS:
        command = [sys.executable, "-m", "tests.bench.documents", str(rows)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        limit = LIMITS.get(rows, 0.0)
        verdict = "" if not limit else "  within" if answer["seconds"] <= limit else "  MISSED"
        missed |= verdict.endswith("MISSED")
        print(
            f"{rows:>5} rows: {answer['seconds']:.2f} s{f' of {limit} s' if limit else ''}{verdict} "
            f"({answer['waited']:.2f} s by the clock), "
            f"{answer['kilobytes']} KB, {answer['pages']} pages, "
            f"memory {answer['before']} MB before, {answer['first']} MB after one, {answer['last']} MB after four"
        )
    sys.exit(missed)


def draw_four(rows: int) -> None:
    """Draw a log of this many rows four times and print what it took."""
    from agency_app.documents.invoice_pdf import render_invoice
    from agency_app.services.finalise_invoice import TEMPLATE
    from tests.documents.snapshots import many_rows

    today = {"template": TEMPLATE, "language": "de", "locale": "de"}
    render_invoice(many_rows(20) | today, AT)
    snapshot = many_rows(rows) | today
    before = _megabytes()
    times, memory, content = [], [], b""
    for _ in range(4):
        begun = time.process_time(), time.perf_counter()
        content = render_invoice(snapshot, AT)
        times.append((time.process_time() - begun[0], time.perf_counter() - begun[1]))
        memory.append(_megabytes())
    seconds, waited = sorted(times)[1]
    told = {
        "seconds": seconds,
        "waited": waited,
        "kilobytes": len(content) // 1024,
        "pages": content.count(b"/Type /Page\n"),
    }
    print(json.dumps(told | {"before": before, "first": memory[0], "last": memory[-1]}))


def _megabytes() -> int:
    """Return the most memory that this process has used so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024) if sys.platform == "darwin" else most // 1024


if __name__ == "__main__":
    draw_four(int(sys.argv[1])) if len(sys.argv) > 1 else main()
