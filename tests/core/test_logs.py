"""Log lines show which address and which fault, and no value of a person's."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings

from portal import celery
from portal.core.logs import MaskingFormatter, masked_path, masked_text

TOKEN = "Zk3pQ9sT7vXyA1bC2dE4fG5hJ6kL8mN0"
UUID = "8f14e45f-ceea-467f-a0e6-1234567890ab"
NAME = "王小明"
HOME = "/china-student/individual"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"{HOME}/apply/multiple-entry/{TOKEN}/declaration/", f"{HOME}/apply/multiple-entry/…/declaration/"),
        (f"{HOME}/apply/{TOKEN}/", f"{HOME}/apply/…/"),
        (f"{HOME}/apply/multiple-entry/{TOKEN}/files/{UUID}/", f"{HOME}/apply/multiple-entry/…/files/…/"),
        (f"/en{HOME}/cases/115199999996/?back=1", f"/en{HOME}/cases/…/?…"),
        (f"{HOME}/downloads/permits/115199999996.pdf", f"{HOME}/downloads/permits/….pdf"),
        (f"{HOME}/payments/b115-000001/", f"{HOME}/payments/…/"),
        (f"{HOME}/activate/{TOKEN}/", f"{HOME}/activate/…/"),
        ("/verify/abcdefghjkmnpqrstuvw/", "/verify/…/"),
        # Nothing is there, and still it is what somebody holds.
        ("/verify/abcdefghjkmnpqrstuvw/x/", "/verify/…/…/"),
        ("/verify/AB CD EF/", "/verify/…/"),
        (f"/%63hina-student/individual/cases/{TOKEN}/", f"{HOME}/cases/…/"),
        (f"{HOME}/cases/王小明/", f"{HOME}/cases/…/"),
        ("/admin/cases/review/115199999996/", "/admin/cases/review/…/"),
        ("/admin/pages/12/edit/?next=/a/", "/admin/pages/12/edit/?…"),
        # Pages of the CMS are everybody's.
        ("/student/entry/", "/student/entry/"),
        ("/zh-hans/news/fees-of-september/", "/zh-hans/news/fees-of-september/"),
        (f"/news/{TOKEN}/", "/news/…/"),
        ("/static/css/portal.5d41402abc4b.css", "/static/css/portal.5d41402abc4b.css"),
        ("/", "/"),
    ],
)
def test_an_address_is_shown_without_what_fills_its_holes(address: str, shown: str) -> None:
    assert masked_path(address) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("email to wang.min+1@mail.example bounced", "email to <email> bounced"),
        ("統一證號 A990000013 of case 115199999996", "統一證號 <number> of case <number>"),
        ("bill B115-000001, attempt P115000001A01, tel. +886912345678", "bill <number>, attempt <number>, tel. <number>"),
        (f"draft {TOKEN} is gone", "draft <token> is gone"),
        (f"user 12 reads document {UUID}", f"user 12 reads document {UUID}"),
        ("DETAIL:  Key (case_no)=(115199999996) already exists.", "DETAIL:  Key (case_no)=(…) already exists."),
        ("Failing row contains (7, 王小明, null).", "Failing row contains (…)"),
        ("GET https://portal.example/verify/QQ23/?a=b", "GET https://portal.example/verify/…/?…"),
        ("no answer of redis://:word@cache.example/0", "no answer of redis://<credentials>@cache.example/0"),
    ],
)
def test_a_sentence_is_shown_without_values(said: str, shown: str) -> None:
    assert masked_text(said) == shown


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a logger writes through the settings' own formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter("{levelname} {message}", style="{"))
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield stream
    logger.removeHandler(handler)
    logger.propagate = True


def fail(number: str) -> None:
    try:
        int(number)
    except ValueError as error:
        raise KeyError("case_no", f"of {number}") from error


def test_a_traceback_keeps_its_frames_and_loses_the_values(written: io.StringIO) -> None:
    log = logging.getLogger("tests.logs")
    try:
        fail(NAME)
    except KeyError:
        log.exception("Internal Server Error: %s", f"{HOME}/cases/X Y/")
    lines = written.getvalue()
    assert f"ERROR Internal Server Error: {HOME}/cases/…/\n" in lines
    assert NAME not in lines
    assert "ValueError: invalid literal for int() with base 10: '…'\n" in lines
    assert "KeyError: ('case_no', '…')" in lines
    assert "The above exception was the direct cause of the following exception:" in lines
    assert lines.count('tests/core/test_logs.py", line ') == 3
    assert "int(number)" in lines


def test_an_argument_of_any_shape_is_masked(written: io.StringIO) -> None:
    log = logging.getLogger("tests.logs")
    log.warning("a %(path)s", {"path": "/verify/A B/"})
    log.warning("b %s", ValueError(f"no '{TOKEN[:9]}'"))
    log.warning("c %s %d%%", "d", 3)
    assert written.getvalue() == "WARNING a /verify/…/\nWARNING b no '…'\nWARNING c d 3%\n"


# The path as Django hands it over, decoded; a header that a server lets through; what a gateway or a mail server answered.
@pytest.mark.parametrize(
    ("message", "argument", "shown"),
    [
        ("Not Found: %s", "/static/x\n2026-11-30 ERROR forged", "Not Found: /static/x\\n2026-11-30 ERROR forged"),
        ("Not Found: %s", "/news/x\r\nERROR forged", "Not Found: /news/…"),
        ("Origin checking failed - %s", "a\x1b[2J\x9b", "Origin checking failed - a\\x1b[2J\\x9b"),
        ("refused: %s", "no\u2028ERROR forged", "refused: no\\u2028ERROR forged"),
        ("refused: %s", ValueError("no\nERROR forged"), "refused: no\\nERROR forged"),
        ("notice %s", "王小明\u3000\u202e", "notice 王小明\u3000\\u202e"),
    ],
)
def test_nobody_writes_a_line_of_their_own(written: io.StringIO, message: str, argument: object, shown: str) -> None:
    logging.getLogger("tests.logs").warning(message, argument)
    assert written.getvalue() == f"WARNING {shown}\n"


def test_the_words_of_an_exception_look_like_no_line(written: io.StringIO) -> None:
    try:
        raise ValueError("no\nERROR forged\x1b[2J")
    except ValueError:
        logging.getLogger("tests.logs").exception("a")
    assert written.getvalue().endswith("ValueError: no\\nERROR forged\\x1b[2J\n")


def all_handlers() -> list[logging.Handler]:
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    return [handler for logger in loggers for handler in logger.handlers if not isinstance(handler, logging.NullHandler)]


def test_every_handler_that_the_settings_make_masks() -> None:
    for handler in settings.LOGGING["handlers"].values():
        assert settings.LOGGING["formatters"][handler["formatter"]]["()"] == "portal.core.logs.MaskingFormatter"
    ours = [handler for handler in all_handlers() if not type(handler).__module__.startswith("_pytest")]
    assert ours, "nothing speaks"
    assert [handler for handler in ours if not isinstance(handler.formatter, MaskingFormatter)] == []


def test_celery_puts_no_handlers_of_its_own_there() -> None:
    celery.app.log.setup(loglevel="INFO", redirect_stdouts=False)
    celery.app.log.already_setup = False
    test_every_handler_that_the_settings_make_masks()
