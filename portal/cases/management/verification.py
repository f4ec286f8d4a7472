"""Whether the history of cases is as it was written: nobody edited, deleted, added or moved an event behind our back."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from portal.core.append_only import link

from ..models import Case, CaseEvent
from ..states import ROLES, Action, Status, edge_from


def faults() -> Iterator[str]:
    """One sentence for each case whose history is not whole."""
    cases = {pk: (status, version) for pk, status, version in Case.objects.values_list("pk", "status", "version").iterator()}
    with_events: set[int] = set()
    for case_id, events in groupby(CaseEvent.objects.order_by("case_id", "version", "id").iterator(), lambda each: each.case_id):
        with_events.add(case_id)
        if fault := fault_of(list(events), *cases[case_id]):
            yield f"case {case_id}: {fault}"
    yield from (f"case {pk}: it has no events" for pk in sorted(cases.keys() - with_events))


def fault_of(events: list[CaseEvent], status: str, version: int) -> str:
    """What is wrong with the events of one case, in the order of their versions; "" when nothing is."""
    if [each.version for each in events] != list(range(1, len(events) + 1)):
        return f"its events have the versions {', '.join(str(each.version) for each in events)}"
    if [each.pk for each in events] != sorted(each.pk for each in events):
        return "its events were not written in the order of their versions"
    if broken := _broken_link(events):
        return f"the event of version {broken.version} is not what was written"
    if (events[-1].version, events[-1].target) != (version, status):
        return f"it stands at {status}, version {version}, and its last event says {events[-1].target}, {events[-1].version}"
    return _impossible(events)


def _broken_link(events: Iterable[CaseEvent]) -> CaseEvent | None:
    before = ""
    for event in events:
        if event.chain != link(before, event.said()):
            return event
        before = event.chain
    return None


def _impossible(events: Iterable[CaseEvent]) -> str:
    """A chain that was made anew still has to follow the table of transitions."""
    before = ""
    for event in events:
        if event.source != before or not _is_in_the_table(event):
            return f"the event of version {event.version} is no step of a case"
        before = event.target
    return ""


def _is_in_the_table(event: CaseEvent) -> bool:
    action = next((each for each in Action if each == event.action), None)
    if action is None or event.role != ROLES[action]:
        return False
    if action is Action.SUBMIT:
        return not event.source and event.target == Status.SUBMITTED
    edge = edge_from(Status(event.source), action) if event.source else None
    return edge is not None and (event.target == event.source if edge.stays else event.target in edge.targets)
