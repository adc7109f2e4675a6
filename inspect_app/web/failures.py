"""What a page says when something is refused or goes wrong: what happened, what is kept, what to do."""

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from inspect_app.db import Trouble, keep_although_refused, trouble_of
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.services.reviews import TellingWordsError
from inspect_app.services.submissions import ConflictKept
from inspect_app.web.again import fields_to_keep, show_again
from inspect_app.web.formatting import listed


def answer_failures(app: Flask) -> None:
    """Turn every refusal into a page."""
    app.register_error_handler(NotFoundError, lambda _error: show_absent())
    app.register_error_handler(404, lambda _error: show_absent())
    app.register_error_handler(ConflictKept, show_kept_conflict)
    app.register_error_handler(ConflictError, show_conflict)
    app.register_error_handler(IncompleteError, show_incomplete)
    app.register_error_handler(TellingWordsError, show_telling)
    app.register_error_handler(CSRFError, show_expired)
    app.register_error_handler(HTTPException, show_other)
    app.register_error_handler(InternalServerError, show_broken)


def show_absent() -> ResponseReturnValue:
    """Answer for what does not exist, and just so for what is not this user's."""
    return page(_("没有这一页"), _("地址可能写错了，或者这一页不归您看。"), 404)


def show_conflict(_error: ConflictError) -> ResponseReturnValue:
    """Answer for a step that the present state does not allow."""
    return page(
        _("现在做不了这一步"),
        _("情况已经变了：可能有人先做了，或者时间没到。什么也没有改动。"),
        409,
    )


def show_kept_conflict(_error: ConflictKept) -> ResponseReturnValue:
    """Answer for other answers under a number that is taken: both are kept, and people decide."""
    keep_although_refused()
    return page(
        _("这一份已经收到过"),
        _("这次送来的内容和上次不同。两份都留下了，由复核人来看。"),
        409,
    )


def show_incomplete(error: IncompleteError) -> ResponseReturnValue:
    """Answer for something that lacks a part."""
    return page(_("还差一点"), _("补上下面这些再来，已经填的都还在。"), 422, listed(error.missing))


def show_telling(error: TellingWordsError) -> ResponseReturnValue:
    """Answer for words that may not be released."""
    return page(
        _("这几句话说得出是谁来的"),
        _("里面有这次检查人自己的名字。请返回，不勾选下面这几题，再通过。"),
        422,
        listed(error.missing),
    )


def show_expired(_error: CSRFError) -> ResponseReturnValue:
    """Answer for a form that was made for another session: with what was typed, to be sent once more."""
    fields = fields_to_keep()
    if fields is not None:
        return show_again(fields, 400, is_signed_out=g.get("login") is None)
    return page(_("这一页打开得太久了"), _("请返回上一页，刷新后再提交。什么也没有改动。"), 400)


def show_other(error: HTTPException) -> ResponseReturnValue:
    """Answer for any other refusal of the request itself."""
    return page(_("这个请求没办法处理"), _("请返回上一页再试。什么也没有改动。"), error.code or 500)


def show_broken(error: InternalServerError) -> ResponseReturnValue:
    """Answer for a fault of the product's own, or of the machine that it runs on."""
    trouble = trouble_of(error.original_exception)
    if trouble is Trouble.FULL:
        return page(
            _("服务器的磁盘满了"), _("这次没有存下来，之前的都还在。请告诉总行的管理员，过后再试。"), 507
        )
    if trouble is Trouble.BUSY:
        return page(_("现在太忙了"), _("这次没有存下来，之前的都还在。请稍等一会儿再试。"), 503)
    return page(_("出了故障"), _("这次没有改动任何东西。请稍后再试；还不行就告诉总行的管理员。"), 500)


def page(title: str, sentence: str, status: int, detail: str = "") -> ResponseReturnValue:
    """Return a page that says what happened and leads back to the first page."""
    return render_template("failure.html", title=title, sentence=sentence, detail=detail), status
