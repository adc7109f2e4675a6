"""Where commands write: whole or not at all, and to what is no file too."""

import os
import stat
from pathlib import Path

import pytest

from inspect_app.cli.files import write_whole
from inspect_app.cli.speech import Refusal
from tests.inspect_app.cli.running import run


def test_what_stood_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_bytes(b"before, and longer")

    write_whole(tmp_path / "out.json", b"after")

    assert [(place.name, place.read_bytes()) for place in tmp_path.iterdir()] == [("out.json", b"after")]


def test_a_link_still_leads_to_the_file_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")

    write_whole(tmp_path / "link.json", b"content")

    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"content"


def test_others_may_read_what_they_may_usually_read(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        write_whole(tmp_path / "out.json", b"content")
    finally:
        os.umask(mask)

    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o644


def test_a_name_that_the_disk_does_not_take_is_refused_with_the_path(tmp_path: Path) -> None:
    place = tmp_path / ("x" * 300)

    with pytest.raises(Refusal) as refused:
        write_whole(place, b"content")

    assert str(place) in refused.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_takes_what_a_file_would(tmp_path: Path) -> None:
    run(tmp_path, "checklist", "generate", "--recipe", "phone", "--out", "drawn.json")

    piped = run(tmp_path, "checklist", "generate", "--recipe", "phone", "--out", "/dev/stdout")

    assert (piped.returncode, piped.stderr) == (0, "")
    assert piped.stdout == (tmp_path / "drawn.json").read_text(encoding="utf-8")
