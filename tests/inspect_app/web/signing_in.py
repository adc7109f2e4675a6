"""The application on the made-up bank, and who is signed in to it: fixtures of several folders of pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import Browser, app_on

SignIn = Callable[[str], Browser]


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank."""
    return app_on(bank.database, tmp_path)


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Return what opens a browser as one of the bank's users."""

    def as_user(username: str) -> Browser:
        browser = Browser(app)
        browser.sign_in(username, PASSWORD)
        return browser

    return as_user


@pytest.fixture
def administrator(sign_in: SignIn) -> Browser:
    """Return the browser of head office."""
    return sign_in("administrator")


@pytest.fixture
def reviewer(sign_in: SignIn) -> Browser:
    """Return the browser of a reviewer."""
    return sign_in("reviewer")
