"""The block 親屬狀況: 父, 母, 配偶 and two 子女, as the agency's own form asks for them (domain.md 1.5, block E).

Whether each parent lives is asked, and the name of who does; the rest helps the officer and may be left out (個資法 §5).
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.conditions import only_if

from .blocks import BORN, Block, one_section
from .choices import ALIVE, CHILD_STATUS, OCCUPATIONS, PARENT_STATUS, SPOUSE_STATUS
from .fields import day, mobile_no, pick, text, tick

RELATIVES = {
    "father": (_("父"), PARENT_STATUS),
    "mother": (_("母"), PARENT_STATUS),
    "spouse": (_("配偶"), SPOUSE_STATUS),
    "child1": (_("子女一"), CHILD_STATUS),
    "child2": (_("子女二"), CHILD_STATUS),
}
# What is asked of who lives, under the name of the relative.
ASKED = ("name", "birth_date", "phone", "occupation", "unit", "title", "same_address", "address")


def of(relative: str) -> Iterator[tuple[str, forms.Field]]:
    """The fields of one relative, by name."""
    who, statuses = RELATIVES[relative]

    def label(what: Any) -> Any:
        return format_lazy(_("{who}{what}"), who=who, what=what)

    status: dict[str, Any] = {} if statuses is PARENT_STATUS else {"required": False, "initial": ""}
    yield f"{relative}_status", pick(label(_("存歿")), statuses, radio=True, **status)
    yield f"{relative}_name", text(label(_("姓名")))
    yield f"{relative}_birth_date", day(label(_("出生日期（西元）")), span=BORN, required=False)
    yield f"{relative}_phone", mobile_no(label(_("電話")), required=False, help_text=_("臺灣以外請加國碼。"))
    yield f"{relative}_occupation", pick(label(_("現職")), OCCUPATIONS, required=False)
    yield f"{relative}_unit", text(label(_("服務單位")), required=False)
    yield f"{relative}_title", text(label(_("職稱")), required=False)
    yield f"{relative}_same_address", tick(label(_("現居地址同申請人海外地址")), initial=True)
    yield f"{relative}_address", text(label(_("現居地址")), length=120)


class Family(Block):
    """親屬狀況."""

    sections = one_section(
        _("親屬狀況"),
        tuple(f"{relative}_{what}" for relative in RELATIVES for what in ("status", *ASKED)),
        _("健在者請填寫姓名，其餘可不填。"),
    )
    conditions = {
        **{f"{relative}_{what}": only_if(f"{relative}_status", ALIVE) for relative in RELATIVES for what in ASKED},
        **{f"{relative}_address": only_if(f"{relative}_same_address", False) for relative in RELATIVES},
    }
    reusable: ClassVar[tuple[str, ...]] = sections[0].fields
    vars().update(field for relative in RELATIVES for field in of(relative))

    def clean(self) -> None:
        self.not_in_future(*(f"{relative}_birth_date" for relative in RELATIVES))
        super().clean()
