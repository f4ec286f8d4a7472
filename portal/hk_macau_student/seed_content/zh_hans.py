"""简体中文, with the official terms of Taiwan."""

from .shape import HkMacauStudentPageWords

WORDS = HkMacauStudentPageWords(
    title="港澳侨生自行申请线上申办系统",
    slug="hk-macau-student",
    introduction="港澳侨生的线上申办即将开放。开放前，请循现行渠道办理；开放的日期与可以申办的项目，会在这一页公告。",
    search_description="港澳侨生线上申办即将开放：开放的日期与可以申办的项目，会在这一页公告。",
    card_text="线上申办即将开放",
    faq={
        "现在可以先注册账号吗？": "<p>还不行。注册与线上申办会同时开放。</p>",
        "可以用大陆学生的账号登录吗？": "<p>不行。每一种学生身份有自己的登录页与账号，账号只能登录所属的系统。</p>",
    },
)
