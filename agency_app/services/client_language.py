"""The language and the locale in which a client's documents are written."""

from agency_app.documents.einvoice.places import country_of
from agency_app.documents.translation import Words, language_of, locale_of, words_in
from agency_app.tables import Client, Workspace


def client_words(workspace: Workspace, client: Client) -> Words:
    """Return the words of a client's documents: in its language, else in that of the agency's own locale."""
    return words_in(client.language or language_of(workspace.locale))


def client_locale(workspace: Workspace, client: Client) -> str:
    """Return the locale of the figures and dates of a client's documents."""
    country = client.country or country_of(client.address.splitlines())
    return locale_of(client.language, country, workspace.locale)
