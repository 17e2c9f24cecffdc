"""A server on loopback that speaks the OpenAI API as far as chat completions, and answers what a test wants."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What is sent: a status and bytes, after a pause, piece by piece."""

    body: bytes
    status: int = 200
    pause_seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    pieces: int = 1


def says(text: str) -> Answer:
    """An ordinary answer of a model."""
    message = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return Answer(json.dumps({"id": "1", "object": "chat.completion", "choices": [message]}).encode())


@dataclass
class OpenAIServer:
    """Answers in order, the last one again and again; `asked` are the requests' bodies, `headers` theirs."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[dict] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def told(self, number: int) -> str:
        """All that a request's messages say."""
        return "\n".join(message["content"] for message in self.asked[number]["messages"])


@contextlib.contextmanager
def running(*answers: Answer) -> Iterator[OpenAIServer]:
    """The server, while it is needed."""
    state = OpenAIServer(answers=list(answers))
    lock = threading.Lock()
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with lock:
                state.at_once += 1
                state.most_at_once = max(state.most_at_once, state.at_once)
                state.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                state.headers.append(dict(self.headers))
                state.paths.append(self.path)
                answer = state.answers[min(len(state.asked), len(state.answers)) - 1]
            with contextlib.suppress(OSError):  # the client did not wait
                self._send(answer)

        def _send(self, answer: Answer) -> None:
            done.wait(answer.pause_seconds)
            with lock:  # before the client can know the end, and ask again
                state.at_once -= 1
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            size = max(1, len(answer.body) // answer.pieces)
            for start in range(0, len(answer.body), size):
                self.wfile.write(answer.body[start : start + size])
                if answer.pieces > 1 and done.wait(0.1):
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=serving(server), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        done.set()
        server.shutdown()
        server.server_close()
        thread.join()


def serving(server: ThreadingHTTPServer) -> Callable[[], None]:
    """Serving, with a short poll so that the end comes at once."""
    return lambda: server.serve_forever(poll_interval=0.02)


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
