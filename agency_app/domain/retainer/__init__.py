"""Retainer arithmetic in whole seconds (minor units for a budget of money).

cycle: which days a period has · agreement: terms from a date on, pauses, spans · rollover: balances and what is handed
on · draw: which hours an entry takes · history: the periods of an agreement · forecast: how a period is going ·
alerts: what about it people are told of.
"""

from agency_app.domain.retainer.agreement import Agreement, Basis, OveragePolicy, Span, Terms, first_period_from, spans
from agency_app.domain.retainer.alerts import Cause, alert_causes
from agency_app.domain.retainer.cycle import Cycle, CycleUnit, Proration, calendar_anchor, period_of, working_days
from agency_app.domain.retainer.draw import Drawn, draw, work_order
from agency_app.domain.retainer.forecast import Capacity, Pace, PaceStatus, forecast_range, known_since, pace
from agency_app.domain.retainer.history import ClosedPeriod, Period, UsedByDay, periods, recomputed
from agency_app.domain.retainer.rollover import Balance, Lot, Rollover, RolloverRule, balance_of, close_period, settle

__all__ = [
    "Agreement",
    "Balance",
    "Basis",
    "Capacity",
    "Cause",
    "ClosedPeriod",
    "Cycle",
    "CycleUnit",
    "Drawn",
    "Lot",
    "OveragePolicy",
    "Pace",
    "PaceStatus",
    "Period",
    "Proration",
    "Rollover",
    "RolloverRule",
    "Span",
    "Terms",
    "UsedByDay",
    "alert_causes",
    "balance_of",
    "calendar_anchor",
    "close_period",
    "draw",
    "first_period_from",
    "forecast_range",
    "known_since",
    "pace",
    "period_of",
    "periods",
    "recomputed",
    "settle",
    "spans",
    "work_order",
    "working_days",
]
