"""The table of states.py as a page for people: docs/states.md."""

from collections.abc import Iterator

from portal.cases.states import ACTION_LABELS, CLOSED, PUBLIC_LABELS, TRANSITIONS, Status

HEAD = """# The life of a case 案件

Drawn from `portal/cases/states.py` by `manage.py draw_states`; a test compares the two.
Who reads what: officers the first label of a status, its student the second."""


def page() -> str:
    """The whole page."""
    diagram = ["```mermaid", "stateDiagram-v2", *_states(), *_arrows(), "```"]
    statuses = [_row("status", "officers read", "the student reads"), _row(*["---"] * 3), *_labels()]
    actions = [_row("action", "from", "to", "role"), _row(*["---"] * 4), *_edges()]
    return "\n\n".join([HEAD, *("\n".join(part) for part in (diagram, statuses, actions))]) + "\n"


def _states() -> Iterator[str]:
    for status in Status:
        yield f"    {status.value}: {status.label}"


def _arrows() -> Iterator[str]:
    for edge in TRANSITIONS:
        for source in _ordered(edge.sources) or ["[*]"]:
            for target in _ordered(edge.targets):
                yield f"    {source} --> {target}: {ACTION_LABELS[edge.action]}"
    for status in _ordered(CLOSED):
        yield f"    {status} --> [*]"


def _labels() -> Iterator[str]:
    for status in Status:
        yield _row(f"`{status.value}`", str(status.label), str(PUBLIC_LABELS[status]))


def _edges() -> Iterator[str]:
    for edge in TRANSITIONS:
        sources = " ".join(f"`{status}`" for status in _ordered(edge.sources)) or "–"
        targets = " ".join(f"`{status}`" for status in _ordered(edge.targets))
        yield _row(f"`{edge.action}` {ACTION_LABELS[edge.action]}", sources, targets, edge.role)


def _ordered(statuses: frozenset[Status]) -> list[str]:
    return [status.value for status in Status if status in statuses]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
