"""The bar of a long command."""

import io

from django.core.management.base import OutputWrapper

from portal.records.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_bar_grows_in_place() -> None:
    screen = Terminal()
    bar = ProgressBar(OutputWrapper(screen))
    for done in (500, 1000, 1001, 2000):
        bar("writing permits", done, 2000)
    assert screen.getvalue() == (
        "\r[#######-----------------------]  25% writing permits"
        "\r[###############---------------]  50% writing permits"
        "\r[##############################] 100% writing permits\n"
    )


def test_elsewhere_a_line_for_every_quarter() -> None:
    log = io.StringIO()
    bar = ProgressBar(OutputWrapper(log))
    for done in range(0, 101, 10):
        bar("checking permits.csv", done, 100)
    assert log.getvalue().splitlines() == [f"checking permits.csv: {percent}%" for percent in (0, 30, 50, 80, 100)]


def test_a_piece_of_work_without_end_is_done() -> None:
    log = io.StringIO()
    ProgressBar(OutputWrapper(log))("checking empty.csv", 0, 0)
    assert log.getvalue() == "checking empty.csv: 100%\n"
