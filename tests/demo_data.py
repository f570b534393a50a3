"""The data of a fresh demo, seeded by the command itself in a process of its own, whatever this one is configured for."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def seed_demo_into(folder: Path | str) -> None:
    """Seed the demo into an empty folder."""
    command = [sys.executable, "-m", "agency_app.cli", "demo", "--seed-only", "--data-dir", str(folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AGENCY_")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
