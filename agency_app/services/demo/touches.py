"""What the demonstration agency does for its clients: touches of work with the notes people really write.

`where` is the name of a campaign, or the place of work itself ("Call", "Report"). Words in braces are filled in when a
touch is placed on a day: {percent}, {days}, {count}, {month}, {week}.
"""

from dataclasses import dataclass

NORTHWIND, BRIGHTSIDE, FJORD, LUMEN = (
    "Northwind Coffee",
    "Brightside Dental",
    "Fjord Outdoor",
    "Lumen Skincare",
)
MARA, JONAS, IDA, SEM = "Mara Halden", "Jonas Vik", "Ida Roos", "Sem de Wit"
OPTIMISATION, BUILD, CREATIVE = "Optimisation", "Campaign build", "Creative"
AUDIENCES, CALL, REPORTING = "Audience testing", "Strategy call", "Reporting"
ACTIVITIES = (OPTIMISATION, BUILD, CREATIVE, AUDIENCES, CALL, REPORTING)

CAMPAIGNS = {
    NORTHWIND: (
        ("Meta", "act_2201874", "Prospecting EU"),
        ("Meta", "act_2201874", "Gift Box, Advantage+"),
        ("Google Ads", "481-220-9917", "Brand and generic search"),
        ("Google Ads", "481-220-9917", "Shopping feed"),
        ("TikTok", "7100482", "Gift Box videos"),
    ),
    BRIGHTSIDE: (
        ("Google Ads", "730-118-4402", "Local search, Haarlem"),
        ("Meta", "act_3390412", "Aligner consults"),
    ),
    FJORD: (
        ("Meta", "act_1180536", "Shell jackets, prospecting"),
        ("Google Ads", "662-904-1105", "Performance Max, outdoor"),
        ("TikTok", "7144910", "Trail stories"),
        ("LinkedIn", "5081127", "Retail partners"),
    ),
    LUMEN: (
        ("Meta", "act_4471908", "Serum, always on"),
        ("TikTok", "7162203", "Skin routine creators"),
        ("LinkedIn", "5093340", "Clinic partners"),
    ),
}

TEMPLATES = (
    ("Daily optimisation", OPTIMISATION, "Meta", 30),
    ("Weekly report", REPORTING, "Report", 60),
    ("Strategy call", CALL, "Call", 45),
    ("Creative swap", CREATIVE, "Meta", 60),
)
"""Name, activity, platform, minutes."""


@dataclass(frozen=True)
class Touch:
    """One touch of work that comes up again: its usual length in minutes, and the note that goes with it."""

    activity: str
    member: str
    minutes: int
    where: str
    title: str
    note: str


REPORTS = {
    NORTHWIND: Touch(
        REPORTING,
        MARA,
        60,
        "Report",
        "Weekly report, week {week}",
        "Weekly report, week {week}",
    ),
    BRIGHTSIDE: Touch(
        REPORTING,
        JONAS,
        60,
        "Report",
        "Weekly report, week {week}",
        "Weekly report, week {week}",
    ),
    FJORD: Touch(
        REPORTING,
        JONAS,
        90,
        "Report",
        "Weekly report, week {week}",
        "Weekly report with spend by channel",
    ),
    LUMEN: Touch(
        REPORTING,
        IDA,
        75,
        "Report",
        "Weekly report, week {week}",
        "Weekly report, week {week}",
    ),
}
"""Due on the first working day of every week."""

CALLS = {
    NORTHWIND: (
        2,
        Touch(
            CALL,
            MARA,
            60,
            "Call",
            "{month} planning call",
            "Plan for the rest of {month}",
        ),
    ),
    BRIGHTSIDE: (
        4,
        Touch(
            CALL,
            JONAS,
            45,
            "Call",
            "Check-in with the practice",
            "Bookings, budget and next steps",
        ),
    ),
    FJORD: (
        3,
        Touch(
            CALL,
            MARA,
            60,
            "Call",
            "Trading call",
            "Stock, margins and where the budget goes next",
        ),
    ),
    LUMEN: (
        1,
        Touch(CALL, IDA, 45, "Call", "Creator call", "Creator shortlist and usage rights"),
    ),
}
"""Weekday (Monday is 0) of the call that comes every second week."""

