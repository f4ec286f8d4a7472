"""A small service of an agency's records, for tests of the source `http`: what docs/records-service.md says, in memory."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "records-token-of-the-tests"
SHARED = {"category", "ui_no", "chinese_name", "english_name", "gender", "birth_date", "birth_place", "school_code"}
OWN = SHARED | {"school_name", "department", "degree", "student_no", "enrolled_on"}


class Unknown(Exception):
    """Nobody of that number: answered with 404."""


class Store:
    """People by 統一證號 and permits by number, as JSON has them."""

    def __init__(self, applicants: list[dict[str, Any]], permits: list[dict[str, Any]]) -> None:
        self.applicants = {each["ui_no"]: each for each in applicants}
        self.permits = {each["permit_no"]: each for each in permits}

    def answer(self, question: str, said: dict[str, Any]) -> dict[str, Any]:
        answers: dict[str, Callable[..., dict[str, Any]]] = {
            "find-applicant": self.find_applicant,
            "find-permit": self.find_permit,
            "permits-of": self.permits_of,
            "add-permit": self.add_permit,
            "correct-applicant": self.correct_applicant,
        }
        if question not in answers:
            raise Unknown
        return answers[question](**said)

    def find_applicant(self, ui_no: str, permit_no: str) -> dict[str, Any]:
        holder = self.permits.get(permit_no, {}).get("ui_no") if permit_no else ui_no
        return {"applicant": self.applicants.get(holder) if not ui_no or holder == ui_no else None}

    def find_permit(self, permit_no: str, permit_type: str) -> dict[str, Any]:
        found = self.permits.get(permit_no)
        return {"permit": self._with_successor(found) if found and found["permit_type"] == permit_type else None}

    def permits_of(self, ui_no: str) -> dict[str, Any]:
        own = [each for each in self.permits.values() if each["ui_no"] == ui_no]
        return {"permits": [self._with_successor(each) for each in sorted(own, key=lambda each: each["issued_on"])]}

    def add_permit(self, permit: dict[str, Any]) -> dict[str, Any]:
        if permit["ui_no"] not in self.applicants:
            raise Unknown
        self.permits.setdefault(permit["permit_no"], permit)
        return {}

    def correct_applicant(self, ui_no: str, changes: dict[str, str]) -> dict[str, Any]:
        if ui_no not in self.applicants:
            raise Unknown
        person = self.applicants[ui_no]
        person.update({name: value for name, value in changes.items() if name in OWN})
        person["papers"] = {**person["papers"], **{name: value for name, value in changes.items() if name not in OWN}}
        return {}

    def _with_successor(self, permit: dict[str, Any]) -> dict[str, Any]:
        later = {each.get("previous_permit_no") for each in self.permits.values()}
        return {**permit, "superseded": permit["permit_no"] in later}


class Handler(BaseHTTPRequestHandler):
    """POST /<question> with a JSON object; the server's `store` answers, or its `reply` does: (status, headers, body)."""

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, said))  # type: ignore[attr-defined]
        status, headers, body = self.server.reply or self._answer(said)  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, said: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, {}, b"{}"
        try:
            answer = self.server.store.answer(self.path.removeprefix("/v1/"), json.loads(said))  # type: ignore[attr-defined]
        except Unknown:
            return 404, {}, b"{}"
        return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def log_message(self, *args: Any) -> None:
        """Not into the tests' output."""


class Service(ThreadingHTTPServer):
    """`asked` is what came in; `reply` is said to every question in place of the truth."""

    daemon_threads = True

    def __init__(self, store: Store) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = store
        self.asked: list[tuple[str, bytes]] = []
        self.reply: tuple[int, dict[str, str], bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def running(store: Store) -> Iterator[Service]:
    """The service at work, on a port of its own."""
    with Service(store) as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()
