"""What the landing page says on a fresh site; editors change it in the admin."""

TITLE = "學生線上申辦系統"
HOME = {
    "title": TITLE,
    "slug": "portal",
    "introduction": "來臺就學的學生，可自行在線上申辦入出境許可證：從送件、補正、繳費到下載電子許可證，都在這裡完成。",
    "search_description": "內政部移民署學生線上申辦系統：線上申辦入出境許可證、線上繳費、下載電子許可證及收據。",
}
STUDENT = {"title": "學生", "slug": "student"}
ENTRY_BUTTON = "進入學生申辦入口"
FEATURES = [
    ("feature", {"title": "自行線上送件", "text": "輸入許可證號碼，系統自動帶出申請書資料；應檢附文件可上傳相片或 PDF 檔。"}),
    ("feature", {"title": "隨時掌握進度", "text": "登入後在「待辦事項」即可看到案件目前的審查狀態，審核結果也會以 Email 通知。"}),
    (
        "feature",
        {"title": "繳費後立即下載", "text": "案件核准並完成線上繳費後，立即取得電子入出境許可證及電子收據，自行列印使用。"},
    ),
]
