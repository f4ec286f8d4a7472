"""Who may open which address. A new address without a row here fails test_access.py."""

PUBLIC = "public"  # everybody
STUDENT = "student"  # the logged-in student of the address's category, and of an object its owner only
OFFICER = "officer"  # staff in /admin/ with the permission to review cases
MAIL_STAFF = "mail staff"  # staff in /admin/ who may see letters
NOBODY = "nobody"  # modeladmin brings the address; not even an administrator may use it
GATEWAY = "gateway"  # who signs like the gateway; no session, no CSRF token
DEMO = "demo"  # everybody, in a demonstration; elsewhere the address does not exist
STAFF = "staff"  # Wagtail's own admin, which asks for its own permissions

ACCESS = {
    "core:healthz": PUBLIC,
    "core:readyz": PUBLIC,
    "accounts:login": PUBLIC,
    "accounts:logout": PUBLIC,
    "accounts:register": PUBLIC,
    "accounts:registered": PUBLIC,
    "accounts:activate": PUBLIC,
    "accounts:resend-activation": PUBLIC,
    "accounts:forgot-password": PUBLIC,
    "accounts:new-password": STUDENT,
    "accounts:password": STUDENT,
    "accounts:profile": STUDENT,
    "accounts:email": PUBLIC,
    "accounts:sessions": STUDENT,
    "accounts:session": PUBLIC,  # says that the log-in is over, in a frame, where the log-in page must not be shown
    "my_cases:todo": STUDENT,
    "my_cases:case": STUDENT,
    "my_cases:document": STUDENT,
    "forms:start": STUDENT,
    "forms:step": STUDENT,
    "forms:sent": STUDENT,
    "forms:upload-preview": STUDENT,
    "payments:list": STUDENT,
    "payments:bill": STUDENT,
    "payments:method": STUDENT,
    "payments:result": STUDENT,
    "downloads:permits": STUDENT,
    "downloads:permit-pdf": STUDENT,
    "downloads:receipts": STUDENT,
    "downloads:receipt-pdf": STUDENT,
    "gateways:notify": GATEWAY,
    "gateways:return": GATEWAY,
    "verification:typed": PUBLIC,
    "verification:verify": PUBLIC,
    "captcha-image": PUBLIC,
    "captcha-image-2x": PUBLIC,
    "captcha-audio": PUBLIC,
    "captcha-refresh": PUBLIC,
    "sitemap": PUBLIC,
    "robots": PUBLIC,
    "demo": DEMO,
    "components": DEMO,
    "media": DEMO,
    "mail:mailbox": DEMO,
    "mail:letter": DEMO,
    "sandbank:pay": DEMO,
    "sandbank:card": DEMO,
    "sandbank:challenge": DEMO,
    "sandbank:cancel": DEMO,
    "sandbank:done": DEMO,
    "sandbank:query": DEMO,
    # Pages of the CMS, and the doors that Wagtail brings with them.
    "wagtail_serve": PUBLIC,
    "wagtailcore_login": PUBLIC,
    "wagtailcore_authenticate_with_password": PUBLIC,
    "wagtaildocs_serve": PUBLIC,
    "wagtaildocs_authenticate_with_password": PUBLIC,
    # Ours in the admin.
    "review:decision": OFFICER,
    "review:document": OFFICER,
    "cases_modeladmin_index": OFFICER,
    "mail_outgoingmail_modeladmin_index": MAIL_STAFF,
    "mail_outgoingmail_modeladmin_inspect": MAIL_STAFF,
    "mail_outgoingmail_modeladmin_history": MAIL_STAFF,
    "mail_outgoingmail_modeladmin_create": NOBODY,
    "mail_outgoingmail_modeladmin_edit": NOBODY,
    "mail_outgoingmail_modeladmin_delete": NOBODY,
}
