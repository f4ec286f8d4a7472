"""Reading a CSV file of which every line must be right: all that is wrong is collected, with its place."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from .progress import Progress, silent

STEP = 1000
UTF8, BIG5, GB = "utf-8", "cp950", "gb18030"
NO_GB = "這個檔案是簡體中文編碼（GBK 或 GB18030），不是 UTF-8 或 Big5；請在試算表軟體另存為「CSV UTF-8」後再上傳"
# So many lines tell in which of two encodings a file is written.
SAMPLE = 2000


def _characters(encoding: str, first: int, last: int) -> frozenset[str]:
    """The characters whose first byte is one of those."""
    pairs = (bytes((one, two)) for one in range(first, last + 1) for two in range(0x40, 0xFF))
    return frozenset(text for pair in pairs if len(text := pair.decode(encoding, errors="ignore")) == 1)


@cache
def _common(encoding: str) -> frozenset[str]:
    """The characters in daily use, which both character sets keep before the rare ones."""
    return _characters("cp950", 0xA4, 0xC6) if encoding == BIG5 else _characters("gb2312", 0xB0, 0xD7)


class Problem(NamedTuple):
    """One thing that is wrong in a file: where it stands and why it cannot be taken."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行"
        return f"{place}，{self.column} 欄：{self.reason}" if self.column else f"{place}：{self.reason}"


class Column(NamedTuple):
    """One column: its name in the file, the model's field it fills, and how its text is read (ValueError says why not).

    A file without an optional column leaves that field as it is known. `also` is what its publisher calls the column.
    """

    name: str
    field: str
    read: Callable[[str], Any]
    is_optional: bool = False
    also: str = ""


@dataclass(frozen=True)
class Table:
    """What a file must hold; the first column is its key. `check` yields (column, reason) where values contradict each other.

    `passed_over` are columns that its publisher has and nobody needs here.
    """

    columns: Sequence[Column]
    check: Callable[[dict[str, Any]], Iterable[tuple[str, str]]] = lambda row: ()
    passed_over: frozenset[str] = frozenset()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def ours(self, header: Iterable[str]) -> list[str]:
        """The names of a header, each column called as it is here."""
        also = {column.also: column.name for column in self.columns if column.also}
        return [also.get(plain, plain) for plain in map(str.strip, header)]


@dataclass
class ParsedFile:
    """What a file held: each row's line and field values (as far as they can be read), the line of every key, what was wrong."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(path: Path, table: Table, *, progress: Progress) -> ParsedFile:
    """Read and check the whole file; nothing is written anywhere."""
    contents = ParsedFile()
    encoding = encoding_of(path)
    if encoding == GB:
        contents.problems.append(Problem(str(path), 1, "", NO_GB))
        return contents
    records = _records(path, encoding, contents.problems, progress)
    line, header = next(records, (1, []))
    order = table.ours(header)
    if wrong := list(_wrong_header(order, table)):
        contents.problems.extend(Problem(str(path), line, column, reason) for column, reason in wrong)
        return contents
    places = [(order.index(column.name), column) for column in table.columns if column.name in order]
    for line, values in records:
        if len(values) == len(order):
            problems = _take(values, line, places, table, contents)
        else:
            problems = [("", f"有 {len(values)} 個值，但標題列有 {len(order)} 欄")]
        contents.problems.extend(Problem(str(path), line, column, reason) for column, reason in problems)
    return contents


def _take(
    values: list[str], line: int, places: list[tuple[int, Column]], table: Table, contents: ParsedFile
) -> list[tuple[str, str]]:
    """Add one line to `contents`; return what is wrong with it."""
    row: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for place, column in places:
        try:
            row[column.field] = column.read(values[place].strip())
        except ValueError as error:
            problems.append((column.name, str(error)))
    key = row.get(table.columns[0].field)
    if key is not None and contents.lines.setdefault(key, line) != line:
        problems.append((table.columns[0].name, f"與第 {contents.lines[key]} 行重複"))
    contents.rows.append((line, row))
    return [*problems, *table.check(row)]


def _wrong_header(header: list[str], table: Table) -> Iterator[tuple[str, str]]:
    """What keeps the header from naming each column once, in any order."""
    needed = [column.name for column in table.columns if not column.is_optional]
    if not header:
        yield "", f"檔案是空的；第一行須為欄名：{'、'.join(needed)}"
        return
    yield from ((name, "缺少這一欄") for name in needed if name not in header)
    yield from ((name, "沒有這一欄") for name in header if name not in {*table.names, *table.passed_over})
    yield from ((name, "這一欄出現兩次") for name in table.names if header.count(name) > 1)


def _records(path: Path, encoding: str, problems: list[Problem], progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins, blank lines left out."""
    reader = csv.reader(_text_lines(path, encoding, problems, progress), strict=True)
    line = 1
    try:
        for values in reader:
            if values:
                yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(str(path), line, "", f"不是 CSV（{error}）；這一行以後都沒有讀"))


def _text_lines(path: Path, written_in: str, problems: list[Problem], progress: Progress) -> Iterator[str]:
    """The lines as text, in UTF-8 or Big5; one that is not text becomes a problem and reading goes on."""
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            done += len(raw)
            if number % STEP == 0 or done == size:
                progress(f"checking {path.name}", done, size)
            encoding = "utf-8-sig" if number == 1 and written_in == UTF8 else written_in
            try:
                yield raw.decode(encoding)
            except UnicodeDecodeError:
                problems.append(Problem(str(path), number, "", "不是 UTF-8 文字"))
                yield raw.decode(encoding, errors="replace")


def encoding_of(path: Path) -> str:
    """Big5 (cp950) or GB18030 where every line that is more than ASCII is that and none is UTF-8; UTF-8 otherwise.

    Most of what is GB18030 can be read as Big5, too: then it is what it makes common characters of, not rare ones.
    """
    fit = {BIG5, GB}
    sample: list[bytes] = []
    with path.open("rb") as file:
        for raw in file:
            if raw.isascii():
                continue
            fit = {each for each in fit if _decodes(raw, each)}
            if not fit or _decodes(raw, UTF8):
                return UTF8
            if len(sample) < SAMPLE:
                sample.append(raw)
    if not sample:
        return UTF8
    return max((each for each in (BIG5, GB) if each in fit), key=lambda each: _share_of_common(sample, each))


def _share_of_common(lines: list[bytes], encoding: str) -> float:
    text = [character for line in lines for character in line.decode(encoding) if not character.isascii()]
    return sum(character in _common(encoding) for character in text) / len(text)


def beginning(path: Path, count: int) -> tuple[str, list[list[str]]]:
    """How the file is read: its encoding, its header and its first rows."""
    encoding = encoding_of(path)
    return encoding, [values for _line, values in islice(_records(path, encoding, [], silent), count + 1)]


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
