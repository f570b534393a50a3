"""What the tip at the pointer says: the page's own function, run by Node, no browser."""

import json
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "assets" / "week_calendar.js"
RUN = """
import { readFileSync } from "node:fs";
const stubs = "const createContext = () => 0, timeGridPlugin = 0, interactionPlugin = 0, window = {};";
const source = stubs + readFileSync(process.argv[1], "utf8").replace(/^import .*$/gm, "");
const { consequence } = await import("data:text/javascript," + encodeURIComponent(source));
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(consequence)));
"""


def told(*gestures: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the tip says of gestures."""
    node = Path(sysconfig.get_path("scripts")) / "node"
    command = [str(node), "--input-type=module", "-e", RUN, str(SOURCE), json.dumps(gestures)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
