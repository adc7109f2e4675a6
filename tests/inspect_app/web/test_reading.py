"""How exact numbers, marks, trends and file names come out on a page."""

from fractions import Fraction
from urllib.parse import unquote

import pytest
from flask import Flask

from inspect_app.queries.branch_values import Period, Third
from inspect_app.web.downloads import download
from inspect_app.web.reading import by_hand, mark_of, period, share
from inspect_app.web.sparklines import Scale, scale_of, sparkline


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(125, 2), "62.50"), (Fraction(275, 3), "91.6667"), (Fraction(0), "0.00"), (None, "–")],
)
def test_what_does_not_end_after_two_decimals_has_four(value: Fraction | None, text: str) -> None:
    assert by_hand(value) == text


@pytest.mark.parametrize(
    ("credit", "mark"),
    [(Fraction(1), "met"), (Fraction(1, 3), "part"), (Fraction(0), "miss"), (None, "out")],
)
def test_each_credit_has_its_mark(credit: Fraction | None, mark: str) -> None:
    assert mark_of(credit) == mark


def test_a_share_is_rounded_half_up() -> None:
    assert [share(Fraction(one, 200)) for one in (1, 27, 28)] == ["1%", "14%", "14%"]


@pytest.mark.parametrize(
    ("third", "words"), [(Third.EARLY, "9 月上旬"), (Third.MIDDLE, "9 月中旬"), (Third.LATE, "9 月下旬")]
)
def test_a_visits_date_is_a_third_of_a_month(reading_app: Flask, third: Third, words: str) -> None:
    with reading_app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        assert period(Period(2026, 9, third)) == words


def test_small_changes_are_not_made_to_look_big() -> None:
    assert scale_of([(8000, 8100)]) == Scale(7800, 8300)
    assert scale_of([(4000, None), (9000,)]) == Scale(4000, 9000)
    assert scale_of([]) == Scale(-250, 250)


def test_a_trend_breaks_where_a_score_is_undefined(reading_app: Flask) -> None:
    with reading_app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        drawing = sparkline((4000, None, 9000, 6500), Scale(4000, 9000))

    assert drawing.path == "M4.0 21.0 M45.3 5.0 L66.0 13.0"
    assert drawing.dot == (66.0, 13.0)
    assert drawing.words == "近 4 期：40.00、–、90.00、65.00"


def test_a_trend_that_ends_undefined_has_no_dot(reading_app: Flask) -> None:
    with reading_app.test_request_context("/"):
        assert sparkline((4000, None), Scale(4000, 9000)).dot is None


@pytest.mark.fault("X04")
def test_a_file_is_saved_under_its_chinese_name(reading_app: Flask) -> None:
    with reading_app.test_request_context("/"):
        response = reading_app.make_response(download("网点 排名.xlsx", b"bytes"))

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert unquote(response.headers["Content-Disposition"].partition("''")[2]) == "网点 排名.xlsx"
    assert (response.mimetype or "").endswith("spreadsheetml.sheet")
