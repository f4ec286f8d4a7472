"""The grounds of refusal of a fresh site are the law's: 就讀辦法 §11 I whole, 許可辦法 §12 by its bridge, with articles."""

import pytest

from portal.cases.reasons import RejectReason
from portal.china_student.reasons import REJECT_REASONS

BY_CODE = {reason.code: reason for reason in REJECT_REASONS}
# 就讀辦法 §11 I, in its order; the sixth is a breach of other laws.
STUDY = ["violence", "sedition", "serious_crime", "party_post", "article_18", "other_law"]


def test_none_of_the_six_grounds_is_left_out() -> None:
    assert [code for code in BY_CODE if code in STUDY] == STUDY


@pytest.mark.parametrize("reason", REJECT_REASONS, ids=lambda reason: reason.code)
def test_each_ground_names_the_article_that_holds_it(reason: RejectReason) -> None:
    law = str(reason.law)
    assert law.startswith("大陸地區人民來臺就讀專科以上學校辦法第11條第1項")
    if reason.code not in STUDY[:-1]:
        assert law.endswith("第6款、大陸地區人民進入臺灣地區許可辦法第12條")  # the bridge, and what is on the other side


@pytest.mark.parametrize("limit", ["2年至5年", "1年至3年", "在學期間逾期停留者不在此限"])
def test_the_limits_of_the_law_stand_with_their_ground(limit: str) -> None:
    assert limit in str(BY_CODE["article_18"].law)
