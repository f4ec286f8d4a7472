"""Why an uploaded file was not taken, in words that say how to go on."""

import enum
from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.core.categories import StrOrPromise

from .decoder.problems import FileWarning, Reason


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
    FileProblem.WRONG_TYPE: _("檔案格式不符，請上傳 JPG、JPEG、PNG、BMP、HEIC 或 PDF 檔，且副檔名須與內容相同"),
    FileProblem.TOO_BIG: _("檔案太大，圖片不得超過 25 MB，PDF 檔不得超過 10 MB，請縮小後再上傳"),
    FileProblem.EMPTY: _("檔案是空的，請重新選擇檔案"),
    FileProblem.DAMAGED: _("檔案損壞，無法開啟，請重新掃描或另存新檔後再上傳"),
    FileProblem.PASSWORD_PROTECTED: _("檔案須輸入密碼才能開啟，請取消密碼、另存新檔後再上傳"),
    FileProblem.TOO_MANY: _("檔案數量超過上限，請先移除不需要的檔案"),
    FileProblem.TOO_COMPLEX: _("檔案內容過於複雜，系統無法處理，請重新掃描或另存成較簡單的檔案後再上傳"),
    FileProblem.BUSY: _("系統忙碌，這個檔案尚未收下，請稍後再試"),
    FileProblem.UPLOAD_FAILED: _("檔案上傳失敗，請再試一次"),
}
PICTURES_ONLY = _("檔案格式不符，照片請上傳 JPG、JPEG、PNG、BMP 或 HEIC 圖檔，且副檔名須與內容相同")
HEIC_TOO_COMPLEX = _("這個 HEIC 圖檔系統無法轉換，請另存為 JPG 檔後再上傳")
# Read by editors, in the admin.
EDITORS_PICTURES_ONLY = "檔案格式不符，請上傳 JPG、JPEG、PNG、WebP、AVIF 或 HEIC 圖檔，且副檔名須與內容相同"
EDITORS_TOO_BIG = "檔案太大，單一檔案不得超過 10 MB"
TOO_MANY_PIXELS = _("圖片太大，不得超過 5,200 萬像素，請縮小後再上傳")
TOO_MANY_PAGES = _("檔案頁數太多，不得超過 20 頁，請分成幾個檔案或刪除不需要的頁面後再上傳")


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


WARNINGS: dict[FileWarning, StrOrPromise] = {
    FileWarning.SMALL_PHOTO: _("照片小於 413 × 531 像素，可能因不夠清晰而退請補件；若有較大的照片，建議移除後重新上傳"),
    FileWarning.SMALL_DOCUMENT: _("這張圖的像素太少（長邊不到 600 像素），文字可能無法辨識；建議移除後重新拍攝或掃描"),
    FileWarning.BLANK: _("這張圖看起來是空白的，請檢視是否選錯檔案"),
    FileWarning.DARK: _("這張圖看起來太暗，可能無法辨識，建議移除後在明亮處重新拍攝"),
    FileWarning.BLURRED: _("這張圖看起來模糊，請檢視文字與五官是否清楚；若不清楚，建議移除後重新拍攝或掃描"),
    FileWarning.BACKGROUND: _("照片的背景看起來不是白色，可能退請補件；建議移除後改用白色背景的照片"),
    FileWarning.HEAD_SMALL: _("頭部在照片中看起來太小（頭頂至下巴應為 3.2 至 3.6 公分），可能退請補件；建議移除後重新裁切上傳"),
    FileWarning.HEAD_LARGE: _("頭部在照片中看起來太大，或頭頂被裁掉（頭頂至下巴應為 3.2 至 3.6 公分），建議移除後重新裁切上傳"),
    FileWarning.HEAD_ASIDE: _("頭部看起來不在照片正中央，建議移除後重新裁切上傳"),
}


# The same for officers, in few words.
OFFICERS_WARNINGS: dict[str, str] = {
    FileWarning.SMALL_PHOTO: "照片像素不足",
    FileWarning.SMALL_DOCUMENT: "像素太少",
    FileWarning.BLANK: "空白",
    FileWarning.DARK: "太暗",
    FileWarning.BLURRED: "模糊",
    FileWarning.BACKGROUND: "背景不是白色",
    FileWarning.HEAD_SMALL: "頭部太小",
    FileWarning.HEAD_LARGE: "頭部太大",
    FileWarning.HEAD_ASIDE: "頭部不在正中",
}


def warnings_in_words(codes: Iterable[str]) -> list[StrOrPromise]:
    """What is odd about a file, for its owner."""
    return [words for code, words in WARNINGS.items() if code in set(codes)]


def _full(most: int) -> str:
    said = ngettext(
        "本項最多 {most} 個檔案，已經放滿；要更換時，請先移除不需要的檔案",
        "本項最多 {most} 個檔案，已經放滿；要更換時，請先移除不需要的檔案",
        most,
    )
    return said.format(most=most)


_full_in_words = lazy(_full, str)


def slot_is_full(most: int) -> FileRefused:
    """The refusal of one file more than there is room for."""
    return FileRefused(FileProblem.TOO_MANY, _full_in_words(most))
