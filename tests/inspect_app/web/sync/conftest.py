"""What the tests of phones share: the application on the made-up bank, and phones on their way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.sync.phones import Phone, token_for

MakePhone = Callable[..., Phone]


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank."""
    return app_on(bank.database, tmp_path)


@pytest.fixture
def phone_to(app: Flask, bank: Bank) -> MakePhone:
    """Return what makes the phone of who visits a branch."""

    def make(branch_code: str = "0101", **made: Any) -> Phone:  # the fields of a phone, of many kinds
        token = made.pop("token", None) or token_for(bank, branch_code)
        return Phone(app, bank, branch_code, token, **made)

    return make


@pytest.fixture
def phone(phone_to: MakePhone) -> Phone:
    """Return a phone on the way to branch 0101."""
    return phone_to()
