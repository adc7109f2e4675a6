"""Puts the product together: settings in, a WSGI application out."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from inspect_app.bells import Bell, bell_at
from inspect_app.config import Settings
from inspect_app.db import Database, bind_to_requests, open_database
from inspect_app.web.access import refuse_undeclared_pages
from inspect_app.web.doors import open_doors
from inspect_app.web.failures import answer_failures
from inspect_app.web.formatting import format_for_pages
from inspect_app.web.languages import speak
from inspect_app.web.protection import protect
from inspect_app.web.requests import Application, tell_requests
from inspect_app.web.sessions import ServerSessions
from inspect_app.web.statics import serve_statics
from inspect_app.web.tabs import show_tabs
from inspect_app.web.words import speak_words

LARGEST_REQUEST = 2 * 1024 * 1024
MOST_FORM_PARTS = 2_000


def create_app(settings: Settings, database: Database | None = None, bell: Bell | None = None) -> Flask:
    """Return the application.

    Args:
        database: already opened by the caller; None opens the one that the settings name.
        bell: tells of background work, also in this process; None where nothing in this process listens.

    Raises:
        UndeclaredPageError: a page has not said who may see it.
    """
    app = Application("inspect_app", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        SESSION_COOKIE_NAME="__Host-inspect-visitor" if settings.is_secure else "inspect_visitor",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["inspect_settings"] = settings
    app.extensions["inspect_bell"] = bell or bell_at(settings.queue_url)
    app.session_interface = ServerSessions(settings)
    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=0)  # type: ignore[method-assign]
    bind_to_requests(app, database or open_database(settings.database_url))
    protect(app, settings)
    speak(app)
    format_for_pages(app)
    speak_words(app)
    answer_failures(app)
    open_doors(app)
    show_tabs(app)
    serve_statics(app)
    tell_requests(app, settings)
    refuse_undeclared_pages(app)
    return app
