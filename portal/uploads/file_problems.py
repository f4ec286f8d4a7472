"""Why an uploaded file was not taken, in words that say how to go on."""

import enum

from django.utils.translation import gettext_lazy as _

from portal.core.categories import StrOrPromise

from .decoder.problems import Reason


class FileProblem(enum.StrEnum):
    """The ten things that can be wrong with an upload."""

    NONE_CHOSEN = "none_chosen"
    WRONG_TYPE = "wrong_type"
    TOO_BIG = "too_big"
    EMPTY = "empty"
    DAMAGED = "damaged"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - a reason, not a secret
    TOO_MANY = "too_many"
    TOO_COMPLEX = "too_complex"
    BUSY = "busy"
    UPLOAD_FAILED = "upload_failed"


MESSAGES: dict[FileProblem, StrOrPromise] = {
    FileProblem.NONE_CHOSEN: _("尚未選擇檔案，請先選擇要上傳的檔案"),
    FileProblem.WRONG_TYPE: _("檔案格式不符，請上傳 JPG、JPEG、PNG、BMP 或 PDF 檔，且副檔名須與內容相同"),
    FileProblem.TOO_BIG: _("檔案太大，單一檔案不得超過 10 MB"),
    FileProblem.EMPTY: _("檔案是空的，請重新選擇檔案"),
    FileProblem.DAMAGED: _("檔案損壞，無法開啟，請重新掃描或另存新檔後再上傳"),
    FileProblem.PASSWORD_PROTECTED: _("檔案設有密碼或使用限制，請解除保護後再上傳"),
    FileProblem.TOO_MANY: _("檔案數量超過上限，請先移除不需要的檔案"),
    FileProblem.TOO_COMPLEX: _("檔案內容過於複雜，系統無法處理，請重新掃描或另存成較簡單的檔案後再上傳"),
    FileProblem.BUSY: _("系統忙碌，這個檔案尚未收下，請稍後再試"),
    FileProblem.UPLOAD_FAILED: _("檔案上傳失敗，請再試一次"),
}
PICTURES_ONLY = _("檔案格式不符，照片請上傳 JPG、JPEG、PNG 或 BMP 圖檔，且副檔名須與內容相同")
# Read by editors, in the admin.
EDITORS_PICTURES_ONLY = "檔案格式不符，請上傳 JPG、JPEG、PNG、WebP 或 AVIF 圖檔，且副檔名須與內容相同"
TOO_MANY_PIXELS = _("圖片太大，不得超過 5 千萬像素，請縮小後再上傳")
TOO_MANY_PAGES = _("檔案頁數太多，不得超過 20 頁")


class FileRefused(Exception):
    """A file was not taken: `reason` for the program, `message` for the person."""

    def __init__(self, reason: FileProblem, message: StrOrPromise = "") -> None:
        self.reason = reason
        self.message = message or MESSAGES[reason]
        super().__init__(reason)

    @classmethod
    def by_decoder(cls, reason: Reason) -> "FileRefused":
        """What the decoder's reason is to the person."""
        return cls(*DECODERS_REASONS[reason])


DECODERS_REASONS: dict[Reason, tuple[FileProblem, StrOrPromise]] = {
    Reason.DAMAGED: (FileProblem.DAMAGED, ""),
    Reason.PASSWORD_PROTECTED: (FileProblem.PASSWORD_PROTECTED, ""),
    Reason.TOO_MANY_PIXELS: (FileProblem.TOO_BIG, TOO_MANY_PIXELS),
    Reason.TOO_MANY_PAGES: (FileProblem.TOO_BIG, TOO_MANY_PAGES),
    Reason.TOO_COMPLEX: (FileProblem.TOO_COMPLEX, ""),
}


class FileWarning(enum.StrEnum):
    """What is odd about a file that was taken all the same."""

    SMALL_PHOTO = "small_photo"


WARNINGS: dict[FileWarning, StrOrPromise] = {
    FileWarning.SMALL_PHOTO: _("照片小於 413 × 531 像素，可能因不夠清晰而退請補件；若有較大的照片，建議移除後重新上傳"),
}
