"""The accounts: finding and adding people, links for their passwords, their posts, shutting and opening."""

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.models.jobs import Mail
from inspect_app.models.people import User, UserKind
from inspect_app.permissions import Action
from inspect_app.queries.accounts import (
    MOST_PEOPLE,
    attacked_accounts,
    has_second_step,
    open_link_of,
    people_matching,
    user_with_id,
)
from inspect_app.queries.journal import events_of
from inspect_app.queries.mails import newest_mail_to
from inspect_app.services import accounts, second_steps
from inspect_app.services.accounts import HandedOut
from inspect_app.services.people import UserPlan, add_user, subject_of
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.office.forms import ReasonForm
from inspect_app.web.office.handed_out import address_of, send_link
from inspect_app.web.office.people_forms import AddressForm, PersonForm, PostForm
from inspect_app.web.throttling import MOST_TRIES_OF_AN_ACCOUNT, THROTTLED_FOR


@pages.get("/office/people")
@requires(Action.RUN_ACCOUNTS)
def people_page() -> ResponseReturnValue:
    """List the people whose name or user name holds what is looked for."""
    words, asked = request.args.get("q", "").strip(), request.args.get("kind", "")
    kind = UserKind(asked) if asked in set(UserKind) else None
    people = people_matching(session, words, kind)
    return render_template(
        "office/people.html",
        people=people,
        words=words,
        kind=kind,
        kinds=tuple(UserKind),
        is_cut=len(people) == MOST_PEOPLE,
        attacked=attacked_accounts(session, utc_now() - THROTTLED_FOR, MOST_TRIES_OF_AN_ACCOUNT),
    )


@pages.get("/office/people/new")
@requires(Action.RUN_ACCOUNTS)
def new_person_page() -> ResponseReturnValue:
    """Show the form of a new account."""
    return render_template("office/new_person.html", form=PersonForm(), can_mail=current_settings().smtp_url)


@pages.post("/office/people/new")
@requires(Action.RUN_ACCOUNTS)
def add_person() -> ResponseReturnValue:
    """Make an account without a password, and show the invitation to it."""
    form = PersonForm()
    if not form.validate_on_submit():
        return render_template("office/new_person.html", form=form, can_mail=current_settings().smtp_url), 422
    post, now = form.post, utc_now()
    plan = UserPlan(
        username=str(form.username.data).strip(),
        display_name=str(form.name.data).strip(),
        kind=post.kind,
        password_hash="",
        region_code=post.region_code,
        branch_code=post.branch_code,
        language=str(form.language.data),
        email=form.address,
    )
    user = add_user(session, current_actor(), plan, now=now)
    return _hand_out(user)


@pages.get("/office/people/<uuid:user_id>")
@requires(Action.RUN_ACCOUNTS)
def person_page(user_id: uuid.UUID) -> ResponseReturnValue:
    """Show one account and what can be done with it."""
    return _show(user_with_id(session, user_id))


@pages.post("/office/people/<uuid:user_id>/link")
@requires(Action.RUN_ACCOUNTS)
def hand_out_link(user_id: uuid.UUID) -> ResponseReturnValue:
    """Make a one-time link and show it, this once."""
    return _hand_out(user_with_id(session, user_id))


@pages.post("/office/people/<uuid:user_id>/email")
@requires(Action.RUN_ACCOUNTS)
def change_email(user_id: uuid.UUID) -> ResponseReturnValue:
    """Write down where mails to somebody go."""
    user, form = user_with_id(session, user_id), AddressForm()
    if not form.validate_on_submit():
        return _show(user, email=form), 422
    accounts.change_email(session, current_actor(), user, form.address, now=utc_now())
    return _back(user)


@pages.post("/office/people/<uuid:user_id>/post")
@requires(Action.RUN_ACCOUNTS)
def change_post(user_id: uuid.UUID) -> ResponseReturnValue:
    """Give somebody another part or place in the bank."""
    user, form = user_with_id(session, user_id), PostForm()
    if not form.validate_on_submit():
        return _show(user, form=form), 422
    accounts.change_post(session, current_actor(), user, form.post, now=utc_now())
    return _back(user)


@pages.post("/office/people/<uuid:user_id>/deactivate")
@requires(Action.RUN_ACCOUNTS)
def deactivate(user_id: uuid.UUID) -> ResponseReturnValue:
    """Shut an account."""
    user, form = user_with_id(session, user_id), ReasonForm()
    if not form.validate_on_submit():
        return _show(user, reason=form), 422
    accounts.deactivate(session, current_actor(), user, str(form.reason.data), now=utc_now())
    return _back(user)


@pages.post("/office/people/<uuid:user_id>/reactivate")
@requires(Action.RUN_ACCOUNTS)
def reactivate(user_id: uuid.UUID) -> ResponseReturnValue:
    """Open an account again."""
    user, form = user_with_id(session, user_id), ReasonForm()
    if not form.validate_on_submit():
        return _show(user, reason=form), 422
    accounts.reactivate(session, current_actor(), user, str(form.reason.data), now=utc_now())
    return _back(user)


@pages.post("/office/people/<uuid:user_id>/end-second-step")
@requires(Action.RUN_ACCOUNTS)
def reset_second_step(user_id: uuid.UUID) -> ResponseReturnValue:
    """Ask somebody for no code any more, as for who lost the device and the spare codes."""
    user, form = user_with_id(session, user_id), ReasonForm()
    if not form.validate_on_submit():
        return _show(user, step_reason=form), 422
    second_steps.reset(session, current_actor(), user, str(form.reason.data), now=utc_now())
    return _back(user)


def _back(user: User) -> ResponseReturnValue:
    return redirect(url_for("office.person_page", user_id=user.id), code=303)


def _hand_out(user: User) -> str:
    """Make a one-time link, show it, and send it by mail too where that was asked for and is possible."""
    now = utc_now()
    link = accounts.hand_out_link(session, current_actor(), user, now=now)
    mail = (
        send_link(user, link, now=now)
        if request.form.get("by_mail") and current_settings().smtp_url
        else None
    )
    return _show(user, link=link, mail=mail)


def _show(
    user: User,
    *,
    link: HandedOut | None = None,
    mail: Mail | None = None,
    email: AddressForm | None = None,
    form: PostForm | None = None,
    reason: ReasonForm | None = None,
    step_reason: ReasonForm | None = None,
) -> str:
    """Return the page of an account, with the forms as far as they are filled in."""
    is_inspector = user.kind is UserKind.INSPECTOR
    return render_template(
        "office/person.html",
        person=user,
        is_own=user.id == current_user().id,
        is_inspector=is_inspector,
        link=None if link is None else address_of(link),
        handed_out=link,
        mail=mail,
        newest_mail=newest_mail_to(session, user.id),
        email=email or AddressForm(formdata=None, email=user.email or ""),
        can_mail=bool(user.email and current_settings().smtp_url),
        open_link=open_link_of(session, user, now=utc_now()),
        form=form or _post_form(user),
        reason=reason or ReasonForm(formdata=None),
        step_reason=step_reason or ReasonForm(formdata=None),
        has_second_step=has_second_step(session, user),
        # What was done with an inspector's account is written down without saying whose.
        events=() if is_inspector else events_of(session, "user_account", subject_of(user)),
    )


def _post_form(user: User) -> PostForm | None:
    if user.kind is UserKind.INSPECTOR:
        return None
    return PostForm(
        formdata=None,
        kind=user.kind.value,
        region=user.region.code if user.region else "",
        branch=user.branch.code if user.branch else "",
    )
