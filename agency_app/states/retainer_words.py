"""Words and figures that the retainers' pages share. Pure: values in, texts out."""

from datetime import date

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes
from agency_app.domain.money import exponent
from agency_app.domain.retainer import Terms, working_days
from agency_app.services.drawn_entries import DrawnEntry
from agency_app.services.read_retainers import PeriodRead

BASES = {
    "hours": "Hours at their rates",
    "fee": "Fee that covers hours",
    "hybrid": "Fee plus hours",
    "budget": "Budget",
}
OVERAGES = {
    "bill": "Billed at its own rate",
    "approval": "Billed after approval",
    "absorb": "Absorbed",
    "stop": "Work stops",
}
PRORATIONS = {"none": "Whole", "day": "By day", "working_day": "By working day"}


def amount(value: int, terms: Terms, currency: str) -> str:
    """Return a figure of a period with its unit: `6.5 h`, or money where the terms are a budget."""
    return wording.money(value, currency) if terms.basis == "budget" else f"{wording.hours(value)} h"


def figure(value: int, terms: Terms, currency: str) -> str:
    """Return a figure for a column that names its unit; a dash for zero."""
    if not value:
        return "–"
    return wording.money(value, currency) if terms.basis == "budget" else wording.hours(value)


def compact(value: int, terms: Terms, currency: str) -> str:
    """Return a figure for an axis: `36`, and money in whole units, from a thousand on as `1.5k`."""
    if terms.basis != "budget":
        return wording.hours(value)
    units = value // 10 ** exponent(currency)
    if units < 1000:
        return str(units)
    thousands, rest = divmod(units, 1000)
    return f"{thousands}.{rest // 100}k" if rest // 100 else f"{thousands}k"


def left_words(one: PeriodRead, currency: str) -> str:
    """Return what is left or over: `6.5 h left`, `1.5 h over`."""
    left = one.period.balance.available - one.period.balance.used
    return f"{amount(abs(left), one.period.terms, currency)} {'left' if left >= 0 else 'over'}"


def run_out_words(one: PeriodRead) -> tuple[str, str]:
    """Return when the time runs out, and a second line: `Fri 27 Nov`, `3 days early`."""
    day, last = one.pace.run_out, one.period.last
    if day is not None:
        early = (last - day).days
        note = "on the last day" if early == 0 else f"{early} day{'s' if early != 1 else ''} early"
        return wording.weekday_date(day), note
    if one.pace.forecast_used is None:
        return "Too early to tell", ""
    return "Lasts the period", ""


def forecast_words(one: PeriodRead, currency: str) -> tuple[str, str]:
    """Return the forecast for the end of the period, and a second line: `42.8 h`, `38 to 47 h`."""
    forecast, terms = one.pace.forecast_used, one.period.terms
    if forecast is None:
        return "–", "under three days of data"
    if one.forecast_range is not None and one.forecast_range[0] != one.forecast_range[1]:
        low, high = (rounded(value, terms, currency) for value in one.forecast_range)
        return rounded(forecast, terms, currency), f"{low.removesuffix(' h')} to {high}"
    return rounded(forecast, terms, currency), ""


def range_words(one: PeriodRead, currency: str) -> str:
    """Return the range of a forecast within a sentence: `, between 38 and 47 h`; nothing where it has none."""
    spread = forecast_words(one, currency)[1] if one.pace.forecast_used is not None else ""
    return f", between {spread.replace(' to ', ' and ')}" if spread else ""


def rounded(value: int, terms: Terms, currency: str) -> str:
    """Return an estimate with no more digits than it deserves: tenths of an hour, money as it is."""
    if terms.basis == "budget":
        return wording.money(value, currency)
    return f"{wording.hours((value + 180) // 360 * 360)} h"


def drawn_words(entry: DrawnEntry, terms: Terms, currency: str) -> str:
    """Return which part of a period an entry draws: `included`, `1:30 rolled in, 0:30 overage`, and where late work
    went."""
    parts = (("rolled in", entry.rolled), ("included", entry.granted), ("overage", entry.overage))
    drawn = [(name, value) for name, value in parts if value]

    def size(value: int) -> str:
        return wording.money(value, currency) if terms.basis == "budget" else hours_minutes(value)

    alone = len(drawn) == 1 and terms.basis != "budget"
    words = ", ".join(name if alone else f"{size(value)} {name}" for name, value in drawn)
    if entry.late == "written_off":
        return f"late, written off: {entry.reason}"
    if entry.late == "overage":
        return f"late, {words}"
    return f"{words}, late work of an earlier period" if entry.late else words


def granted_words(one: PeriodRead, currency: str) -> str:
    """Return what a period started with: `36 + 4 h`, `36 h`, `36 − 2 h`."""
    balance, terms = one.period.balance, one.period.terms
    if not balance.rolled_in:
        return amount(balance.granted, terms, currency)
    sign = "+" if balance.rolled_in > 0 else "−"
    granted = amount(balance.granted, terms, currency).removesuffix(" h")
    return f"{granted} {sign} {amount(abs(balance.rolled_in), terms, currency)}"


def working_day_words(first: date, last: date, today: date) -> str:
    """Return where in a span of days a day stands: `working day 15 of 21`."""
    days = working_days(first, last)
    return f"working day {sum(day <= today for day in days)} of {len(days)}"


def cycle_words(terms: Terms) -> str:
    """Return the cycle: `Every month from day 1`, `Every 2 weeks from Monday`."""
    cycle = terms.cycle
    every = cycle.unit if cycle.every == 1 else f"{cycle.every} {cycle.unit}s"
    start = f"day {cycle.anchor.day}" if cycle.unit == "month" else f"{cycle.anchor:%A}"
    return f"Every {every} from {start}"


def rollover_words(terms: Terms, currency: str) -> str:
    """Return what happens to what is left at the end of a period."""
    rule = terms.rule
    if rule.rollover == "expire":
        words = "What is left expires"
    elif rule.rollover == "all":
        words = "All that is left rolls over"
    else:
        caps = [] if rule.cap is None else [amount(rule.cap, terms, currency)]
        caps += [] if rule.cap_share is None else [f"{rule.cap_share / 100:g} %"]
        words = f"Up to {' or '.join(caps)} rolls over"
    if rule.expires_after and rule.rollover != "expire":
        words += f", for {rule.expires_after} period{'s' if rule.expires_after != 1 else ''}"
    return words + (", an overrun is carried" if rule.carry_deficit else "")


def agreed_words(terms: Terms, currency: str) -> str:
    """Return the terms in one line: `Fee plus hours: 36 h, €3,200.00`."""
    parts = [amount(terms.granted, terms, currency)] if terms.granted else []
    parts += [wording.money(terms.fee_minor, currency)] if terms.fee_minor else []
    return f"{BASES[terms.basis]}: {', '.join(parts) or 'nothing granted'}"


def rate_words(terms: Terms, currency: str) -> str:
    """Return what overage costs, short: `€125.00 / h`, `€125.00 / h, if approved`, `absorbed`, `work stops`."""
    if terms.overage in ("absorb", "stop"):
        return "absorbed" if terms.overage == "absorb" else "work stops"
    return f"{wording.rate(terms.overage_rate, currency)} / h" + (", if approved" * (terms.overage == "approval"))


def overage_words(terms: Terms, currency: str) -> str:
    """Return what happens to overage, with its rate where it is billed."""
    if terms.overage in ("bill", "approval"):
        return f"{OVERAGES[terms.overage]}, {wording.rate(terms.overage_rate, currency)} / h"
    return OVERAGES[terms.overage]
