"""The outside world: platform logs, calendars, mail and the exports of other time trackers."""
