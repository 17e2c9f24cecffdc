"""The whole bot as a process of its own, as its operator starts it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Running:
    """A started `needtoknow run`; its log is in `log`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, port: int) -> None:
        self.process = process
        self.log = log
        self.url = f"http://127.0.0.1:{port}"

    def answers(self) -> bool:
        """Whether /health says that all is well."""
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(json.load(answer)["telegram"] == "connected")
        except (urllib.error.URLError, OSError):
            return False

    def wait_ready(self, patience: float = 30) -> None:
        """Until it answers and talks to Telegram; fails with its log when it does not come up."""
        ends = time.monotonic() + patience
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < ends, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self, patience: float = 10) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def start(directory: Path, settings: Mapping[str, str], *, port: int | None = None) -> Running:
    """Starts the bot in `directory` (its data goes there) with the given NTK_ settings."""
    port = port or free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NTK_")}
    environment = {
        **inherited,
        "NTK_CONFIG_DIR": str(ROOT / "config"),
        "NTK_SERVER__PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    log = directory / "bot.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=directory,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return Running(process, log, port)


@contextlib.contextmanager
def running(directory: Path, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A bot that is up, and is stopped at the end."""
    bot = start(directory, settings or {})
    try:
        bot.wait_ready()
        yield bot
    finally:
        if bot.process.poll() is None:
            bot.stop()
