"""What an empty field says, in each language."""

import pytest
from django import forms
from django.utils.translation import override

from portal.fields.asking import ask_for, in_sentence


@pytest.mark.parametrize(
    ("language", "label", "said"),
    [
        ("zh-hant", "帳號", "請輸入帳號"),
        ("zh-hant", "Email 信箱", "請輸入 Email 信箱"),
        ("zh-hans", "Email 邮箱", "请输入 Email 邮箱"),
        ("en", "Account name", "Enter your account name"),
        ("en", "E-mail address", "Enter your e-mail address"),
        ("en", "Chinese name", "Enter your Chinese name"),
        ("en", "UI No.", "Enter your UI No."),
        ("en", "Mainland Residents Travel Permit number", "Enter your Mainland Residents Travel Permit number"),
        ("en", "Father: Name", "Please answer “Father: Name”"),
    ],
)
def test_an_empty_line_is_asked_for(language: str, label: str, said: str) -> None:
    with override(language):
        assert str(ask_for(forms.CharField(label=label))) == said


def test_a_choice_is_selected_and_a_question_answered() -> None:
    with override("en"):
        assert str(ask_for(forms.ChoiceField(label="School"))) == "Select your school"
        asked = "Are you in a dual-degree programme?"
        assert str(ask_for(forms.ChoiceField(label=asked))) == f"Please answer “{asked}”"
        assert str(in_sentence("Both sides of the card")) == "both sides of the card"
