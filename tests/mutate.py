"""Changes one small thing in a rule, a guard or the ledger, and runs the tests: somebody must notice. By hand, not in the suite:

    python -m tests.mutate --count 20 --seed 9

Each mutant is made in a copy of the checkout and asked of the tests of its own package first, of the whole suite without
browsers if they pass. What survives is printed with its place; the seed and the count say which mutants there were.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

RULES = (
    "cases/deadlines.py cases/eligibility.py cases/findings.py cases/operations/*.py cases/states.py "
    "china_student/kinds/*.py china_student/rules.py "
    "fields/dates.py fields/identifiers.py office_calendar/periods.py office_calendar/queries.py records/lookup.py "
    "records/corrections.py records/imports.py"
)
GUARDS = (
    "accounts/access.py accounts/backends.py accounts/login_guard.py captcha/challenges.py cms/admin_requests.py "
    "cms/model_admin/query.py downloads/queries.py my_cases/queries.py sessions/engine.py staff_login/middleware.py "
    "staff_login/resets.py staff_login/second_factor.py throttling/*.py uploads/files.py uploads/screening.py"
)
LEDGER = (
    "core/append_only.py core/serials.py payments/attempts.py payments/deadlines.py payments/ledger.py payments/operations.py "
    "payments/states.py payments/gateways/notices.py payments/cashier/books.py payments/cashier/refunds.py "
    "payments/cashier/settlement.py"
)

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}


@dataclass(frozen=True)
class Mutant:
    """The characters from `start` to `end` of a file replaced."""

    path: Path
    start: int
    end: int
    new: str

    def source(self) -> str:
        """The whole file with the mutant in it."""
        text = self.path.read_text()
        return text[: self.start] + self.new + text[self.end :]

    def __str__(self) -> str:
        text = self.path.read_text()
        line = text.count("\n", 0, self.start) + 1
        old = " ".join(text[self.start : self.end].split())
        return f"{self.path.relative_to(ROOT)}:{line}: {old!r} -> {self.new!r}"


class Places:
    """The mutants of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text()
        self.lines = [0]
        for line in self.text.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def mutants(self) -> Iterator[Mutant]:
        """Every mutant that there is, in the order of the tree."""
        for node in ast.walk(ast.parse(self.text)):
            for start, end, new in self._changes(node):
                yield Mutant(self.path, start, end, new)

    def _changes(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                yield self._end(left), self._start(right), f" {COMPARISONS[type(op)]} "
            case ast.BoolOp(op=op, values=values):
                word = " or " if isinstance(op, ast.And) else " and "
                yield from ((self._end(one), self._start(other), word) for one, other in pairwise(values))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                yield self._end(left), self._start(right), " - " if isinstance(op, ast.Add) else " + "
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self._start(node), self._start(operand), ""
            case ast.Constant(value=bool() | int() as value):
                yield self._start(node), self._end(node), str(not value if isinstance(value, bool) else value + 1)
            case ast.Raise() | ast.Expr(value=ast.Call()) if not self._logs(node):
                yield self._start(node), self._end(node), "pass"
            case ast.FunctionDef(decorator_list=decorators):
                yield from ((self._start(one) - 1, self._end(one), "") for one in decorators if self._guards(one))

    def _logs(self, node: ast.AST) -> bool:
        return self._of(node).startswith("logger.")

    def _guards(self, decorator: ast.expr) -> bool:
        """Without `@property` the file is another program, not another rule."""
        others = {"property", "staticmethod", "classmethod", "cached_property", "contextmanager", "wraps(view)"}
        return self._of(decorator) not in others

    def _of(self, node: ast.AST) -> str:
        return self.text[self._start(node) : self._end(node)]

    def _start(self, node: ast.AST) -> int:
        return self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def _end(self, node: ast.AST) -> int:
        return self._offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def _offset(self, line: int, column: int) -> int:
        """ast counts bytes."""
        start = self.lines[line - 1]
        return start + len(self.text[start : self.lines[line]].encode()[:column].decode())


def chosen(count: int, seed: int) -> list[Mutant]:
    """So many of all that can be made and that Python can read."""
    paths = [path for part in f"{RULES} {GUARDS} {LEDGER}".split() for path in sorted((ROOT / "portal").glob(part))]
    found = [mutant for path in paths for mutant in Places(path).mutants() if _is_python(mutant)]
    return random.Random(seed).sample(found, count)  # noqa: S311  # no secret


def _is_python(mutant: Mutant) -> bool:
    """Not where a parenthesis stands between two operands."""
    try:
        ast.parse(mutant.source())
    except SyntaxError:
        return False
    return True


def is_killed(mutant: Mutant, copy: Path) -> bool:
    """Whether a test fails with it."""
    path = copy / mutant.path.relative_to(ROOT)
    path.write_text(mutant.source())
    package = mutant.path.relative_to(ROOT / "portal").parts[0]
    try:
        return _fails(copy, f"tests/{package}") or _fails(copy, "tests")
    finally:
        path.write_text(mutant.path.read_text())


def _fails(copy: Path, tests: str) -> bool:
    command = ["-m", "pytest", "-q", "-x", "-n", str(os.cpu_count()), "-m", "not e2e and not wheel", tests]
    ran = subprocess.run([ROOT / ".venv/bin/python", *command], cwd=copy, capture_output=True, check=False)
    return ran.returncode != 0


def _copy(into: Path) -> Path:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    catalogues = [str(path.relative_to(ROOT)) for path in (ROOT / "locale").rglob("*.mo")]
    for name in filter(None, [*names.split("\0"), *catalogues]):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, into / name)
    (into / ".venv").symlink_to(ROOT / ".venv")
    return into


def main() -> int:
    """1 when something survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="print them only")
    arguments = parser.parse_args()
    mutants = chosen(arguments.count, arguments.seed)
    if arguments.list:
        print(*mutants, sep="\n")
        return 0
    survivors = 0
    with tempfile.TemporaryDirectory() as place:
        copy = _copy(Path(place))
        for number, mutant in enumerate(mutants, 1):
            started = time.monotonic()
            killed = is_killed(mutant, copy)
            survivors += not killed
            word = "killed" if killed else "SURVIVED"
            print(f"{number:3} {word} in {time.monotonic() - started:.0f} s: {mutant}", flush=True)
    print(f"{len(mutants) - survivors} of {len(mutants)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
