"""Where a server listens: held against what the machine allows before anything is prepared."""

import socket
from dataclasses import dataclass

from inspect_app.cli.speech import Refusal
from inspect_app.labels.catalogues import msgid as _

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - recognised here, so that a link names this machine instead


@dataclass(frozen=True, slots=True)
class Address:
    """A host, by name or number, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return it as servers and links write it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The link that opens it on this machine."""
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"http://{Address(host, self.port)}/"

    def hold(self) -> None:
        """Make sure that nothing else listens here.

        Raises:
            Refusal: the port is taken, or this machine has no such address.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.host, self.port))
            except OSError as error:
                sentence = _("不能在 %(address)s 上提供服务：%(reason)s。请用 --port 换一个端口。")
                raise Refusal(sentence, address=self, reason=error.strerror or error) from error
