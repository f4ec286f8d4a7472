"""docs/deploy.md says what is there: each variable, command, file and unit that it names, and none is left out."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from portal.throttling import body_limits

GUIDE = Path("docs/deploy.md").read_text(encoding="utf-8")
README = Path("README.md").read_text(encoding="utf-8")
CONF = Path("deploy/nginx/portal.conf").read_text(encoding="utf-8")
UNITS = sorted(Path("deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
SANDBOX = """\
User=portal
EnvironmentFile=/etc/portal/env
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallFilter=~@privileged @obsolete
""".splitlines()
NAME = re.compile(r"`([A-Z][A-Z_]{3,})`")


def read_by_settings() -> set[str]:
    """The first argument of each `env.…("NAME")`, and what Django itself reads."""
    found = {"DJANGO_SETTINGS_MODULE"}
    for source in Path("portal/settings").glob("*.py"):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            asks = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
            if asks and call.func.value.id == "env" and isinstance(call.args[0], ast.Constant):
                found.add(call.args[0].value)
    return found


def table(text: str) -> set[str]:
    """The variables in the first column of the table that begins with `variable`."""
    rows = text.split("| variable | meaning |")[1].split("\n\n")[0].splitlines()
    return {name for row in rows if row.startswith("| `") for name in NAME.findall(row.split("|")[1])}


def test_the_guides_table_is_what_the_settings_read() -> None:
    assert table(GUIDE) == read_by_settings()


def test_the_guides_environment_holds_known_variables_and_all_that_production_demands() -> None:
    written = GUIDE.split("cat >/etc/portal/env <<END\n")[1].split("\nEND\n")[0]
    names = {line.partition("=")[0] for line in written.splitlines()}
    assert names - read_by_settings() == set()
    source = Path("portal/settings/production.py").read_text(encoding="utf-8")
    demanded = re.search(r"^_REQUIRED = \[(.*?)\]", source, re.M | re.S)
    assert demanded
    assert set(re.findall(r'"([A-Z_]+)"', demanded[1])) - names == set()


def test_every_management_command_exists() -> None:
    named = set(re.findall(r"(?:portal-manage|manage\.py) ([a-z_]+)", GUIDE + README))
    assert named
    assert named - get_commands().keys() == set()


DOCUMENTS = sorted([*Path().glob("*.md"), *Path("docs").rglob("*.md")])
FILE = re.compile(r"(?<![\w/.<-])((?:deploy|requirements|docs|bin|portal|tests|templates|static)/[\w./*-]*[\w*])(?![\w{<-])")
TESTS = [path.read_text(encoding="utf-8") for path in Path("tests").rglob("*.py")]
# Made where it runs, or by who follows the page.
MADE = {"deploy/env", "deploy/tls", "deploy/signer.pem"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert {
        name for name in set(FILE.findall(text)) - MADE if not (any(Path().glob(name)) or Path("templates", name).exists())
    } == set()
    tests = {path.name for path in Path("tests").rglob("test_*.py")}
    assert set(re.findall(r"(?<![\w*])test_\w+\.py", text)) - tests == set()
    functions = set(re.findall(r"`(test_\w+)`", text))
    assert {name for name in functions if not any(f"def {name}(" in source for source in TESTS)} == set()
    links = set(re.findall(r"\]\(([^)#:]+)\)", text))
    assert {link for link in links if not (document.parent / link).exists()} == set()


def test_every_file_of_nginx_is_installed_by_the_guide() -> None:
    for file in Path("deploy/nginx").glob("*.conf"):
        assert str(file) in GUIDE, file
        assert f"COPY {file.name}" in Path("deploy/nginx/Dockerfile").read_text(encoding="utf-8") or file.name in GUIDE


def test_guide_front_and_units_speak_of_the_same_places() -> None:
    assert "ACCEL_REDIRECT_PREFIX=/private/\n" in GUIDE
    assert "location /private/ {\n        internal;" in CONF
    for variable, folder in {"STATIC_ROOT": "static", "MEDIA_ROOT": "media", "PRIVATE_ROOT": "private"}.items():
        assert f"{variable}=/var/lib/portal/{folder}\n" in GUIDE
        assert f"alias /var/lib/portal/{folder}/" in CONF
    assert "ListenStream=/run/portal/web.sock\n" in Path("deploy/systemd/portal-web.socket").read_text(encoding="utf-8")
    assert "server unix:/run/portal/web.sock " in CONF


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_no_service_has_more_rights_than_it_needs(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    for line in SANDBOX:
        assert line in lines
    for bound in ("MemoryMax=", "TasksMax="):
        assert any(line.startswith(bound) for line in lines), bound


def test_the_front_sets_what_visitors_may_claim_and_adds_to_nothing() -> None:
    proxy = Path("deploy/nginx/portal-proxy.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy
    assert "$proxy_add_x_forwarded_for" not in proxy + CONF
    assert CONF.count("proxy_pass") == 0, "every address is asked through portal-proxy.conf"
    for header in ("Forwarded", "X-Real-IP", "X-Forwarded-Port", "Proxy"):
        assert f'proxy_set_header {header} "";' in proxy


def test_a_log_of_nginx_writes_masked_lines_only() -> None:
    assert set(re.findall(r"^\s*access_log (.*);", CONF, re.M)) == {"off", "/var/log/nginx/portal-access.log portal"}
    assert set(re.findall(r"^\s*error_log (.*);", CONF, re.M)) == {"/var/log/nginx/portal-error.log emerg"}
    logged = CONF.split("log_format portal")[1].split(";")[0]
    assert not re.search(r"\$(request|request_uri|uri|args|query_string|http_\w+|cookie_\w+)\b", logged)


LOCATION = re.compile(r"^    location ([=~^]*) ?\"?([^\" {]+(?:\{[0-9,]+\}[^\" {]*)*)\"? \{\n(.*?)^    \}", re.M | re.S)
SIZE = re.compile(r"client_max_body_size ([0-9]+)([km]);")
SESSION, MEMBER = "/china-student/individual", "multiple-entry/6tlLLmv53ykndtckBKAIf8B8xHlmGcuP"


def body_of(path: str) -> tuple[str, int]:
    """The location that nginx chooses for an address, and the most bytes of a body there."""
    found = [(kind, where, inner) for kind, where, inner in LOCATION.findall(CONF.split("server_name portal.example;")[2])]
    exact = [each for each in found if each[0] == "=" and each[1] == path]
    patterns = [each for each in found if each[0] == "~" and re.search(each[1], path)]
    prefix = max((each for each in found if each[0] in ("", "^~") and path.startswith(each[1])), key=lambda each: len(each[1]))
    chosen = (exact or ([] if prefix[0] == "^~" else patterns) or [prefix])[0]
    said = SIZE.search(chosen[2]) or SIZE.search(CONF.split("\n    # What is larger is written")[1])
    assert said, path
    return chosen[1], int(said[1]) * {"k": 1024, "m": 1024 * 1024}[said[2]]


@pytest.mark.parametrize(
    "path",
    [
        *(f"{language}{SESSION}/apply/{MEMBER}/{step}/" for language in ("", "/en", "/zh-hans") for step in ("form", "permit")),
        *("/payments/sandbank/notify/", "/admin/pages/3/edit/", "/admin/images/add/", "/admin/documents/multiple/add/"),
        *("/student/entry/", f"{SESSION}/account/profile/", "/nowhere/"),
    ],
)
def test_the_front_takes_as_much_as_the_portal(path: str) -> None:
    assert body_of(path)[1] == body_limits.limit_of(path).bytes


@pytest.mark.parametrize("path", [f"{SESSION}/login/", "/captcha/refresh/", "/admin/login/", "/verify/ABCDEFGH/", "/healthz/"])
def test_the_front_takes_less_where_only_a_few_words_are_typed(path: str) -> None:
    assert body_of(path)[1] <= 64 * 1024 < body_limits.limit_of(path).bytes


@pytest.mark.parametrize("path", [f"{SESSION}/apply/{MEMBER}/form/", "/admin/images/add/", "/admin/documents/multiple/add/"])
def test_what_strangers_send_is_not_written_to_the_disk(path: str) -> None:
    inner = next(inner for _kind, where, inner in LOCATION.findall(CONF) if where == body_of(path)[0])
    assert "if ($portal_stranger_sends_much) {\n            return 413;" in inner
    assert "limit_conn portal_uploading 20;" in inner
