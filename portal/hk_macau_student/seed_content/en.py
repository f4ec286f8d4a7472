"""English."""

from .shape import HkMacauStudentPageWords

WORDS = HkMacauStudentPageWords(
    title="Online application system for students from Hong Kong and Macau and overseas Chinese students",
    slug="hk-macau-student",
    introduction=(
        "Online applications for students from Hong Kong and Macau and for overseas Chinese students open soon. "
        "Until then, please apply as you do today. This page will say when it opens and what you can apply for."
    ),
    search_description=(
        "Online applications for students from Hong Kong and Macau and for overseas Chinese students open soon. "
        "This page will say when, and what you can apply for."
    ),
    card_text="Online applications open soon",
    faq={
        "Can I register an account now?": "<p>Not yet. Registration opens together with the online applications.</p>",
        "Can I log in with the account of a mainland Chinese student?": (
            "<p>No. Each student status has a log-in page and accounts of its own; an account works in its own system only.</p>"
        ),
    },
)
