"""The name of the sign-in cookie: HttpOnly, so that no script ever reads it."""

COOKIE = "agency_session"
