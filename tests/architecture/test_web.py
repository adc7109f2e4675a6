"""A page loads, does and answers: it neither asks nor changes the database by itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.places import ROOT, modules

STATEMENTS = {"select", "insert", "update", "delete", "text", "func"}
WEB = [module for module in modules() if module.is_relative_to("inspect_app/web")]


@pytest.mark.parametrize("module", WEB, ids=Path.as_posix)
@pytest.mark.fault("A05")
def test_a_page_calls_nothing_on_the_database_session(module: Path) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))

    assert list(uses_of_session(tree)) == []


@pytest.mark.parametrize("module", WEB, ids=Path.as_posix)
def test_a_page_writes_no_statement(module: Path) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))

    assert list(imported_statements(tree)) == []


@pytest.mark.fault("A05")
def test_the_guard_sees_a_call_on_the_session_under_any_name() -> None:
    plain = ast.parse("from inspect_app.db import session\nsession.get(User, 1)")
    renamed = ast.parse("from inspect_app.db import session as rows\nrows.flush()")
    through_module = ast.parse("from inspect_app import db\ndb.session.flush()")
    passed_on = ast.parse("from inspect_app.db import session\nload(session, 1)")

    assert list(uses_of_session(plain)) == ["line 2: session.get"]
    assert list(uses_of_session(renamed)) == ["line 2: rows.flush"]
    assert list(uses_of_session(through_module)) == ["line 2: db.session.flush"]
    assert list(uses_of_session(passed_on)) == []


def uses_of_session(tree: ast.Module) -> Iterator[str]:
    """Yield each place that reaches into the request's session instead of passing it on."""
    names = {"db.session", *names_of_session(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in names:
            yield f"line {node.lineno}: {ast.unparse(node)}"


def names_of_session(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module gives to the request's session, or to a session it is handed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "inspect_app.db":
            yield from (name.asname or name.name for name in node.names if name.name == "session")
        if isinstance(node, ast.arg) and node.annotation and ast.unparse(node.annotation) == "Session":
            yield node.arg


def imported_statements(tree: ast.Module) -> Iterator[str]:
    """Yield each word of SQL that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy":
            yield from (name.name for name in node.names if name.name in STATEMENTS)
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] == "sqlalchemy")
