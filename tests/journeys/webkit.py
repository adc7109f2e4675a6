"""A WebKit, the engine nearest to Safari, driven by its own driver in the words of the WebDriver protocol."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from run import SCREEN, WEBKIT
from tests.parts import miss, require

BROWSERS = "/usr/lib"
BROWSER = "*/webkit2gtk-4.*/MiniBrowser"
PATIENCE = 20.0
"""Seconds that are waited for something to be so."""

ASK = """const done = arguments[arguments.length - 1];
(async () => { %s })().then(done, (error) => done(`failed: ${error.name} ${error.message}`));"""


class WebKit:
    """One window of the browser."""

    def __init__(self, port: int) -> None:
        """Open a window through the driver that listens on a port."""
        self.port = port
        (program,) = list(Path(BROWSERS).glob(BROWSER))[:1] or miss(WEBKIT.sentence)
        options = {"binary": str(program), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.session = self._call("POST", "/session", wanted)["sessionId"]  # type: ignore[index]  # JSON

    def open(self, address: str) -> None:
        """Open a page."""
        self._call("POST", f"/session/{self.session}/url", {"url": address})

    def ask(self, script: str, *values: object) -> object:
        """Return what a script of the page returns; it may wait."""
        body = {"script": ASK % script, "args": list(values)}
        return self._call("POST", f"/session/{self.session}/execute/async", body)

    def wait_until(self, script: str) -> None:
        """Wait until a script of the page returns something true."""
        end = time.monotonic() + PATIENCE
        while not self.ask(script):
            assert time.monotonic() < end, (script, self.ask("return document.body.innerText"))
            time.sleep(0.1)

    def close(self) -> None:
        """Close the window."""
        self._call("DELETE", f"/session/{self.session}")

    def _call(self, method: str, path: str, body: object = None) -> object:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, None if body is None else json.dumps(body).encode())
        answer = json.loads(connection.getresponse().read())["value"]
        connection.close()
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer


@contextmanager
def opened() -> Iterator[WebKit]:
    """Start a screen, the driver and the browser; end them afterwards."""
    driver, screen = require(WEBKIT), require(SCREEN)
    display = f":{free_port() % 10_000 + 100}"
    port = free_port()
    # As root the browser's own sandbox cannot be made.
    environment = {**os.environ, "DISPLAY": display, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    shown = subprocess.Popen([screen, display, "-screen", "0", "800x1000x24"], **quiet)  # type: ignore[call-overload]  # two plain options
    driving = subprocess.Popen([driver, f"--port={port}"], env=environment, **quiet)  # type: ignore[call-overload]  # as above
    try:
        wait_for_port(port)
        window = WebKit(port)
        yield window
        window.close()
    finally:
        for process in (driving, shown):
            process.terminate()
            process.wait()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Wait until somebody listens on a port."""
    end = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < end, "nobody listens"
        time.sleep(0.1)
