"""What the entry page says on a fresh site; editors change it in the admin."""

ENTRY = {
    "title": "學生自行申請線上申辦系統",
    "slug": "entry",
    "introduction": "請選擇您的學生身分，先了解可以申辦的項目、應檢附文件、費用與處理時間，再開始申請。",
    "search_description": "學生自行申請線上申辦系統整合式單一入口：依學生身分了解申辦項目、應檢附文件、費用與處理時間。",
}
STEPS = [
    ("step", {"title": "註冊帳號", "text": "填寫註冊表單，點擊 Email 裡的認證網址完成開通。"}),
    ("step", {"title": "線上申辦", "text": "輸入許可證號碼、填寫申請書、上傳應檢附文件，送出後取得收件號。"}),
    ("step", {"title": "審核", "text": "審核人員審查案件；需要補正(件)時，以 Email 通知並說明審核意見。"}),
    ("step", {"title": "線上繳費", "text": "收到核准待繳費通知 Email 後，登入系統完成繳費。"}),
    ("step", {"title": "下載", "text": "下載電子入出境許可證及電子收據（PDF），自行列印使用。"}),
]
