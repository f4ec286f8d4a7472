"""One writer: a table of consequence is written by one module of its package, and everything else asks it."""

import ast
from collections.abc import Iterator

import pytest

from .source import Module, docstrings, modules

WRITE = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "delete", "bulk_update", "save"}
# model (and the name of its related manager) -> the modules that may write it
WRITERS = {
    ("Case", "cases"): {"portal.cases.operations"},
    ("CaseEvent", "events"): {"portal.cases.operations", "portal.payments.ledger"},
    ("Revision", "revisions"): {"portal.cases.operations"},
    ("Document", "documents"): {"portal.cases.operations"},
    ("LedgerEvent", "events"): {"portal.cases.operations", "portal.payments.ledger"},
    ("Receipt", "receipts"): {"portal.payments.ledger"},
    ("Bill", "bills"): {"portal.payments.ledger", "portal.payments.operations", "portal.payments.deadlines"},
    ("BillLine", "lines"): {"portal.payments.ledger", "portal.payments.operations", "portal.payments.deadlines"},
    ("Payment", "payments"): {"portal.payments.ledger", "portal.payments.operations", "portal.payments.attempts"},
    ("ReviewItem", "review_items"): {"portal.payments.ledger", "portal.payments.cashier.work_list"},
    ("Refund", "refunds"): {"portal.payments.cashier.refunds"},
    ("SettlementRow", "rows"): {"portal.payments.cashier.settlement"},
    ("DayClose", "-"): {"portal.payments.cashier.books"},
    ("PaperProblem", "paper_problems"): {"portal.cases.operations"},
    ("Return", "returns"): {"portal.cases.operations"},
    ("CaseRead", "reads"): {"portal.review.operations"},
    ("Note", "notes"): {"portal.review.operations"},
    ("ReviewDraft", "-"): {"portal.review.drafts"},
    ("RecordsImport", "-"): {"portal.records.imports"},
    ("RecordCorrection", "corrections"): {"portal.records.corrections"},
    ("IssuedDocument", "issued_documents"): {"portal.downloads.operations"},
    ("DeclarationVersion", "-"): {"portal.editorial.declaration_versions"},
    ("OutgoingMail", "-"): {"portal.mail.outbox", "portal.mail.sending", "portal.mail.late"},
    ("LogInAttempt", "results"): {"portal.accounts.login_guard"},
    ("OfficeYear", "-"): {"portal.office_calendar.operations"},
    ("OfficeDay", "days"): {"portal.office_calendar.operations"},
    ("Serial", "-"): {"portal.core.serials"},
}
MODULES = list(modules())


def chain(node: ast.AST) -> list[str]:
    """`Case.objects.filter(…).update` as its names, from the left."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=attr):
            return [*chain(value), attr]
        case ast.Call(func=func) | ast.Subscript(value=func):
            return chain(func)
    return []


def written(module: Module, model: str, related: str) -> Iterator[int]:
    """The lines on which the module makes, changes or removes a row of that model."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            names = chain(node.func)
            makes = names == [model] or names[-2:] == ["models", model]
            changes = bool(names) and names[-1] in WRITE and (names[0] == model or related in names[1:-1])
            if makes or changes:
                yield node.lineno


def writer(module: Module) -> str:
    """The module; of cases its operations, which are a package, as one."""
    package = "portal.cases.operations"
    return package if module.name.startswith(f"{package}.") else module.name


@pytest.mark.parametrize(("table", "allowed"), WRITERS.items(), ids=[model for model, _ in WRITERS])
def test_only_its_writer_writes_a_table(table: tuple[str, str], allowed: set[str]) -> None:
    found = {writer(module): lines for module in MODULES if (lines := list(written(module, *table)))}
    assert set(found) <= allowed, found
    assert set(found) & allowed, f"nobody writes {table[0]}: this test has lost sight of it"


def test_only_case_operations_assign_a_status() -> None:
    found = [
        (module.name, node.lineno)
        for module in MODULES
        if not module.name.startswith("portal.cases.operations.")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == "status"
    ]
    assert found == []


def test_nobody_writes_rows_in_save() -> None:
    """Numbers are given by operations: no model overrides save()."""
    overriding = [
        f"{module.name}.{cls.name}"
        for module in MODULES
        for cls in ast.walk(module.tree)
        if module.name.endswith(".models") and isinstance(cls, ast.ClassDef)
        for method in cls.body
        if isinstance(method, ast.FunctionDef) and method.name == "save"
    ]
    assert overriding == []


def test_every_package_says_what_it_is() -> None:
    """A module of any size begins with a sentence."""
    silent = [module.name for module in MODULES if len(module.tree.body) > 3 and not docstrings(module.tree)]
    assert [name for name in silent if not name.endswith((".apps", ".manage"))] == []
