"""The handbook, for everybody."""

import pytest

from checklists.edition_loading import shipped_edition
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.conftest import SignIn


@pytest.mark.parametrize("username", ["administrator", "reviewer", "inspector", "region01", "branch0101"])
def test_everybody_who_is_signed_in_reads_the_handbook(sign_in: SignIn, username: str) -> None:
    page = sign_in(username).get("/handbook")

    assert page.status_code == 200
    for _flow, situation in shipped_edition().situations():
        assert f'id="s{situation.number}"' in page.text
        assert all(f'id="{clause.code}"' in page.text for clause in situation.clauses)


def test_a_standard_says_where_it_comes_from(reviewer: Browser) -> None:
    page = reviewer.get("/handbook").text
    taken, derived = (page.partition(f'id="s{number}"')[2].partition("</h3>")[0] for number in (6, 16))

    assert "源自手册" in taken
    assert "推定" in derived


def test_a_visitor_is_sent_to_sign_in(reviewer: Browser) -> None:
    reviewer.post("/logout")

    assert reviewer.get("/handbook").headers["Location"] == "/login"