TOUCHES = {
    NORTHWIND: (
        Touch(OPTIMISATION, MARA, 120, "Prospecting EU", "Budgets and audiences",
              "Daily budget Prospecting up {percent} %, audience window 30 to {days} days"),
        Touch(OPTIMISATION, MARA, 105, "Brand and generic search", "Search terms and bids",
              "{count} negatives added, bids on generic roast terms down {percent} %"),
        Touch(BUILD, JONAS, 150, "Gift Box, Advantage+", "Gift Box, Advantage+ build",
              "Advantage+ set up with catalogue, UTM rules and {count} ads"),
        Touch(CREATIVE, IDA, 75, "Prospecting EU", "Headline refresh",
              "{count} headlines swapped, worn ads paused after {days} days"),
        Touch(OPTIMISATION, MARA, 90, "Shopping feed", "Shopping feed and bids",
              "Feed titles for beans rewritten, target return up {percent} %"),
        Touch(CREATIVE, IDA, 120, "Gift Box videos", "Short videos",
              "{count} short videos cut to 9 seconds, captions added"),
        Touch(AUDIENCES, JONAS, 60, "Prospecting EU", "Lookalike test",
              "Lookalike of repeat buyers against broad, {days} days"),
        Touch(BUILD, JONAS, 135, "Brand and generic search", "Brand and generic search",
              "Generic split by roast, {count} new ad groups"),
        Touch(OPTIMISATION, MARA, 75, "Gift Box, Advantage+", "Pacing check",
              "Spend {percent} % ahead of plan, budget moved to weekdays"),
    ),
    BRIGHTSIDE: (
        Touch(OPTIMISATION, JONAS, 60, "Local search, Haarlem", "Daily optimisation",
              "Call extensions by opening hours, {count} search terms excluded"),
        Touch(CREATIVE, IDA, 75, "Aligner consults", "Before-and-after set",
              "{count} carousels with the new patient photos, consent checked"),
        Touch(OPTIMISATION, JONAS, 45, "Local search, Haarlem", "Radius and bids",
              "Radius 8 to 5 km, evening bids up {percent} %"),
        Touch(AUDIENCES, JONAS, 45, "Aligner consults", "Age split",
              "25 to 34 against 35 to 44, {days} days each"),
        Touch(BUILD, JONAS, 90, "Local search, Haarlem", "Emergency dentist ads",
              "Ad group for urgent searches, {count} ads, call only at night"),
        Touch(OPTIMISATION, MARA, 60, "Aligner consults", "Lead quality",
              "Form asks for postcode now, cost a lead down {percent} %"),
    ),
    FJORD: (
        Touch(OPTIMISATION, JONAS, 120, "Performance Max, outdoor", "Asset groups",
              "Asset groups by margin, target return up {percent} %"),
        Touch(OPTIMISATION, MARA, 90, "Shell jackets, prospecting", "Budgets",
              "Daily budget up {percent} % on three ad sets, frequency under 3"),
        Touch(BUILD, JONAS, 150, "Trail stories", "Trail stories build",
              "{count} Spark ads set up with creators' codes"),
        Touch(CREATIVE, IDA, 120, "Shell jackets, prospecting", "Creative swap",
              "Rain film in 4:5 and 9:16, {count} ads replaced"),
        Touch(AUDIENCES, JONAS, 90, "Shell jackets, prospecting", "Exclusion test",
              "Buyers of the last {days} days excluded, broad against interests"),
        Touch(OPTIMISATION, JONAS, 75, "Performance Max, outdoor", "Search themes",
              "{count} search themes added, brand terms kept out"),
        Touch(CREATIVE, IDA, 90, "Trail stories", "Hooks",
              "First two seconds recut in {count} videos"),
        Touch(BUILD, MARA, 105, "Retail partners", "Partner lead form",
              "Lead form for retailers, {count} job titles targeted"),
        Touch(OPTIMISATION, MARA, 60, "Retail partners", "Bids",
              "Cost a lead {percent} % over target, bids capped"),
    ),
    LUMEN: (
        Touch(OPTIMISATION, IDA, 75, "Serum, always on", "Daily optimisation",
              "Worn ads paused, budget to the {count} best by cost a basket"),
        Touch(CREATIVE, IDA, 120, "Skin routine creators", "Creator cuts",
              "{count} creator videos cut, claims checked with legal"),
        Touch(BUILD, JONAS, 120, "Serum, always on", "Bundle campaign",
              "Bundle catalogue and {count} ads built"),
        Touch(AUDIENCES, JONAS, 60, "Skin routine creators", "Interest split",
              "Routine viewers against retinol interest, {days} days"),
        Touch(OPTIMISATION, IDA, 60, "Clinic partners", "Bids and titles",
              "{count} job titles dropped, bids down {percent} %"),
        Touch(CREATIVE, IDA, 90, "Serum, always on", "Review quotes",
              "{count} ads with customer quotes, two languages"),
    ),
}  # fmt: skip

LATE = Touch(
    OPTIMISATION,
    MARA,
    105,
    "Prospecting EU",
    "Evening budgets",
    "Evening spend moved to Gift Box, up {percent} %",
)
"""Northwind sells in the evening, so some Tuesdays somebody looks in at eight."""

INBOX = (
    (NORTHWIND, OPTIMISATION, "Prospecting EU", "Narrow the Prospecting audience", 120),
    (
        FJORD,
        OPTIMISATION,
        "Performance Max, outdoor",
        "Review asset groups by margin",
        75,
    ),
    (
        FJORD,
        OPTIMISATION,
        "Shell jackets, prospecting",
        "Cap the frequency on cold ad sets",
        60,
    ),
    (LUMEN, CREATIVE, "Serum, always on", "Swap the worn serum ads", 45),
    (BRIGHTSIDE, CALL, "", "Plan the next quarter with the practice", 30),
)
"""Client, activity, campaign, title, planned minutes."""
