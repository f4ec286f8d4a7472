"""Our source, as the tests of this folder read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One file of portal/; `name` is what an import says."""

    name: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """china_student, cases, …; "" for the files beside the packages."""
        _, _, rest = self.name.partition("portal.")
        return rest.partition(".")[0] if "." in rest else ""


def modules() -> Iterator[Module]:
    """Every module of portal/ but its migrations."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        if "migrations" not in path.parts:
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield Module(name, ast.parse(path.read_text(), str(path)))


def docstrings(tree: ast.AST) -> set[ast.AST]:
    """The nodes that are docstrings: prose, not code."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = (node.body[0] for node in ast.walk(tree) if isinstance(node, holders) and node.body)
    return {line.value for line in first if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)}
