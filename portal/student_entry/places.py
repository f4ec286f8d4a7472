"""Where notices stand on the entry page."""

from portal.editorial import scopes
from portal.editorial.scopes import Flow

scopes.register(Flow("entry", "單一入口形象頁（公告區）"))
