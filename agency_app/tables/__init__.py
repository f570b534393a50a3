"""All tables, one module per aggregate; importing this package registers every one of them."""

from agency_app.tables.alert import Alert, AlertSeen
from agency_app.tables.approval import WeekSubmission
from agency_app.tables.builder import DraftItem, DraftLine, DraftPlan, EntryDecision
from agency_app.tables.calendar import DayOff, TargetWeek
from agency_app.tables.client import (
    Campaign,
    Client,
    LateEntry,
    LateWork,
    Rate,
    Retainer,
    RetainerNote,
    RetainerPause,
    RetainerPeriod,
    RetainerScope,
    RetainerTerms,
)
from agency_app.tables.cost import CostRate
from agency_app.tables.entry_views import SavedFilter
from agency_app.tables.grid import GridRow
from agency_app.tables.invoice import (
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceSeries,
    LineWork,
)
from agency_app.tables.logo import Logo
from agency_app.tables.routine import Routine, RoutineDay
from agency_app.tables.time import (
    Activity,
    ImportedEntry,
    Task,
    TaskTemplate,
    TimeEntry,
)
from agency_app.tables.timer import RunningTimer
from agency_app.tables.workspace import (
    AuditEvent,
    LoginSession,
    Member,
    SignInAttempt,
    Workspace,
)

__all__ = [
    "Activity",
    "Alert",
    "AlertSeen",
    "AuditEvent",
    "Campaign",
    "Client",
    "CostRate",
    "DayOff",
    "DraftItem",
    "DraftLine",
    "DraftPlan",
    "EntryDecision",
    "GridRow",
    "ImportedEntry",
    "Invoice",
    "InvoiceDocument",
    "InvoiceLine",
    "InvoiceSeries",
    "LateEntry",
    "LateWork",
    "LineWork",
    "LoginSession",
    "Logo",
    "Member",
    "Rate",
    "Retainer",
    "RetainerNote",
    "RetainerPause",
    "RetainerPeriod",
    "RetainerScope",
    "RetainerTerms",
    "Routine",
    "RoutineDay",
    "RunningTimer",
    "SavedFilter",
    "SignInAttempt",
    "TargetWeek",
    "Task",
    "TaskTemplate",
    "TimeEntry",
    "WeekSubmission",
    "Workspace",
]
