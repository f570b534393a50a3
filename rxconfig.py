"""What Reflex is told about this app. The only reader of ``AGENCY_ORIGINS``, which the server sets from host and port."""

import os

import reflex as rx
from reflex.plugins import SitemapPlugin

from agency_app.serving.same_origin import SameOriginPlugin
from agency_app.settings import settings

_origins = [
    origin.strip()
    for origin in os.environ.get("AGENCY_ORIGINS", "http://localhost:3000,http://127.0.0.1:3000").split(",")
    if origin.strip()
]
_redis_url = settings().redis_url

config = rx.Config(
    app_name="agency_app",
    show_built_with_reflex=False,
    telemetry_enabled=False,
    deploy_url=_origins[0],
    cors_allowed_origins=_origins,
    plugins=[SameOriginPlugin()],
    # Every page is private: a site map would only advertise addresses.
    disable_plugins=[SitemapPlugin],
    # One process keeps its states in memory (they are a cache of the database); several workers share them in Redis.
    state_manager_mode=rx.constants.StateManagerMode.REDIS if _redis_url else rx.constants.StateManagerMode.MEMORY,
    redis_url=_redis_url or None,
)
