"""`manage.py write_error_pages FOLDER`: the pages that the web server shows where the portal does not answer."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

# Title, what happened, what to do; nginx names the files by status and language (deploy/nginx/portal.conf).
PAGES: Final = {
    413: (
        _("檔案太大"),
        _("這次送出的內容超過上限，沒有被接受。"),
        _("圖片以 25 MB、PDF 檔以 10 MB 為限；請回到上一頁，縮小檔案或分次上傳。先前已儲存的內容不受影響。"),
    ),
    429: (
        _("請稍後再試"),
        _("您所在的網路在短時間內送出太多要求，這一次沒有處理。"),
        _("請等待約半分鐘，回到上一頁再試一次。已送出的申請與繳費不會遺失。"),
    ),
    503: (
        _("系統維護中"),
        _("系統暫時沒有回應，可能正在更新。"),
        _("請稍候幾分鐘再試。已送出的申請與繳費不會遺失。"),
    ),
    504: (
        _("系統忙碌中"),
        _("系統未能在時限內回應，這次的要求可能已經處理，也可能沒有。"),
        _("請先回到待辦事項或線上繳費查看結果，再決定是否重新送出。"),
    ),
}


class Command(BaseCommand):
    help = "Write the web server's error pages, one file a status and language."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            self._write(folder)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        self.stdout.write(f"{len(PAGES) * len(settings.LANGUAGES)} pages are in {folder}")

    def _write(self, folder: Path) -> None:
        for language, _name in settings.LANGUAGES:
            (folder / language).mkdir(parents=True, exist_ok=True)
            for status, (title, lead, advice) in PAGES.items():
                words = {"status": status, "title": title, "lead": lead, "advice": advice}
                with translation.override(language):
                    page = render_to_string("portal/errors/front.html", words)
                (folder / language / f"{status}.html").write_text(page, encoding="utf-8")
