"""How a status word looks besides what it says: the class of its chip and of the bar it colours."""

STATUS_CLASS = {
    "On pace": "st-ok",
    "Running hot": "st-warn",
    "Over": "st-bad",
    "Under-serviced": "st-cool",
    "Too early to tell": "",
    "Invoiced": "",
}
FILL_CLASS = {
    "st-ok": "f-ok",
    "st-warn": "f-warn",
    "st-bad": "f-bad",
    "st-cool": "f-cool",
    "": "f-ok",
}
