"""简体中文, with the official terms of Taiwan."""

from .shape import EntryPageWords

WORDS = EntryPageWords(
    title="学生自行申请线上申办系统",
    slug="entry",
    introduction="请选择您的学生身份，先了解可以申办的项目、应附文件、费用与处理时间，再开始申请。",
    search_description="学生自行申请线上申办系统整合式单一入口：依学生身份了解申办项目、应附文件、费用与处理时间。",
    steps={
        "注册账号": "填写注册表单，点击 Email 里的认证网址完成开通。",
        "线上申办": "输入许可证号码、填写申请书、上传应附文件，提交后取得收件号。",
        "审核": "审核人员审查案件；需要补正(件)时，以 Email 通知并说明审核意见。",
        "线上缴费": "收到核准待缴费通知 Email 后，登录系统完成缴费。不收费的项目，没有这个步骤。",
        "下载": "下载电子入出境许可证及电子收据（PDF），自行打印使用。",
    },
)
