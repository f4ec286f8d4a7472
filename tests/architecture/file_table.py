"""What guards each file that is kept and each form that takes one. A new one without a row fails test_files_are_guarded.py,
and a page that takes one without a row in ROOM fails test_room_for_files.py."""

from django.conf import settings

from portal.downloads import verification
from portal.payments.cashier import settlement
from portal.records import imports

APPLICANTS = "decoded and written anew by portal.uploads; private storage; sent by portal.core.files"
OURS = "made by the portal itself; private storage; sent by portal.core.files"
DOCUMENTS = "PDF by name and content, limited in size (portal.uploads.document_forms); sent as a download by cms.document_views"
PICTURES = "decoded and written anew by portal.uploads (portal.uploads.picture_forms); private storage; never sent"
RECORDS = "limited in size, read as CSV; private storage; never sent; gone when it is taken over, or after a day"
DRAWN = "drawn from a clean picture; the only public files"
COMPARED = "limited in size, hashed and thrown away; nothing in it is opened (portal.pdf.signing.check)"
CLOSED = "no address takes one any more (portal.core.middleware, portal.cms.wagtail_hooks)"

KEPT = {
    "portal_forms.DraftUpload.file": APPLICANTS,
    "portal_cases.Document.file": APPLICANTS,
    "portal_downloads.IssuedDocument.file": OURS,
    "portal_payments.Payment.slip_file": OURS,
    "portal_records.RecordsImport.applicants": RECORDS,
    "portal_records.RecordsImport.permits": RECORDS,
    "wagtaildocs.Document.file": DOCUMENTS,
    "wagtailimages.Image.file": PICTURES,
    # Between the two requests by which many files come in: what the form has cleaned in place.
    "wagtailcore.UploadedFile.file": f"{DOCUMENTS}; {PICTURES}",
    "wagtailimages.Rendition.file": DRAWN,
    "wagtailusers.UserProfile.avatar": CLOSED,
}
PUBLIC = {"wagtailimages.Rendition.file"}
TAKEN = {
    "ImportForm.applicants": RECORDS,
    "ImportForm.permits": RECORDS,
    "SettlementForm.file": "limited in size, read as CSV in memory; not kept",
    "DocumentForm.file": DOCUMENTS,
    "PictureForm.file": PICTURES,
    "VerifiedFileForm.file": COMPARED,
    "AvatarPreferencesForm.avatar": CLOSED,
    "ImportForm.import_file": CLOSED,
}
EDITORS_FILES = [
    *("wagtaildocs:add", "wagtaildocs:add_multiple", "wagtaildocs:edit", "wagtaildocs_chooser:create"),
    *("wagtailimages:add", "wagtailimages:add_multiple", "wagtailimages:edit", "wagtailimages_chooser:create"),
]
# What the files of one request may have together, in bytes, by the address that they are sent to.
ROOM = {
    "forms:step": 2 * settings.UPLOAD_PICTURE_BYTES,
    "my_cases:correction": 2 * settings.UPLOAD_PICTURE_BYTES,
    "verification:file": verification.FILE_MAX,
    "records-clerks:imports": 2 * imports.MAX_BYTES,
    "cashier:settlements": settlement.MAX_BYTES,
    **dict.fromkeys(EDITORS_FILES, settings.UPLOAD_MAX_BYTES),
}
