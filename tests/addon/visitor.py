"""Run inside the new site: one made-up student reads its pages, registers, logs in and sends an application, over HTTP.

usage: visitor.py FOLDER ADDRESS. Prints what the test asks for: where `portal` came from, the pages' titles, the case number.
"""

import json
import sys
from pathlib import Path

import django
from django import forms

django.setup()

import portal  # noqa: E402
from tests.bench.journey import Journey, records  # noqa: E402


class OwnForm(forms.Form):
    """A form of the site's own."""

    name = forms.CharField()


LANDING = {"zh-hant": "/student/entry/", "en": "/en/student/entry/", "zh-hans": "/zh-hans/student/entry/"}


def main(folder: str, address: str) -> None:
    [student] = records(Path(folder), 1)
    journey = Journey(address, student, on_sample=lambda sample: None)
    titles = {}
    for language, path in LANDING.items():
        page = journey.browser.open(address + path, step="landing page")
        titles[language] = page.tree.get("lang"), page.tree.find(".//h1").text_content().strip()
    style = journey.browser.page.tree.find(".//link[@rel='stylesheet']").get("href")
    journey.browser.open(style, step="style sheet")
    journey.browser.open(address, step="landing page")
    journey.register()
    journey.log_in()
    journey.apply()
    said = {"portal": portal.__file__, "titles": titles, "style": style, "case": journey.case_no, "form": OwnForm().as_div()}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
