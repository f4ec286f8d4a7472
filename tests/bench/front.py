"""`bin/bench front`: the nginx of deploy/nginx and the gunicorn of deploy/ on loopback, with TLS and production settings.

Slow headers, slow bodies and bodies of 200 MB leave /healthz/ under 100 ms (95th percentile); what a visitor claims about
themselves is not believed; private files have no address; no log names a draft, a case or a code.
"""

import argparse
import http.client
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tests.bench.nginx import HOST, render
from tests.bench.servers import Portal, free_port
from tests.bench.slow import CONTEXT, UPLOAD

LIMIT_MS = 100
TOO_MUCH = 40_000_000
SECRETS = ["Zk3pQ9sT7vXyA1bC2dE4fG5hJ6kL8mN0", "115199999996", "b115-000001", "QWERTYUP23456789ABCD", "wang@mail.example"]
HOME = "/china-student/individual"
LEAKS = [
    UPLOAD,
    f"{HOME}/activate/{SECRETS[0]}/",
    f"{HOME}/account/email/{SECRETS[0]}/",
    f"{HOME}/cases/{SECRETS[1]}/",
    f"/en{HOME}/downloads/permits/{SECRETS[1]}.pdf",
    f"{HOME}/payments/{SECRETS[2]}/",
    f"/verify/{SECRETS[3]}/",
    f"/verify/{SECRETS[3].lower()}/",
    f"/admin/cases/review/{SECRETS[1]}/",
    f"/nothing/{SECRETS[0]}/here/",
    f"/%63hina-student/individual/cases/{SECRETS[1]}/",
    f"/student/entry/?email={SECRETS[4]}&next=/verify/{SECRETS[3]}/",
]
FORGED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Real-IP": "203.0.113.7",
    "Forwarded": "for=203.0.113.7;proto=http;host=evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
}


