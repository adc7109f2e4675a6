"""`inspect-app data import-branches` and `import-people`, as docs/howto/import.md tells to type them."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.inspect_app.bank_lists import PERSON_HEADINGS, UNIT_HEADINGS, book_of, csv_of
from tests.inspect_app.cli.running import run

PAGE = (Path(__file__).parents[3] / "docs" / "howto" / "import.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`(\w+\.csv)`:\n\n```csv\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^inspect-app (data import-.+)$", PAGE, re.MULTILINE)
NOTHING = "文件里的都已经是这样，什么也没有改动。\n"
LOOKED = "只是看看：什么也没有改动。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a fresh, migrated database and the lists of the page."""
    assert run(tmp_path, "db", "upgrade").returncode == 0
    for name, content in FILES:
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def rows_of(folder: Path, table: str) -> int:
    """Return how many rows a table has."""
    with closing(sqlite3.connect(folder / "data" / "inspect.sqlite3")) as connection:
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own names
        return int(rows)


def test_what_the_page_tells_to_type_brings_in_a_bank_and_its_people(folder: Path) -> None:
    first, really, whom, people = (command.split() for command in COMMANDS)

    looked, before = run(folder, *first), rows_of(folder, "branch")
    done, again = run(folder, *really), run(folder, *really)

    assert (looked.returncode, done.returncode, again.returncode) == (0, 0, 0), looked.stderr
    assert looked.stdout.startswith("第 2 行 新建 HO 江城银行总行\n")
    assert looked.stdout.endswith(done.stdout + LOOKED)
    assert done.stdout.startswith("新建区域 3 个、网点 2 家；")
    assert again.stdout == NOTHING
    assert (before, rows_of(folder, "branch"), rows_of(folder, "region")) == (0, 2, 3)

    looked, before = run(folder, *whom), rows_of(folder, "user_account")
    done, again = run(folder, *people), run(folder, *people)

    assert (looked.returncode, done.returncode, again.returncode) == (0, 0, 0), looked.stderr
    assert (looked.stdout.count("新建"), before, rows_of(folder, "user_account")) == (5, 0, 5)
    links = [line.split("\t") for line in done.stdout.splitlines()]
    assert [name for name, _link in links] == ["chen.jie", "he.min", "wang.qiang", "li.na", "zhou"]
    assert all(link.startswith("http://127.0.0.1:8000/account/link/") for _name, link in links)
    assert (again.stdout, again.stderr) == ("", NOTHING)
    assert run(folder, "verify").returncode == 0


def test_links_go_by_mail_where_there_is_an_address_and_are_printed_for_the_others(folder: Path) -> None:
    set_up = {
        "INSPECT_SMTP_URL": "smtp://localhost?from=i@bank.example",
        "INSPECT_PUBLIC_URL": "http://127.0.0.1",
    }
    run(folder, "data", "import-branches", "branches.csv")

    unable = run(folder, "data", "import-people", "people.csv", "--mail")
    done = run(folder, "data", "import-people", "people.csv", "--mail", environ=set_up)

    assert (unable.returncode, unable.stdout) == (1, "")
    assert "INSPECT_SMTP_URL" in unable.stderr
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["he.min", "wang.qiang", "zhou"]
    assert "寄出的链接：2 封。" in done.stderr
    assert rows_of(folder, "mail") == 2


def test_what_changes_is_shown_before_it_is_done(folder: Path) -> None:
    run(folder, "data", "import-branches", "branches.csv")
    run(folder, "data", "import-people", "people.csv")
    moved = csv_of(UNIT_HEADINGS, ("0101", "太白路支行", "网点", "R01", "基础", "太白路 2 号"))
    (folder / "moved.csv").write_bytes(moved)
    promoted = csv_of(PERSON_HEADINGS, ("li.na", "李娜", "区域经理", "R01", ""))
    (folder / "promoted.csv").write_bytes(promoted)

    branches = run(folder, "data", "import-branches", "moved.csv", "--dry-run")
    people = run(folder, "data", "import-people", "promoted.csv", "--dry-run")

    assert "第 2 行 改动 0101：上级机构代码 R011 → R01；地址 太白路 1 号 → 太白路 2 号\n" in branches.stdout
    assert "不在文件里、照旧留着的 4 个。" in branches.stdout
    told = "用户类型 网点负责人 → 区域经理；所属机构代码 0101 → R01；电子邮件 li.na@bank.example → —"
    assert f"第 2 行 改动 li.na：{told}\n" in people.stdout


IN_CHINESE = (
    "文件里有 2 处不对，什么也没有收：",
    "第 3 行 B3：没有填",
    "第 4 行 D4：没有代码为“R09”的区域",
)
IN_ENGLISH = (
    "2 things in the file are wrong, nothing was taken in:",
    "Row 3, B3: not filled in",
    "Row 4, D4: there is no region with the code “R09”",
)


@pytest.mark.parametrize(("locale", "sentences"), [("C.UTF-8", IN_CHINESE), ("en_US.UTF-8", IN_ENGLISH)])
def test_every_fault_is_told_and_nothing_is_taken_in(
    folder: Path, locale: str, sentences: tuple[str, ...]
) -> None:
    rows = (
        ("HO", "总行", "总行", "", "", ""),
        ("R01", "", "分行", "HO", "", ""),
        ("0101", "某支行", "网点", "R09", "基础", ""),
    )
    (folder / "wrong.xlsx").write_bytes(book_of(UNIT_HEADINGS, *rows))

    refused = run(folder, "data", "import-branches", "wrong.xlsx", environ={"LC_ALL": locale})

    assert (refused.returncode, refused.stdout) == (1, "")
    assert tuple(refused.stderr.splitlines()) == sentences
    assert rows_of(folder, "region") == 0


def test_what_is_no_list_and_what_is_no_file_are_refused_in_one_sentence(folder: Path) -> None:
    (folder / "letter.csv").write_text("您好\n", encoding="utf-8")

    for command in ("import-branches", "import-people"):
        letter = run(folder, "data", command, "letter.csv")
        nothing = run(folder, "data", command, "none.csv")

        assert (letter.returncode, nothing.returncode) == (1, 1)
        assert letter.stderr.startswith("letter.csv 没有读：前 10 行里找不齐表头，缺：")
        assert nothing.stderr == "没有这个文件：none.csv\n"


def test_columns_that_nobody_knows_are_named(folder: Path) -> None:
    listed = csv_of((*UNIT_HEADINGS[:5], "地扯"), ("HO", "总行", "总行", "", "", "某路"))
    (folder / "typed.csv").write_bytes(listed)

    done = run(folder, "data", "import-branches", "typed.csv")

    assert done.returncode == 0
    assert done.stderr == "没有读的列：地扯\n"
