"""Where a phone was is kept roughly, once, and for reviewers alone; what is no place refuses nothing."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from inspect_app.db import reading
from inspect_app.models.inspections import Submission
from inspect_app.models.visits import VisitIdentity
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.sync.phones import Phone

MakePhone = Callable[..., Phone]
PLACE = {"latitude": 29.5647, "longitude": -106.5512, "accuracy": 21.6}


def kept_place(bank: Bank, branch_code: str = "0101") -> str | None:
    """Return what is kept of where the phone was, JSON text."""
    with reading(bank.database) as session:
        identity = session.get(VisitIdentity, bank.visits[branch_code])
        assert identity is not None
        return identity.place


def test_a_place_is_kept_to_a_thousandth_of_a_degree_with_the_identity_of_its_visit(
    bank: Bank, phone_to: MakePhone
) -> None:
    answer = phone_to(changes={"place": PLACE}).send()

    assert answer.status_code == 201
    kept = kept_place(bank)
    assert kept is not None
    assert json.loads(kept) == {"latitude": 29.565, "longitude": -106.551, "accuracy": 22}
    assert kept_place(bank, "0102") is None


@pytest.mark.fault("C13")
@pytest.mark.parametrize(
    "place",
    [
        "here",
        [29.5, 106.5],
        {},
        {"latitude": 29.5},
        {"latitude": 90.001, "longitude": 106.5},
        {"latitude": 29.5, "longitude": -180.5},
        {"latitude": "29.5", "longitude": "106.5"},
        {"latitude": True, "longitude": 106.5},
        {"latitude": float("nan"), "longitude": 106.5},
        {"latitude": float("inf"), "longitude": 106.5},
        {"latitude": 10**400, "longitude": 106.5},
    ],
    ids=lambda place: json.dumps(place)[:40],
)
def test_what_is_no_place_is_passed_over_and_the_record_taken(
    bank: Bank, phone_to: MakePhone, place: object
) -> None:
    phone = phone_to(changes={"place": place})

    answer = phone.send()

    assert answer.status_code == 201
    assert kept_place(bank) is None
    with reading(bank.database) as session:
        submission = session.get(Submission, phone.submission)
        assert submission is not None
        assert submission.body == phone.body()


@pytest.mark.parametrize("accuracy", [None, -1, "near", 10**9, float("nan")])
def test_how_far_a_place_may_be_off_is_left_out_where_it_is_no_length(
    bank: Bank, phone_to: MakePhone, accuracy: object
) -> None:
    assert phone_to(changes={"place": {**PLACE, "accuracy": accuracy}}).send().status_code == 201

    kept = kept_place(bank)
    assert kept is not None
    assert json.loads(kept)["accuracy"] is None


def test_a_second_submission_that_says_no_place_leaves_the_first_ones(
    bank: Bank, phone_to: MakePhone
) -> None:
    phone_to(changes={"place": PLACE}).send()
    before = kept_place(bank)

    phone_to(seed=2).send()

    assert kept_place(bank) == before is not None


def test_a_reviewer_reads_the_place_until_it_is_erased(app: Flask, bank: Bank, phone_to: MakePhone) -> None:
    phone_to(changes={"place": PLACE}).send()
    reviewer = Browser(app)
    reviewer.sign_in("reviewer", PASSWORD)
    address = f"/office/reviews/{bank.visits['0101']}"
    shown = reviewer.get(address).text

    with bank.database.writing.begin() as connection:
        connection.execute(update(VisitIdentity).values(place=None))

    assert "纬度 29.565，经度 -106.551，误差 22 米" in shown
    assert "29.565" not in reviewer.get(address).text


def test_who_leaves_the_place_out_is_asked_nothing(app: Flask, bank: Bank, phone_to: MakePhone) -> None:
    phone_to().send()
    reviewer = Browser(app)
    reviewer.sign_in("reviewer", PASSWORD)

    page = reviewer.get(f"/office/reviews/{bank.visits['0101']}")

    assert page.status_code == 200
    assert "手机给的位置" not in page.text
    assert kept_place(bank) is None