class Front(Portal):
    """The portal as docs/deploy.md sets it up: gunicorn on a unix socket, nginx before it."""

    def __init__(self, scratch: Path) -> None:
        var = scratch / "var"
        super().__init__(
            "real",
            scratch,
            DEMO="0",
            PLAIN_HTTP="0",
            QUERY_COUNT="0",
            BASE_URL=f"https://{HOST}",
            ALLOWED_HOSTS=HOST,
            EMAIL_URL="smtp://127.0.0.1:9",
            PAYMENT_METHODS="",
            TRUSTED_PROXIES="1",
            ACCEL_REDIRECT_PREFIX="/private/",
            STATIC_ROOT=str(var / "static"),
            MEDIA_ROOT=str(var / "media"),
            PRIVATE_ROOT=str(var / "private"),
        )
        self.https = free_port()
        self.spoken = scratch / "log/portal.log"
        self.configuration = render(scratch, https=self.https, http=free_port())

    def _prepare(self) -> None:
        super()._prepare()
        from django.core.management import call_command

        call_command("write_error_pages", self.scratch / "var/errors", verbosity=0)

    def _start_all(self) -> None:
        with self.spoken.open("wb") as log:
            bind = f"unix:{self.scratch}/web.sock"
            python = Path(sys.executable).parent
            self.gunicorn = self._run([str(python / "gunicorn"), "--config", "deploy/gunicorn.conf.py", "--bind", bind], log)
            self._run(["nginx", "-c", str(self.configuration)], log)
        for _try in range(300):
            try:
                if self.ask("GET", "/healthz/")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise TimeoutError(self.spoken.read_text())

    def _run(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        path = f"{os.environ['PATH']}:/usr/sbin"  # where Debian keeps nginx, and a user's shell does not look
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PATH": path, "LOG_LEVEL": "INFO"})
        self.stack.callback(process.wait, 60)
        self.stack.callback(process.terminate)
        return process

    def connection(self, source: str = "127.0.0.9", name: str = HOST) -> http.client.HTTPConnection:
        made = http.client.HTTPConnection(HOST, timeout=30)
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=30, source_address=(source, 0))
        made.sock = CONTEXT.wrap_socket(plain, server_hostname=name)
        return made

    def ask(
        self, method: str, path: str, body: bytes = b"", source: str = "127.0.0.9", announced: int = 0, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        with_host = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = self.connection(source)
        try:
            if announced:  # and never sent: the refusal does not wait for it
                with_host["Content-Length"] = str(announced)
            connection.request(method, path, body or None, with_host)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


def probe(front: Front, seconds: float) -> list[float]:
    """Milliseconds of each answer of /healthz/: by turns on an open connection and on a new one."""
    taken, until = [], time.monotonic() + seconds
    connection = front.connection()
    while time.monotonic() < until:
        for is_new in (False, True):
            started = time.perf_counter()
            if is_new:
                status = front.ask("GET", "/healthz/")[0]
            else:
                connection.request("GET", "/healthz/", headers={"Host": HOST})
                answer = connection.getresponse()
                status = answer.status
                answer.read()
            taken.append((time.perf_counter() - started) * 1000)
            if status != 200:
                raise RuntimeError(f"/healthz/ answered {status}")
        time.sleep(0.04)
    connection.close()
    return taken


def attacked(front: Front, kind: str, count: int, seconds: float) -> tuple[list[float], dict[str, int]]:
    """What /healthz/ took meanwhile, and what became of the attackers."""
    command = [sys.executable, "-m", "tests.bench.slow", kind, str(front.https), str(count), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as attack:
        taken = probe(front, seconds)
        said, _nothing = attack.communicate(timeout=seconds + 60)
    return taken, json.loads(said)


def percentile(taken: list[float]) -> float:
    return sorted(taken)[math.ceil(len(taken) * 0.95) - 1]


def measured(front: Front, seconds: float) -> Iterator[tuple[str, bool, str]]:
    """What is promised, whether it holds, and what was seen."""
    quiet = probe(front, 5)
    yield "quiet", percentile(quiet) < LIMIT_MS, f"p95 {percentile(quiet):.0f} ms of {len(quiet)}"
    for kind, count in (("headers", 500), ("bodies", 500), ("large", 8)):
        taken, ends = attacked(front, kind, count, seconds)
        yield f"{count} x {kind}", percentile(taken) < LIMIT_MS, f"p95 {percentile(taken):.0f} ms of {len(taken)}; {ends}"
        if kind == "large":
            yield "each 200 MB body is refused", set(ends) == {"413"}, str(ends)
        elif kind == "headers":
            yield "slow headers are cut off", ends.get("cut off", 0) == count, str(ends)
    left = [path for path in (front.scratch / "temp/body").rglob("*") if path.is_file()]
    yield "no refused body is left on the disk", left == [], f"{len(left)} files"


def log_in(front: Front, source: str, **headers: str) -> int:
    """A wrong password, typed into the real form."""
    from urllib.parse import urlencode

    from captcha.models import CaptchaStore

    store = CaptchaStore.objects.get(hashkey=CaptchaStore.generate_key("portal.captcha.challenges.challenge"))
    fields = {"username": "nobody1", "password": "wrong password 1", "captcha_0": store.hashkey, "captcha_1": store.response}
    token = "b" * 32
    body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}/"}
    cookie = {"Cookie": f"__Host-csrftoken={token}"}
    return front.ask("POST", f"{HOME}/login/", body, source, **form, **cookie, **headers)[0]


def believed(front: Front) -> Iterator[tuple[str, bool, str]]:
    from portal.accounts.models import LogInAttempt

    status = log_in(front, "127.0.0.77", **FORGED)
    networks = set(LogInAttempt.objects.values_list("network", flat=True))
    yield "forged headers are not believed", networks == {"127.0.0.77"}, f"{status}, counted for {networks}"
    yield "another name is not answered", not _answers(front, "evil.example"), ""


def _answers(front: Front, name: str) -> bool:
    try:
        front.ask("GET", "/", Host=name)
    except (http.client.HTTPException, OSError):
        return False
    return True


def private(front: Front) -> Iterator[tuple[str, bool, str]]:
    """A student's own upload comes through nginx with its headers; by its own name it does not."""
    from django.core.files.base import ContentFile
    from django.test import Client

    from portal.accounts.models import User
    from portal.forms.models import Draft

    student = User.objects.create(username="xiaoming", category="china-student", is_active=True)
    draft = Draft.objects.create(owner=student, category="china-student", kind_code="multiple-entry")
    upload = draft.uploads.create(slot="photo", original_name="a.png", content_type="image/png", size=3)
    upload.file.save("a.png", ContentFile(b"png"))
    client = Client(headers={"host": HOST})
    client.force_login(student, backend="portal.accounts.backends.StudentBackend")
    cookie = {"Cookie": f"__Host-sessionid={client.cookies['__Host-sessionid'].value}"}
    path = f"{HOME}/apply/multiple-entry/{draft.token}/files/{upload.uid}/"
    status, headers, body = front.ask("GET", path, **cookie)
    yield "a private file reaches its owner", (status, body) == (200, b"png"), f"{status}, {len(body)} bytes"
    guarded = ["Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security", "Referrer-Policy"]
    guarded += ["Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy"]
    missing = [name for name in guarded if not headers[name]]
    yield "with the headers that guard it", not missing and "no-store" in headers["Cache-Control"], f"missing: {missing}"
    (front.scratch / "var/media/original_images").mkdir(parents=True, exist_ok=True)
    (front.scratch / "var/media/original_images/a.jpg").write_bytes(b"jpg")
    name = upload.file.name
    hidden = [f"/private/{name}", f"//private/{name}", f"/static/../private/{name}", f"/static/%2e%2e/private/{name}"]
    hidden += [f"/media/../private/{name}", f"/static../private/{name}", f"/media/images../../private/{name}"]
    hidden += ["/media/original_images/a.jpg", "/_errors/en/413.html"]
    answers = {realm: front.ask("GET", realm, **cookie)[0] for realm in hidden}
    yield "private files have no address", set(answers.values()) <= {400, 404}, str(answers)
    stranger = front.ask("GET", path)
    yield "and no stranger gets one", (stranger[0], stranger[2]) == (302, b""), f"{stranger[0]}"


def answers(front: Front) -> Iterator[tuple[str, bool, str]]:
    status, _headers, _body = front.ask("POST", UPLOAD, announced=1_000_000)
    yield "what a stranger sends is not written down", status == 413, f"{status}"
    status, headers, body = front.ask("POST", f"/en{HOME}/login/", announced=TOO_MUCH)
    friendly = status == 413 and b"The file is too large" in body and b"/static/" in body
    yield "too much is refused on a page of ours", friendly, f"{status}, {len(body)} bytes"
    flood = [front.ask("GET", "/verify/", source="127.0.0.88")[0] for _try in range(150)]
    yield "a flood is refused", 429 in flood, f"{flood.count(429)} of {len(flood)} are 429"
    _status, headers, _body = front.ask("GET", "/static/portal/portal.css", Accept_Encoding="br, gzip")
    yield "files come compressed", headers["Content-Encoding"] == "br", f"{headers['Content-Encoding']}"
    status, headers, _body = front.ask("GET", "/")
    yield "no name and number of the software", headers["Server"] == "nginx", f"{headers['Server']}"


def logs(front: Front) -> Iterator[tuple[str, bool, str]]:
    """Every way to write into a log: an answer, a refusal, a body too large, a portal that is gone."""
    for path in LEAKS:
        for method, announced in (("GET", 0), ("POST", 0), ("PUT", TOO_MUCH)):
            front.ask(
                method, path, source="127.0.0.99", announced=announced, Referer=f"https://{HOST}{path}", User_Agent=SECRETS[0]
            )
    front.gunicorn.terminate()
    front.gunicorn.wait(60)
    gone = {front.ask("GET", path, source="127.0.0.99")[0] for path in LEAKS}
    yield "a portal that is gone has a page", gone <= {502, 503}, str(gone)
    for log in sorted((front.scratch / "log").iterdir()):
        said = log.read_text()
        notified = [secret for secret in SECRETS if secret.lower() in said.lower()]
        yield f"{log.name} names nobody", not notified, f"{len(said.splitlines())} lines{f', {notified}' if notified else ''}"
    access = (front.scratch / "log/portal-access.log").read_text()
    yield "and still says what was asked", f"GET {HOME}/cases/... HTTP/1.1 302" in access, ""


def run(seconds: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="portal-front-") as scratch, Front(Path(scratch)) as front:
        print(f"\nfront: nginx, TLS, gunicorn on a unix socket, production settings, {os.cpu_count()} cores\n")
        fine = True
        for part in (measured(front, seconds), believed(front), private(front), answers(front), logs(front)):
            for name, holds, seen in part:
                print(f"{'ok  ' if holds else 'FAIL'}  {name:40} {seen}", flush=True)
                fine &= holds
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=["real"])
    parser.add_argument("--seconds", type=float, default=15, help="how long each attack lasts")
    options = parser.parse_args()
    if not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        sys.exit("front: nginx is not installed")
    sys.exit(0 if run(options.seconds) else 1)


if __name__ == "__main__":
    main()
