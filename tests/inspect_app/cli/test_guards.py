"""What `inspect-app serve` refuses to start with, each said in one sentence before anybody can sign in."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from inspect_app import filesystems
from inspect_app.filesystems import file_system_of, is_shared
from tests.inspect_app.cli.running import free_port, run, serving, surroundings

pytestmark = pytest.mark.fault("D02")

NETWORK = (
    "22 27 0:21 / / rw,relatime - ext4 /dev/vda rw\n30 22 0:40 / {place} rw shared:1 - {kind} server:/x rw\n"
)

WITH_OTHER_MOUNTS = """
import sys
from pathlib import Path
from inspect_app import filesystems
from inspect_app.cli import main
filesystems.MOUNTS = Path(sys.argv.pop(1))
main()
"""
"""The real command on a machine whose table of mounts is a file of the test."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a migrated database."""
    run(tmp_path, "db", "upgrade")
    return tmp_path


def mounted(folder: Path, kind: str) -> Path:
    """Return a table of mounts in which the data folder is a disk of some kind."""
    table = folder / "mounts"
    table.write_text(NETWORK.format(place=(folder / "data").resolve(), kind=kind), encoding="utf-8")
    return table


def run_on_disk(
    folder: Path, kind: str, *arguments: str, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the command where the data folder lies on a disk of some kind."""
    return subprocess.run(
        [sys.executable, "-c", WITH_OTHER_MOUNTS, str(mounted(folder, kind)), *arguments],
        cwd=folder,
        env=surroundings() | dict(environ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def refused(finished: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence with which a command refused, having said nothing else."""
    assert (finished.returncode, finished.stdout) == (1, "")
    (sentence,) = finished.stderr.splitlines()
    return sentence


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "virtiofs", "fuse.sshfs"])
def test_a_database_on_a_network_disk_is_refused_with_what_to_do(folder: Path, kind: str) -> None:
    sentence = refused(run_on_disk(folder, kind, "serve", environ={}))

    assert sentence.startswith(f"数据库在 {kind} 上，SQLite 在网络盘上不可靠")
    assert "INSPECT_NETWORK_DISK=accept" in sentence


def test_a_network_disk_that_is_accepted_is_used_without_the_write_ahead_log(folder: Path) -> None:
    accepted = {"INSPECT_NETWORK_DISK": "accept"}

    finished = run_on_disk(folder, "nfs4", "db", "upgrade", environ=accepted)

    assert "journal TRUNCATE" in finished.stdout
    assert not (folder / "data" / "inspect.sqlite3-wal").exists()


def test_of_the_disks_under_a_folder_the_one_mounted_last_and_deepest_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mounts"
    table.write_text(
        "1 0 0:1 / / rw - ext4 a rw\n"
        "2 1 0:2 / /srv rw shared:7 master:1 - nfs4 b rw\n"
        "3 1 0:3 / /srv/in\\040spect rw - xfs c rw\n"
        "4 1 0:4 / /srv/in\\040spect rw - cifs d rw\n"
    )
    monkeypatch.setattr(filesystems, "MOUNTS", table)

    places = ("/home/x", "/srv", "/srvx", "/srv/other/file", "/srv/in spect/file")
    assert [file_system_of(Path(place)) for place in places] == ["ext4", "nfs4", "ext4", "nfs4", "cifs"]


def test_local_disks_and_what_nobody_can_tell_are_not_taken_for_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filesystems, "MOUNTS", tmp_path / "absent")

    kinds = ("ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "apfs", None)
    assert [kind for kind in kinds if is_shared(kind)] == []
    assert file_system_of(tmp_path) is None


def test_more_than_one_process_on_an_embedded_database_is_refused(folder: Path) -> None:
    sentence = refused(run(folder, "serve", "--workers", "2"))

    assert sentence == "SQLite 只能由一个进程提供服务，请去掉 --workers，或改用 PostgreSQL。"


@pytest.mark.parametrize("flag", ["1", "true"])
def test_debugging_is_refused(folder: Path, flag: str) -> None:
    assert refused(run(folder, "serve", environ={"FLASK_DEBUG": flag})).startswith("FLASK_DEBUG 打开着")


def test_reading_workbooks_without_protection_is_refused(folder: Path) -> None:
    sentence = refused(run(folder, "serve", environ={"OPENPYXL_DEFUSEDXML": "False"}))

    assert sentence.startswith("OPENPYXL_DEFUSEDXML 关掉了工作簿防护")


@pytest.mark.parametrize(
    ("secret", "says"),
    [("changeme", "is too short"), ("x" * 40, "can be guessed"), ("secret" * 8, "can be guessed")],
)
def test_a_secret_that_can_be_guessed_is_refused(folder: Path, secret: str, says: str) -> None:
    sentence = refused(run(folder, "serve", environ={"INSPECT_SECRET_KEY": secret}))

    assert f"INSPECT_SECRET_KEY {says}" in sentence


def test_a_secret_of_which_only_a_part_was_kept_is_refused(folder: Path) -> None:
    (folder / "data" / "secret.key").write_text("")

    assert "secret.key is too short" in refused(run(folder, "serve"))


@pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
def test_a_secret_that_others_can_read_is_refused(folder: Path) -> None:
    (folder / "data" / "secret.key").chmod(0o644)

    sentence = refused(run(folder, "serve"))

    assert sentence.endswith(f"请运行 chmod 600 {folder / 'data' / 'secret.key'}。")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no other user to become")
def test_a_folder_that_cannot_be_written_is_refused(folder: Path) -> None:
    database = f"sqlite:///{folder / 'data' / 'inspect.sqlite3'}"
    environ = {"INSPECT_DATA_DIR": "/proc/self", "INSPECT_DATABASE_URL": database}
    environ["INSPECT_SECRET_KEY"] = "abcdefghijklmnopqrstuvwxyz0123456789"

    assert refused(run(folder, "serve", environ=environ)).startswith("写不了数据文件夹 /proc/self：")


def test_the_demonstration_says_the_same_lines(folder: Path, prepared_demo: Path) -> None:
    with serving(folder, "demo", "--data", str(prepared_demo), "--port", str(free_port())) as (_, lines):
        subjects = [line.split("：")[0] for line in lines]

    for guard in ("数据库", "进程", "数据文件夹", "工作簿防护", "调试", "密钥", "后台任务", "邮件"):
        assert guard in subjects
