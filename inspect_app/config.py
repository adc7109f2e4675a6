"""Settings: frozen, read once from `INSPECT_*`, each documented; unknown or malformed ones stop the start."""

import difflib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inspect_app.mail_server import MailServerError, read_mail_server

PREFIX = "INSPECT_"
KNOWN = (
    "INSPECT_DATABASE_URL",
    "INSPECT_DATA_DIR",
    "INSPECT_SECRET_KEY",
    "INSPECT_STORAGE_URL",
    "INSPECT_QUEUE_URL",
    "INSPECT_PUBLIC_URL",
    "INSPECT_TRUSTED_PROXIES",
    "INSPECT_SMTP_URL",
    "INSPECT_KEEP_ORIGINALS_DAYS",
    "INSPECT_KEEP_DRAFTS_DAYS",
    "INSPECT_KEEP_TRACES_DAYS",
    "INSPECT_KEEP_MAILS_DAYS",
    "INSPECT_KEEP_DOWNLOADS_DAYS",
    "INSPECT_TIMEZONE",
    "INSPECT_NETWORK_DISK",
    "INSPECT_OFFLINE",
    "INSPECT_LOG",
    "INSPECT_LOG_LEVEL",
    "INSPECT_METRICS_TOKEN",
)
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
"""With what the address of a database may begin."""

QUEUES = ("postgresql", "postgresql+psycopg", "redis", "rediss")
"""With what the address of a queue may begin, besides `embedded`."""

SECRET_FILE = "secret.key"  # noqa: S105 - where the secret is kept, not the secret
LOGS = ("json", "text")
LOG_LEVELS = ("info", "warning", "error")
SHORTEST_SECRET = 32
FEWEST_SIGNS = 8
"""A secret of fewer different characters was typed, not drawn."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many days each kind of personal trace is kept, at least 1; the journal is kept for ever.

    Attributes:
        originals: photos as they were taken, of those that were not released.
        drafts: answers that were never sent, once their wave is closed.
        traces: device, place and exact times of a visit, once its wave is published.
        mails: mails that were sent or given up.
        downloads: files that were made to be fetched.
    """

    originals: int = 180
    drafts: int = 180
    traces: int = 365
    mails: int = 90
    downloads: int = 7


class SettingsError(Exception):
    """A setting is unknown or malformed; the message says which, where and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the product is told from outside.

    Attributes:
        data_dir: folder for the embedded database, the secret key and stored files.
        database_url: SQLAlchemy address; SQLite in `data_dir` by default.
        secret_key: signs receipts and visitor cookies; made and kept in `data_dir` by default.
        storage_url: where photos are kept; a folder by default.
        queue_url: what tells workers of background work; None where the serving process does it itself.
        public_url: the address users type; https makes cookies Secure.
        trusted_proxies: how many reverse proxies stand in front, exactly.
        smtp_url: where mail goes out, as `mail_server.py` reads it; None sends none.
        keeping: how long personal traces are kept.
        timezone: the zone of business days and of every printed time.
        accepts_network_disk: the embedded database may lie on a shared disk, at the operator's own risk.
        log: how the log is written: `json`, `text`, or None for text on a terminal and JSON elsewhere.
        log_level: from which level on lines are written.
        metrics_token: with what a monitor on another machine may fetch figures; None lets none.
        offline: inspectors' phones keep their visits and open without a network; off takes the worker away.
        demo: the demonstration is being served: its entry page and one-click sign-in are open.
    """

    data_dir: Path
    database_url: str
    secret_key: str
    storage_url: str
    queue_url: str | None = None
    public_url: str | None = None
    trusted_proxies: int = 0
    smtp_url: str | None = None
    keeping: Keeping = Keeping()
    timezone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    accepts_network_disk: bool = False
    log: str | None = None
    log_level: str = "info"
    metrics_token: str | None = None
    offline: bool = True
    demo: bool = False

    @property
    def downloads_url(self) -> str:
        """Where files made in the background are kept: beside the photos, apart from them."""
        return f"{self.storage_url.rstrip('/')}/downloads"

    @property
    def is_secure(self) -> bool:
        """Users reach the product over https only."""
        return urlsplit(self.public_url or "").scheme == "https"


def read_settings(environ: Mapping[str, str], default_data_dir: Path = Path("data")) -> Settings:
    """Return the settings found in `environ`; a fresh secret is kept in the data folder.

    Raises:
        SettingsError: a setting is unknown or malformed.
    """
    refuse_unknown(environ)
    data_dir = Path(environ.get("INSPECT_DATA_DIR", default_data_dir))
    database_url = _database_url(environ, data_dir)
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        secret_key=_secret(environ, data_dir, database_url),
        storage_url=environ.get("INSPECT_STORAGE_URL", (data_dir / "files").absolute().as_uri()),
        queue_url=_queue_url(environ),
        public_url=_public_url(environ),
        trusted_proxies=_whole_number(environ, "INSPECT_TRUSTED_PROXIES", default=0, least=0),
        smtp_url=_smtp_url(environ),
        keeping=_keeping(environ),
        timezone=_timezone(environ),
        accepts_network_disk=_accepts_network_disk(environ),
        offline=_is_on(environ, "INSPECT_OFFLINE"),
        log=_one_of(environ, "INSPECT_LOG", LOGS),
        log_level=_one_of(environ, "INSPECT_LOG_LEVEL", LOG_LEVELS) or "info",
        metrics_token=_metrics_token(environ),
    )


