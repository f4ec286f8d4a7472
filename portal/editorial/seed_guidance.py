"""What guidance says on a fresh site, by place: 正體中文, English, 简体中文; editors change it in the admin."""

from typing import Final, NamedTuple


class Said(NamedTuple):
    """One text in three languages: a sentence, or the steps of a list."""

    zh_hant: str | tuple[str, ...]
    en: str | tuple[str, ...]
    zh_hans: str | tuple[str, ...]


GUIDANCE: Final[dict[str, Said]] = {
    "accounts.register": Said(
        "持憑單次入出境證入境來臺，並完成學校報到及註冊等就讀手續後，即可註冊帳號。欄位註記 * 為必填欄位。",
        "You can register an account once you have entered Taiwan on a single-entry permit and completed enrolment procedures at "
        "your school, such as reporting and registration. Fields marked * are required.",
        "持凭单次入出境证入境来台，并完成学校报到及注册等就读手续后，即可注册账号。标有 * 的为必填项。",
    ),
    "accounts.registered": Said(
        (
            "開啟信箱裡的「會員信箱認證通知信函」；沒有收到時，請先查看垃圾信件匣。",
            "在 24 小時內點擊信中的認證連結，並按「開通帳號」。",
            "帳號開通後即可登入線上申辦系統；帳號開通前可以重新註冊一次。",
        ),
        (
            "Open the “Member e-mail verification notice” in your mailbox. If it is not there, check your junk mail folder.",
            "Within 24 hours, select the verification link in the e-mail and then “Activate account”.",
            "Once your account is activated, you can log in to the online application system. Until then you can register again.",
        ),
        (
            "打开邮箱里的“会员邮箱认证通知邮件”；没有收到时，请先查看垃圾邮件箱。",
            "在 24 小时内点击邮件中的认证链接，并点击“开通账号”。",
            "账号开通后即可登录线上申办系统；账号开通前可以重新注册一次。",
        ),
    ),
    "accounts.activate": Said(
        "請按「開通帳號」，完成帳號註冊及開通。",
        "Select “Activate account” to complete your registration and activate your account.",
        "请点击“开通账号”，完成账号注册及开通。",
    ),
    "accounts.resend-activation": Said(
        "請輸入註冊時的帳號，系統會寄出新的認證信到註冊時填寫的信箱，先前的認證連結隨即失效。",
        "Enter the account name you registered with. The system will send a new verification e-mail to the address you gave when "
        "you registered, and earlier verification links will stop working.",
        "请输入注册时的账号，系统会发出新的认证邮件到注册时填写的邮箱，先前的认证链接随即失效。",
    ),
    "accounts.login": Said(
        "第一次使用本系統需取得註冊帳號。",
        "You need to register an account to use this system for the first time.",
        "第一次使用本系统需取得注册账号。",
    ),
    "accounts.forgot-password": Said(
        "請輸入帳號等資料，系統會將一次性密碼寄到註冊時的信箱；在您設定新密碼之前，原密碼仍然有效。",
        "Enter your account details. The system will e-mail a one-time password to your registered address; your present "
        "password keeps working until you set a new one.",
        "请输入账号等资料，系统会将一次性密码发到注册时的邮箱；在您设置新密码之前，原密码仍然有效。",
    ),
    "accounts.password": Said(
        "密碼修改成功後，所有裝置都會登出，請以新密碼重新登入。",
        "After you change your password you are logged out on every device. Log in again with the new password.",
        "密码修改成功后，所有设备都会退出登录，请以新密码重新登录。",
    ),
    "accounts.profile": Said(
        "可修改登入帳號及密碼以外的基本資料；Email 變更後，須由新信箱確認。",
        "You can change your details other than the account name and password. A new e-mail address must be confirmed from that "
        "address.",
        "可修改登录账号及密码以外的基本资料；Email 变更后，须由新邮箱确认。",
    ),
    "forms.start": Said("您有尚未送出的草稿。", "You have a draft that has not been submitted.", "您有尚未提交的草稿。"),
    "forms.processing-time": Said(
        "辦理天數：文件齊全者約 2 個工作日。",
        "Processing time: about 2 working days if the documents are complete.",
        "办理天数：文件齐全者约 2 个工作日。",
    ),
    "forms.permit": Said(
        "請輸入許可證號碼；與您的帳號資料相符時，系統自動帶出申請書相關欄位資料。",
        "Enter the permit number. If it matches your account, the system fills in the related fields of the application form.",
        "请输入许可证号码；与您的账号资料相符时，系统自动带出申请书相关资料。",
    ),
    "forms.form": Said(
        "欄位若標註紅色 * 為必填；應檢附文件標註 * 為必上傳檔案。",
        "Fields marked with a red * are required. Required documents marked * must be uploaded.",
        "标有红色 * 的为必填项；标有 * 的应附文件必须上传。",
    ),
    "forms.documents": Said(
        "檔案格式為 JPG|JPEG|PNG|BMP|HEIC|PDF；圖片 25 MB 以內，系統會自動縮小；PDF 10 MB、20 頁以內。"
        "上傳的文件須清晰，身分證及護照上不能加上任何字句或圖樣，如：影印本/COPY 等。",
        "Files must be JPG|JPEG|PNG|BMP|HEIC|PDF: images of no more than 25 MB, which the system makes smaller, and PDF files of "
        "no more than 10 MB and 20 pages. Uploaded documents must be clear. Do not add any words or marks, such as “copy”, to "
        "the identity card or passport.",
        "文件格式为 JPG|JPEG|PNG|BMP|HEIC|PDF；图片 25 MB 以内，系统会自动缩小；PDF 10 MB、20 页以内。"
        "上传的文件须清晰，身份证及护照上不能加上任何字句或图样，如：复印件/COPY 等。",
    ),
    "forms.check": Said(
        "請核對下列資料，確認無誤後送出。送出後在審核完成前仍可撤銷。",
        "Check the details below and submit if they are correct. You can still withdraw the application until the review is "
        "complete.",
        "请核对下列资料，确认无误后提交。提交后在审核完成前仍可撤销。",
    ),
    "forms.sent-with-fee": Said(
        (
            "審核人員審核，文件齊全者約需 2 個工作日。需要補正或補件時，會以 Email 通知您。",
            "審查核准後，系統會寄發待繳費通知，請登入線上繳費。",
            "繳費完成後，即可在下載專區下載電子許可證及收據。",
        ),
        (
            "A reviewer will review the application. This takes about 2 working days if the documents are complete. We will "
            "e-mail you if you need to correct details or send missing documents.",
            "Once the application is approved, the system will send you a payment notice. Log in and pay online.",
            "Once you have paid, you can download the electronic permit and receipt from Downloads.",
        ),
        (
            "审核人员审核，文件齐全者约需 2 个工作日。需要补正或补件时，会以 Email 通知您。",
            "审查核准后，系统会发送待缴费通知，请登录线上缴费。",
            "缴费完成后，即可在下载专区下载电子许可证及收据。",
        ),
    ),
    "forms.sent-without-fee": Said(
        (
            "審核人員審核，文件齊全者約需 2 個工作日。需要補正或補件時，會以 Email 通知您。",
            "審查核准後，即可在下載專區下載電子許可證。",
        ),
        (
            "A reviewer will review the application. This takes about 2 working days if the documents are complete. We will "
            "e-mail you if you need to correct details or send missing documents.",
            "Once the application is approved, you can download the electronic permit from Downloads.",
        ),
        (
            "审核人员审核，文件齐全者约需 2 个工作日。需要补正或补件时，会以 Email 通知您。",
            "审查核准后，即可在下载专区下载电子许可证。",
        ),
    ),
    "my_cases.drafts": Said(
        "尚未送出的申請。您填寫的資料與上傳的檔案都已保存。",
        "Applications you have not submitted yet. The details you entered and the files you uploaded have been saved.",
        "尚未提交的申请。您填写的资料与上传的文件都已保存。",
    ),
    "my_cases.corrections": Said(
        "請依審核意見於期限內完成補正(件)後送出；逾期未補正者，不予許可。",
        "Correct the application, or send the missing documents, as the reviewer’s comments say, and submit it before the "
        "deadline. After the deadline the application is refused.",
        "请依审核意见于期限内完成补正(件)后提交；逾期未补正者，不予许可。",
    ),
    "my_cases.progress": Said(
        "輸入「團號」或「收件號」，點選【查詢】鈕，即可獲悉案件目前的審核狀態。",
        "Enter a group number or a case number and select “Search” to see how far the review of your case is.",
        "输入“团号”或“收件号”，点击【查询】，即可获悉案件目前的审核状态。",
    ),
    "my_cases.withdraw": Said(
        "尚未完成審查的案件，可自行撤銷；撤銷後無法復原，如仍需辦理，請重新申請。",
        "You can withdraw a case whose review is not finished. This cannot be undone; if you still need the permit, apply again.",
        "尚未完成审查的案件，可自行撤销；撤销后无法恢复，如仍需办理，请重新申请。",
    ),
    "payments.list": Said(
        "勾選團號前方空格後，點選【繳費】鍵進行多團繳費，或點入任一團號即可做單團繳費程序。",
        "Tick the box next to each group number and select “Pay” to pay for several groups, or select a group number to pay for "
        "that group only.",
        "勾选团号前方空格后，点击【缴费】进行多团缴费，或点入任一团号即可做单团缴费程序。",
    ),
    "payments.bill": Said(
        "檢查總金額無誤後，點選【確認繳費】。",
        "Check that the total amount is correct, then select “Confirm payment”.",
        "检查总金额无误后，点击【确认缴费】。",
    ),
    "payments.method": Said(
        "請選擇繳費方式後，點選【繳費】。",
        "Choose a payment method, then select “Pay”.",
        "请选择缴费方式后，点击【缴费】。",
    ),
    "payments.leave": Said(
        "請按【前往繳費】，至金融機構之繳費頁繼續繳費。",
        "Select “Go to payment” to continue on the financial institution’s payment page.",
        "请点击【前往缴费】，到金融机构的缴费页继续缴费。",
    ),
    "downloads.permits": Said(
        "請以 A4 白紙、彩色、原尺寸列印電子入出境許可證，不得使用回收紙；入出境時請與旅行證件一併出示。",
        "Print the electronic entry and exit permit in colour at actual size on white A4 paper. Do not use recycled paper. "
        "Present it with your travel document when entering and leaving.",
        "请以 A4 白纸、彩色、原尺寸打印电子入出境许可证，不得使用回收纸；入出境时请与旅行证件一并出示。",
    ),
    "downloads.query": Said(
        "輸入「團號」、「收件號」或「繳費日期區間」其一資訊，點選【查詢】鈕進行查詢。",
        "Enter a group number, a case number or a range of payment dates, then select “Search”.",
        "输入“团号”、“收件号”或“缴费日期区间”其一信息，点击【查询】进行查询。",
    ),
    "verification.typed": Said(
        "查驗電子入出境許可證與電子收據的真偽。",
        "Check whether an electronic entry and exit permit or electronic receipt is genuine.",
        "查验电子入出境许可证与电子收据的真伪。",
    ),
}
