"""A visit is assigned to an inspector, or cancelled; who goes there stands in one table alone."""

import uuid

import pytest

from inspect_app.db import transaction
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.people import UserKind
from inspect_app.models.visits import Visit, VisitState
from inspect_app.queries.people import user_named
from inspect_app.queries.visits import identity_of, visit_of_inspector, visit_of_office, visits_of_inspector
from inspect_app.queries.waves import wave_with_id
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.journal import Actor
from inspect_app.services.visits import assign_visit, cancel_visit
from inspect_app.services.waves import close_wave
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, journal_of, own_visit, send


def test_an_assigned_visit_can_be_given_to_another_inspector(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")

        assign_visit(session, Actor.user(bank.user("administrator")), visit, bank.user("inspector2"), now=NOW)

        assert {found.id for found in visits_of_inspector(session, bank.user("inspector2"))} == {
            bank.visits["0101"],
            bank.visits["0201"],
        }
        with pytest.raises(NotFoundError):
            visit_of_inspector(session, bank.user("inspector"), bank.visits["0101"])


@pytest.mark.parametrize("name", ["administrator", "reviewer", "region01", "branch0101"])
def test_only_inspectors_go_on_visits(bank: Bank, name: str) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="active inspector"):
        assign_visit(session, Actor.system(), own_visit(session, bank, "0101"), bank.user(name), now=NOW)


def test_an_inspector_who_is_shut_out_is_assigned_nothing(bank: Bank) -> None:
    with transaction(bank.database) as session:
        inspector = user_named(session, "inspector2")
        assert inspector is not None
        assert inspector.kind is UserKind.INSPECTOR
        inspector.is_active = False
        with pytest.raises(ConflictError, match="active inspector"):
            assign_visit(session, Actor.system(), own_visit(session, bank, "0101"), inspector, now=NOW)


def test_a_closed_wave_assigns_no_visits(bank: Bank) -> None:
    with transaction(bank.database) as session:
        close_wave(session, Actor.system(), wave_with_id(session, bank.wave_id), now=NOW)
        with pytest.raises(ConflictError, match="closed assigns no visits"):
            assign_visit(
                session, Actor.system(), own_visit(session, bank, "0101"), bank.user("inspector2"), now=NOW
            )


def test_a_visit_under_way_stays_with_its_inspector(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        save_draft(session, bank.user("inspector"), visit, Filling(uuid.uuid4(), uuid.uuid4(), ()), now=NOW)
        with pytest.raises(ConflictError, match="in_progress cannot become assigned"):
            assign_visit(session, Actor.system(), visit, bank.user("inspector2"), now=NOW)


def test_a_cancelled_visit_says_why(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")

        cancel_visit(session, Actor.user(bank.user("administrator")), visit, " 网点装修停业 ", now=NOW)

        assert (visit.state, visit.reason) == (VisitState.CANCELLED, "网点装修停业")
        last = [entry for entry in journal_of(session, visit.id) if entry.action == "cancel_visit"]
        assert [(entry.from_state, entry.to_state, entry.reason) for entry in last] == [
            ("assigned", "cancelled", "网点装修停业")
        ]
        assert visit_of_office(session, bank.visits["0102"]).state is VisitState.ASSIGNED


def test_a_visit_is_not_cancelled_without_a_reason(bank: Bank) -> None:
    with transaction(bank.database) as session, pytest.raises(IncompleteError) as refused:
        cancel_visit(session, Actor.system(), own_visit(session, bank, "0101"), "  ", now=NOW)
    assert refused.value.missing == ("reason",)


def test_what_was_sent_is_not_cancelled(bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", seed=1))
        visit = own_visit(session, bank, "0101")
        with pytest.raises(ConflictError, match="submitted cannot become cancelled"):
            cancel_visit(session, Actor.system(), visit, "停业", now=NOW)


def test_what_was_sent_once_is_not_cancelled_while_it_is_mended(bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", seed=1))
        visit = own_visit(session, bank, "0101")
        visit.state = VisitState.IN_PROGRESS
        with pytest.raises(ConflictError, match="set aside"):
            cancel_visit(session, Actor.system(), visit, "停业", now=NOW)


def test_a_visit_lies_with_its_identity_alone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0201")
        identity = identity_of(session, visit)
        assert identity is not None
        assert identity.inspector_id == bank.user("inspector2").id
        assert not any("inspector" in column.name for column in Visit.__table__.columns)
