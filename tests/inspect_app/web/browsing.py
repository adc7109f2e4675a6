"""A browser without a screen: keeps cookies, follows nothing, fills in the CSRF token that a page gave it."""

import re
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from inspect_app.app import create_app
from inspect_app.config import Settings
from inspect_app.db import Database

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SECRET = "a secret of at least thirty-two characters"


def app_on(database: Database, folder: Path, secret: str = SECRET) -> Flask:
    """Return the application on a database, as it is served."""
    settings = Settings(
        data_dir=folder,
        database_url="",
        secret_key=secret,
        storage_url=(folder / "files").absolute().as_uri(),
    )
    app = create_app(settings, database)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


class Browser:
    """One person's browser; `token` is what the last page with a form gave it."""

    def __init__(self, app: Flask) -> None:
        """Begin without cookies."""
        self.client = app.test_client()
        self.token = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self._remember(self.client.get(path, headers=headers or None))

    def post(self, path: str, fields: Mapping[str, object] | None = None, **headers: str) -> TestResponse:
        """Send a form as a person would who has seen a page with one."""
        data = {"csrf_token": self.token, **(fields or {})}
        return self._remember(self.client.post(path, data=data, headers=headers or None))

    def sign_in(self, username: str, password: str) -> TestResponse:
        """Sign in through the page."""
        self.get("/login")
        response = self.post("/login", {"username": username, "password": password})
        if response.status_code == 303:
            self.get(response.headers["Location"])
        return response

    def _remember(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html":
            found = TOKEN.search(response.text)
            self.token = found.group(1) if found else self.token
        return response
