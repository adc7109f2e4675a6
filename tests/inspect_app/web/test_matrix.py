"""Every page × every user × own, someone else's and absent: generated from the addresses themselves."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from inspect_app.db import Database, reading, transaction
from inspect_app.models.base import Base
from inspect_app.models.branch_photos import BranchPhoto
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.organisation import Branch
from inspect_app.models.people import UserKind
from inspect_app.models.visits import Visit, VisitState
from inspect_app.permissions import ALLOWED, Action
from inspect_app.photos import NormalisedPhoto
from inspect_app.services.answer_uploads import keep_upload
from inspect_app.services.branch_photos import keep_photo
from inspect_app.services.journal import Actor
from inspect_app.services.list_uploads import keep_list
from inspect_app.storage import open_store
from tests.databases import Databases
from tests.inspect_app.bank_lists import units
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank, at
from tests.inspect_app.web.background_work import add_downloads, add_mail
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.disputed_work import dispute
from tests.inspect_app.web.evidence import Evidence, add_evidence
from tests.inspect_app.web.published_bank import SUMMER, publish_two_waves

ABSENT_ID = uuid.UUID("00000000-0000-4000-8000-000000000000")
ABSENT_CODE = "NO-SUCH-CODE"
KINDS = {
    "administrator": UserKind.ADMINISTRATOR,
    "reviewer": UserKind.REVIEWER,
    "inspector": UserKind.INSPECTOR,
    "region01": UserKind.REGIONAL_MANAGER,
    "branch0101": UserKind.BRANCH_MANAGER,
}
OWN_ALONE = frozenset(
    {"region.download_page", "region.download_progress", "region.download_file", "region.cancel_download"}
)
"""Pages on which nobody sees what is somebody else's, not even head office."""

SIGNING = frozenset({"login_session", "login_failure"})
"""Tables that signing in itself writes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an address is about: one's own, someone else's (None where there is none), an absent one.

    Attributes:
        own: by user name where it is another one for each.
        rest: the other values of the address, the same in all three.
    """

    name: str
    own: object
    others: object | None
    absent: object
    rest: Mapping[str, object]

    def own_of(self, name: str) -> object:
        """Return what is somebody's own."""
        return self.own.get(name, ABSENT_ID) if isinstance(self.own, Mapping) else self.own


@dataclass(frozen=True, slots=True)
class Place:
    """The application on a bank with published waves, and the ids that its addresses need."""

    app: Flask
    database: Database
    subjects: Mapping[str, Subject]


