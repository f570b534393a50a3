"""`python -m agency_app.cli` is `agency`."""

from agency_app.cli import main

main()
