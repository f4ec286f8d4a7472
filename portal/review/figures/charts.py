"""Bars drawn on the server: SVG without a script or a style, its figures in the table beside it."""

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .statistics import Figure, most

ROW: Final = 26
LABEL: Final = 110
WIDTH: Final = 520
HEIGHT: Final = 150


def bars(title: str, figures: Sequence[Figure]) -> SafeString:
    """Flat bars, one a row: for ages and for reasons."""
    longest = most(figures) or 1
    rows = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="end">{}</text><rect class="bar bar-{}" x="{}" y="{}" width="{}" height="16" rx="2"/>'
        '<text x="{}" y="{}">{}</text>',
        (_flat(number, each, longest) for number, each in enumerate(figures)),
    )
    return _svg(title, WIDTH, ROW * len(figures), rows)


def columns(title: str, figures: Sequence[Figure]) -> SafeString:
    """Upright bars, one a day."""
    longest, width = most(figures) or 1, WIDTH / max(len(figures), 1)
    rows = format_html_join(
        "",
        '<rect class="bar bar-{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text><text x="{}" y="{}" text-anchor="middle">{}</text>',
        (_upright(number, each, longest, width) for number, each in enumerate(figures)),
    )
    return _svg(title, WIDTH, HEIGHT + 40, rows)


def _flat(number: int, figure: Figure, longest: int) -> tuple[object, ...]:
    y, length = ROW * number, round((WIDTH - LABEL - 50) * figure.number / longest, 1)
    label = figure.label if len(figure.label) <= 8 else f"{figure.label[:7]}…"
    return (LABEL - 8, y + 17, label, figure.level, LABEL, y + 5, length, LABEL + length + 6, y + 17, figure.number)


def _upright(number: int, figure: Figure, longest: int, width: float) -> tuple[object, ...]:
    tall, left = round(HEIGHT * figure.number / longest, 1), round(width * number, 1)
    middle = round(left + width / 2, 1)
    top = HEIGHT - tall + 18
    return (
        figure.level,
        left + 3,
        top,
        round(width - 6, 1),
        tall,
        middle,
        top - 4,
        figure.number,
        middle,
        HEIGHT + 34,
        figure.label,
    )


def _svg(title: str, width: int, height: int, drawn: SafeString) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>',
        width,
        max(height, 1),
        title,
        drawn,
    )
