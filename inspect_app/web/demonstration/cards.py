"""The cards of the entry page: who it is, what there is to see, in true numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import VisitState
from inspect_app.queries.demonstration import (
    Whole,
    branches_seen_by,
    newest_deficiencies,
    running_visits_by_state,
    running_visits_of,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One user that a visitor can step into.

    Attributes:
        sight: what there is to do and see, a sentence; `notes` on what device, and how much.
    """

    user: User
    sight: str
    notes: tuple[str, ...]


def cards_of(session: Session, users: Sequence[User], whole: Whole) -> list[Card]:
    """Return a card for each user."""
    return [_card(session, user, whole) for user in users]


def _card(session: Session, user: User, whole: Whole) -> Card:
    match user.kind:
        case UserKind.INSPECTOR:
            return _inspector(session, user)
        case UserKind.REGIONAL_MANAGER:
            return _regional_manager(session, user, whole)
        case UserKind.BRANCH_MANAGER:
            return _branch_manager(session, user)
        case UserKind.REVIEWER:
            return _reviewer(session, user)
        case UserKind.ADMINISTRATOR:
            return _administrator(user, whole)


def _inspector(session: Session, user: User) -> Card:
    states = running_visits_of(session, user)
    to_make = states.get(VisitState.ASSIGNED, 0) + states.get(VisitState.IN_PROGRESS, 0)
    returned = states.get(VisitState.RETURNED, 0)
    notes = (
        _("手机"),
        ngettext("还有 %(num)s 次要做", "还有 %(num)s 次要做", to_make),
        ngettext("%(num)s 份请您再看", "%(num)s 份请您再看", returned),
    )
    return Card(user, _("看清单，做一次暗访，送出去。"), notes)


def _regional_manager(session: Session, user: User, whole: Whole) -> Card:
    branches, waves = branches_seen_by(session, user), whole.published_waves
    notes = (
        _("电脑、手机"),
        ngettext("%(num)s 个网点", "%(num)s 个网点", branches),
        ngettext("%(num)s 期排名", "%(num)s 期排名", waves),
        "Excel",
    )
    return Card(user, _("谁升了，谁降了，一层层看到哪一句没说。"), notes)


def _branch_manager(session: Session, user: User) -> Card:
    waiting = newest_deficiencies(session, user)
    sight = ngettext("%(num)s 个问题要整改，各扣了几分。", "%(num)s 个问题要整改，各扣了几分。", waiting)
    return Card(user, sight, (_("手机"), _("不看别家"), _("不知道谁来过")))


def _reviewer(session: Session, user: User) -> Card:
    states = running_visits_by_state(session)
    waiting = states.get(VisitState.SUBMITTED, 0) + states.get(VisitState.IN_REVIEW, 0)
    returned = states.get(VisitState.RETURNED, 0)
    sight = ngettext("%(num)s 份待复核，全用键盘。", "%(num)s 份待复核，全用键盘。", waiting)
    returned_note = ngettext("%(num)s 份退回了，在等回答", "%(num)s 份退回了，在等回答", returned)
    return Card(user, sight, (_("电脑"), returned_note))


def _administrator(user: User, whole: Whole) -> Card:
    notes = (
        _("电脑"),
        ngettext("%(num)s 个流程", "%(num)s 个流程", whole.flows),
        ngettext("%(num)s 个情景", "%(num)s 个情景", whole.situations),
    )
    return Card(user, _("手册、方案、机构、期次、发布。"), notes)