def refuse_unknown(environ: Mapping[str, str]) -> None:
    """Raise where `environ` holds a setting that does not exist, naming the nearest that does."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            hint = f" Did you mean {near[0]}?" if near else f" Known settings: {', '.join(KNOWN)}."
            raise SettingsError(f"Unknown setting {name}.{hint}")


def _whole_number(environ: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = environ.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise SettingsError(f"{name} is {text!r}; it must be a whole number of at least {least}.")
    return int(text)


def _keeping(environ: Mapping[str, str]) -> Keeping:
    usual = Keeping()
    return Keeping(
        **{
            kind.name: _whole_number(
                environ, f"INSPECT_KEEP_{kind.name.upper()}_DAYS", default=getattr(usual, kind.name), least=1
            )
            for kind in fields(usual)
        }
    )


def _one_of(environ: Mapping[str, str], name: str, known: tuple[str, ...]) -> str | None:
    chosen = environ.get(name)
    if chosen is not None and chosen not in known:
        raise SettingsError(f"{name} is {chosen!r}; it must be {' or '.join(known)}.")
    return chosen


def _metrics_token(environ: Mapping[str, str]) -> str | None:
    token = environ.get("INSPECT_METRICS_TOKEN")
    return None if token is None else _strong(token, "INSPECT_METRICS_TOKEN")


def _timezone(environ: Mapping[str, str]) -> ZoneInfo:
    name = environ.get("INSPECT_TIMEZONE", "Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            f"INSPECT_TIMEZONE is {name!r}; it must be a zone such as Asia/Shanghai."
        ) from error


def _accepts_network_disk(environ: Mapping[str, str]) -> bool:
    answer = environ.get("INSPECT_NETWORK_DISK", "refuse")
    if answer not in ("refuse", "accept"):
        raise SettingsError(f"INSPECT_NETWORK_DISK is {answer!r}; it must be refuse or accept.")
    return answer == "accept"


def _is_on(environ: Mapping[str, str], name: str) -> bool:
    answer = environ.get(name, "on")
    if answer not in ("on", "off"):
        raise SettingsError(f"{name} is {answer!r}; it must be on or off.")
    return answer == "on"


def _database_url(environ: Mapping[str, str], data_dir: Path) -> str:
    url = environ.get("INSPECT_DATABASE_URL", f"sqlite:///{data_dir / 'inspect.sqlite3'}")
    kind = url.partition(":")[0]
    if kind not in DATABASES:
        raise SettingsError(
            f"INSPECT_DATABASE_URL begins with {kind!r}; it must begin with sqlite:/// or postgresql://."
        )
    return url


def _queue_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("INSPECT_QUEUE_URL", "embedded")
    if url == "embedded":
        return None
    parts = urlsplit(url)
    if parts.scheme not in QUEUES or not parts.netloc + parts.query:
        raise SettingsError(
            f"INSPECT_QUEUE_URL begins with {parts.scheme or url!r}; "
            "it must be embedded, or begin with postgresql:// or redis://."
        )
    return url


def _smtp_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("INSPECT_SMTP_URL")
    if url is None:
        return None
    try:
        read_mail_server(url)
    except MailServerError as error:
        raise SettingsError(f"INSPECT_SMTP_URL: {error}") from error
    return url


def _public_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("INSPECT_PUBLIC_URL")
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"INSPECT_PUBLIC_URL is {url!r}; it must begin with https:// and name a host.")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise SettingsError("INSPECT_PUBLIC_URL: plain http is for this machine only; use https.")
    return url.rstrip("/")


def _secret(environ: Mapping[str, str], data_dir: Path, database_url: str) -> str:
    given = environ.get("INSPECT_SECRET_KEY")
    if given is not None:
        return _strong(given, "INSPECT_SECRET_KEY")
    if not database_url.startswith("sqlite"):
        raise SettingsError(
            "INSPECT_SECRET_KEY is missing; several servers must share one of 32 characters or more."
        )
    return _strong(kept_secret(data_dir), str(data_dir / SECRET_FILE))


def kept_secret(data_dir: Path) -> str:
    """Return the secret kept in the data folder, making it at the first start."""
    place = data_dir / SECRET_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        _keep(place, secrets.token_urlsafe(48))
    return place.read_text(encoding="ascii")


def _keep(place: Path, secret: str) -> None:
    """Write a secret down whole or not at all: half of one would be taken for it at the next start."""
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    beside.touch(mode=0o600)
    beside.write_text(secret, encoding="ascii")
    beside.replace(place)


def _strong(secret: str, where: str) -> str:
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"{where} is too short; give at least {SHORTEST_SECRET} characters.")
    if len(set(secret)) < FEWEST_SIGNS:
        raise SettingsError(
            f"{where} can be guessed; let a program draw it, such as `openssl rand -base64 48`."
        )
    return secret