@pytest.fixture(scope="module")
def place(
    databases: Databases, founded_bank: Bank, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """Return a bank that no test of this module changes: what is refused writes nothing."""
    bank = at(founded_bank, databases.copy_of(founded_bank.url))
    publish_two_waves(bank)
    folder = tmp_path_factory.mktemp("matrix")
    add_photos(bank, folder)
    downloads, mail_id = add_downloads(bank, folder), add_mail(bank)
    evidence = evidence_subjects(bank, add_evidence(bank, folder))
    subjects = {
        **subjects_of(bank),
        **background_subjects(downloads, mail_id),
        **evidence,
        **disputed_subjects(ids_of(bank.database), dispute(bank)),
        **upload_subjects(bank),
        **list_subjects(bank),
    }
    yield Place(app_on(bank.database, folder), bank.database, subjects)
    bank.database.writing.dispose()


def add_photos(bank: Bank, folder: Path) -> None:
    """Let two branches have a photo each."""
    store = open_store((folder / "files").absolute().as_uri())
    with transaction(bank.database) as session:
        for code in ("0101", "0201"):
            manager = bank.user(f"branch{code}")
            assert manager.branch_id is not None
            photo = NormalisedPhoto(f"photo {code}".encode(), f"small {code}".encode(), 1, 1)
            keep_photo(session, Actor.user(manager), manager.branch_id, photo, store, now=NOW)


def subjects_of(bank: Bank) -> Mapping[str, Subject]:
    """Return what each address with a variable part is about. A new page without an entry fails the build."""
    ids = ids_of(bank.database)
    visits = bank.visits
    section = bank.checklist.sections[0].code
    inspectors = Subject("visit_id", visits["0101"], visits["0201"], ABSENT_ID, {})
    offices = Subject("visit_id", visits["0101"], None, ABSENT_ID, {})
    waves = Subject("code", "2026Q3", None, ABSENT_CODE, {})
    rankings = Subject("wave_code", SUMMER.code, None, ABSENT_CODE, {})
    branches = Subject("branch_code", "0101", "0201", ABSENT_CODE, {"wave_code": SUMMER.code})
    own_results = Subject("wave_code", SUMMER.code, None, ABSENT_CODE, {})
    deficiencies = Subject("deficiency_id", ids["0101"], ids["0201"], ABSENT_ID, {})
    screen = Subject("visit_id", visits["0101"], visits["0201"], ABSENT_ID, {"code": section})
    people = Subject("user_id", bank.user("reviewer2").id, None, ABSENT_ID, {})
    recipes = Subject("name", "mystery", None, ABSENT_CODE, {})
    return {
        "inspector.visit_page": inspectors,
        "inspector.card_page": inspectors,
        "inspector.bundle": inspectors,
        "inspector.stop_page": inspectors,
        "inspector.stop": inspectors,
        "inspector.screen_page": screen,
        "inspector.save_screen": screen,
        "inspector.undo": inspectors,
        "inspector.list_page": inspectors,
        "inspector.check_page": inspectors,
        "inspector.send": inspectors,
        "inspector.receipt_page": inspectors,
        "region.ranking_page": rankings,
        "region.download_ranking": rankings,
        "region.branch_page": branches,
        "branch.result_page": own_results,
        "branch.report_page": own_results,
        "branch.deficiency_page": deficiencies,
        "office.recipe_page": recipes,
        "office.recipe_paper": recipes,
        "office.review_page": Subject("visit_id", ids["reviewed"], None, ABSENT_ID, {}),
        "office.begin_review": offices,
        "office.approve": offices,
        "office.return_to_inspector": offices,
        "office.set_aside": offices,
        "office.visits_page": waves,
        "office.visit_page": offices,
        "office.assign_visit": offices,
        "office.cancel_visit": offices,
        "office.void_visit": offices,
        "office.take_in_visit": offices,
        "office.correction_page": offices,
        "office.preview_correction": offices,
        "office.correct_visit": offices,
        "office.wave_page": waves,
        "office.open_wave": waves,
        "office.close_page": waves,
        "office.close_wave": waves,
        "office.disclose_wave": waves,
        "office.publish_wave": waves,
        "office.person_page": people,
        "office.hand_out_link": people,
        "office.change_post": people,
        "office.change_email": people,
        "office.deactivate": people,
        "office.reactivate": people,
        "office.reset_second_step": people,
    }


def disputed_subjects(
    found: Mapping[str, uuid.UUID], disputed: Mapping[str, uuid.UUID]
) -> Mapping[str, Subject]:
    """Return what the addresses of answers, appeals and the calendar are about."""
    answers = Subject("deficiency_id", found["0101"], found["0201"], ABSENT_ID, {})
    photos = Subject("photo_id", found["photo 0101"], found["photo 0201"], ABSENT_ID, {})
    appeals = Subject("appeal_id", disputed["appeal 0101"], disputed["appeal 0201"], ABSENT_ID, {})
    visits = Subject("visit_id", disputed["disputed 0101"], disputed["disputed 0201"], ABSENT_ID, {})
    decided = Subject("appeal_id", disputed["appeal 0101"], None, ABSENT_ID, {})
    days = Subject("day", "2026-10-08", None, "2026-02-30", {})
    return {
        "branch.answer": answers,
        "branch.photo": photos,
        "branch.appeal_page": appeals,
        "branch.withdraw_appeal": appeals,
        "branch.new_appeal_page": visits,
        "branch.file_appeal": visits,
        "region.answer_page": answers,
        "region.decide_answer": answers,
        "region.photo": photos,
        "office.branch_photo": Subject("photo_id", found["photo 0101"], None, ABSENT_ID, {}),
        "office.appeal_page": decided,
        "office.preview_decision": decided,
        "office.decide_appeal": decided,
        "office.reopen_appeal": decided,
        "office.day_page": days,
        "office.change_day": days,
    }


def upload_subjects(bank: Bank) -> Mapping[str, Subject]:
    """Let people hand in workbooks with answers; return what the addresses of these are about."""
    names = ("branch0101", "branch0201", "region01", "region02")
    with transaction(bank.database) as session:
        uploads = {name: keep_upload(session, bank.user(name), "整改.xlsx", (), now=NOW).id for name in names}
    branch = Subject("upload_id", uploads["branch0101"], uploads["branch0201"], ABSENT_ID, {})
    region = Subject("upload_id", uploads["region01"], uploads["region02"], ABSENT_ID, {})
    return {
        "branch.upload_page": branch,
        "branch.take_in_answers": branch,
        "region.upload_page": region,
        "region.take_in_answers": region,
    }


def list_subjects(bank: Bank) -> Mapping[str, Subject]:
    """Let an administrator hand in a list; return what the addresses of lists are about."""
    with transaction(bank.database) as session:
        administrator = bank.user("administrator")
        upload = keep_list(session, administrator, "机构.csv", units(), "d" * 64, now=NOW).id
    kinds, uploads = (
        Subject("kind", "branches", None, ABSENT_CODE, {}),
        Subject("upload_id", upload, None, ABSENT_ID, {}),
    )
    return {
        "office.list_template": kinds,
        "office.hand_in_list": kinds,
        "office.list_upload_page": uploads,
        "office.take_in_list": uploads,
    }


def background_subjects(downloads: Mapping[str, uuid.UUID], mail_id: uuid.UUID) -> Mapping[str, Subject]:
    """Return what the addresses of background work are about."""
    own = {name: job_id for name, job_id in downloads.items() if name in KINDS}
    download = Subject("job_id", own, downloads["region02"], ABSENT_ID, {})
    ranking = Subject("wave_code", SUMMER.code, None, ABSENT_CODE, {})
    job = Subject("job_id", downloads["region02"], None, ABSENT_ID, {})
    mail = Subject("mail_id", mail_id, None, ABSENT_ID, {})
    return {
        **dict.fromkeys(OWN_ALONE, download),
        "region.new_download_page": ranking,
        "region.ask_download": ranking,
        "office.cancel_job": job,
        "office.retry_job": job,
        "office.cancel_mail": mail,
        "office.retry_mail": mail,
    }


def evidence_subjects(bank: Bank, added: Evidence) -> Mapping[str, Subject]:
    """Return what the addresses of photos, recordings and phones are about."""
    visits, inspector = bank.visits, bank.user("inspector").id
    visit_id, inspection_id = added.recorded
    item = bank.checklist.sections[0].items[0].code
    own = Subject("visit_id", visits["0101"], visits["0201"], ABSENT_ID, {"item": item})
    copies = Subject("copy_id", added.copies["0101"], added.copies["0201"], ABSENT_ID, {})
    photos = Subject("photo_id", added.original, None, ABSENT_ID, {})
    phones = Subject("user_id", inspector, None, ABSENT_ID, {})
    under_way, of_visit = added.under_way, {"visit_id": visits["0101"]}
    return {
        "branch.visit_photo": copies,
        "region.visit_photo": copies,
        **dict.fromkeys(("inspector.photos_page", "inspector.add_photos", "inspector.remove_photo"), own),
        "inspector.own_photo": Subject("photo_id", under_way["0101"], under_way["0201"], ABSENT_ID, of_visit),
        "office.photo_page": photos,
        "office.original_photo": photos,
        "office.photo_copy": photos,
        "office.release_photo": photos,
        "office.withdraw_photo": photos,
        "office.records_page": Subject("visit_id", visit_id, None, ABSENT_ID, {}),
        "office.count_record": Subject(
            "inspection_id", inspection_id, None, ABSENT_ID, {"visit_id": ABSENT_ID}
        ),
        "office.leave_aside": Subject("submission_id", ABSENT_ID, None, ABSENT_ID, {}),
        "office.phones_page": phones,
        "office.hand_out_entry": phones,
        "office.take_back_entry": phones,
        "office.end_phone": Subject("phone_id", added.phone, None, ABSENT_ID, {"user_id": inspector}),
    }


def ids_of(database: Database) -> Mapping[str, uuid.UUID]:
    """Return a deficiency and a photo by branch code, and as `reviewed` a visit that was reviewed."""
    with reading(database) as session:
        found = session.execute(select(Visit, Deficiency).join(Deficiency, Deficiency.visit_id == Visit.id))
        ids = {visit.target.branch_code: deficiency.id for visit, deficiency in found}
        published = session.scalars(select(Visit).where(Visit.state == VisitState.PUBLISHED)).first()
        assert published is not None
        photos = session.execute(
            select(Branch.code, BranchPhoto.id).join(Branch, Branch.id == BranchPhoto.branch_id)
        )
        return {**ids, **{f"photo {code}": photo for code, photo in photos}, "reviewed": published.id}


def guarded(app: Flask) -> Iterator[tuple[Rule, str, Action]]:
    """Yield every address that needs somebody to be signed in, with each of its methods."""
    for rule in app.url_map.iter_rules():
        action = app.view_functions[rule.endpoint].action  # type: ignore[union-attr]  # set by @requires
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if action is not None:
                yield rule, method, action


def path_of(app: Flask, rule: Rule, values: Mapping[str, object]) -> str:
    """Return an address with its variable parts filled in."""
    with app.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None, (rule, values)
    return built[1]


def paths(place: Place, rule: Rule, name: str = "administrator") -> Mapping[str, str]:
    """Return the addresses of one's own, of someone else's and of what does not exist."""
    if not rule.arguments:
        return {"own": path_of(place.app, rule, {})}
    subject = place.subjects[rule.endpoint]
    wanted = {"own": subject.own_of(name), "others": subject.others, "absent": subject.absent}
    return {
        whose: path_of(place.app, rule, {**subject.rest, subject.name: value})
        for whose, value in wanted.items()
        if value is not None
    }


def signed_in(place: Place, name: str) -> Browser:
    """Return the browser of a signed-in user with a token for forms."""
    browser = Browser(place.app)
    assert browser.sign_in(name, PASSWORD).status_code == 303
    assert browser.get("/handbook").status_code == 200
    return browser


def content(database: Database) -> str:
    """Return the digest of every row that a page may write, to see that nothing was."""
    digest = hashlib.sha256()
    with database.reading.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in SIGNING:
                rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                digest.update(f"{table.name}{rows}".encode())
    return digest.hexdigest()


@pytest.mark.fault("A01")
def test_every_address_with_a_variable_part_says_what_it_is_about(place: Place) -> None:
    variable = {rule.endpoint for rule, _method, _action in guarded(place.app) if rule.arguments}

    assert variable == set(place.subjects)


@pytest.mark.fault("A01")
def test_a_visitor_is_sent_to_sign_in_whatever_exists(place: Place) -> None:
    before = content(place.database)
    browser = Browser(place.app)
    browser.get("/login")
    for rule, method, _action in guarded(place.app):
        for path in paths(place, rule).values():
            response = browser.get(path) if method == "GET" else browser.post(path)
            assert (path, response.status_code, response.headers.get("Location")) == (path, 303, "/login")

    assert content(place.database) == before


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.fault("A01")
def test_what_a_kind_of_user_may_not_do_does_not_exist_for_them(place: Place, name: str) -> None:
    browser = signed_in(place, name)
    absent = browser.get("/nothing-here")
    before = content(place.database)
    for rule, method, action in guarded(place.app):
        if KINDS[name] in ALLOWED[action]:
            continue
        for path in paths(place, rule, name).values():
            response = browser.get(path) if method == "GET" else browser.post(path)
            assert (path, response.status_code, response.text) == (path, 404, absent.text)

    assert content(place.database) == before


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.fault("A01")
def test_what_is_not_mine_looks_exactly_like_what_does_not_exist(place: Place, name: str) -> None:
    browser = signed_in(place, name)
    missing = browser.get("/nothing-here")
    before = content(place.database)
    for rule, method, action in guarded(place.app):
        if KINDS[name] not in ALLOWED[action] or not rule.arguments:
            continue
        for whose, path in paths(place, rule, name).items():
            if whose == "own" or (whose == "others" and sees_all(name, rule)):
                continue
            response = browser.get(path) if method == "GET" else browser.post(path)
            assert (whose, path, response.status_code) == (whose, path, 404)
            assert response.text == missing.text
            assert sorted(response.headers.keys()) == sorted(missing.headers.keys())

    assert content(place.database) == before


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.fault("A01")
def test_what_is_mine_opens(place: Place, name: str) -> None:
    browser = signed_in(place, name)
    opened = 0
    for rule, method, action in guarded(place.app):
        if method == "GET" and KINDS[name] in ALLOWED[action]:
            path = paths(place, rule, name)["own"]
            response = browser.get(path)
            response.close()
            assert response.status_code in (200, 302, 303, 409), path
            opened += 1

    assert opened


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.fault("A04")
def test_other_spellings_of_an_address_open_nothing_more(place: Place, name: str) -> None:
    browser = signed_in(place, name)
    for rule, method, action in guarded(place.app):
        if method != "GET" or KINDS[name] in ALLOWED[action]:
            continue
        path = paths(place, rule, name)["own"]
        for spelling in (path + "/", path.upper(), quote(path, safe=""), path.replace("/", "//", 1)):
            assert browser.get(spelling).status_code in (303, 308, 404), spelling
        for other in ("put", "delete", "patch"):
            assert getattr(browser.client, other)(path).status_code in (400, 404, 405), path


def sees_all(name: str, rule: Rule) -> bool:
    """Say whether this user's own rows are everybody's rows on this page."""
    if rule.endpoint in OWN_ALONE:
        return False
    return name in ("administrator", "reviewer") and not rule.endpoint.startswith("inspector.")
