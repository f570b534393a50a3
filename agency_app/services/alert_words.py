"""An alert in words: on the page and in mail the same."""

from agency_app.documents import wording
from agency_app.services.read_alerts import AlertRead

ALL = 100


def alert_words(one: AlertRead) -> tuple[str, str]:
    """Return what to tell and the figures behind it: `75 % of November 2026 is used`, `30.5 of 40 h`."""
    alert = one.alert
    period = wording.period_name(alert.period_first, alert.period_last)
    if alert.kind == "under_serviced":
        said = f"Under-serviced by the middle of {period}"
    elif alert.threshold == ALL and alert.used <= alert.available:
        said = f"All of {period} is used"
    elif alert.used > alert.available and alert.threshold >= ALL:
        said = f"Over in {period}"
    else:
        said = f"{alert.threshold} % of {period} is used"
    return said, f"{_amount(one, alert.used)} of {_amount(one, alert.available)}"


def subject_words(one: AlertRead) -> str:
    """Return which retainer an alert is about: `Northwind Coffee, Paid social`."""
    return f"{one.client.name}, {one.retainer.name}"


def _amount(one: AlertRead, value: int) -> str:
    return wording.money(value, one.client.currency) if one.alert.in_money else f"{wording.hours(value)} h"
