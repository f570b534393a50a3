"""Migrate a test's database."""

import pytest

from agency_app.settings import settings
from agency_app.store import migrations
from agency_app.store.engine import dispose_engines


def migrate(url: str) -> None:
    """Bring the database of a SQLAlchemy URL to the newest revision, and leave the settings as they were."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGENCY_DATABASE_URL", url)
        settings.cache_clear()
        migrations.upgrade()
        dispose_engines()
    settings.cache_clear()
