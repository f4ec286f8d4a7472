"""English."""

from .shape import EntryPageWords

WORDS = EntryPageWords(
    title="Online applications for students",
    slug="entry",
    introduction=(
        "Choose your student status. See what you can apply for, which documents you need, what it costs and how long it takes. "
        "Then start your application."
    ),
    search_description=(
        "One entry for all student applications: choose your student status to see what you can apply for, "
        "the required documents, fees and processing times."
    ),
    steps={
        "Register an account": "Fill in the registration form, then activate your account with the link in our e-mail.",
        "Apply online": (
            "Enter your permit number, fill in the application form and upload the required documents. "
            "When you submit, you receive a case number."
        ),
        "Review": (
            "A reviewer reviews your application. If something has to be corrected or documents are missing, "
            "we e-mail you, and the reviewer’s comments say what."
        ),
        "Pay online": (
            "When we e-mail you that your application is approved and awaiting payment, log in and pay. "
            "If there is no fee, there is no such step."
        ),
        "Download": "Download your electronic entry and exit permit and receipt as PDF files and print them yourself.",
    },
)
