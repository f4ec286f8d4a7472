"""English. An official term stands in brackets where a student meets it on paper or on the screen."""

from portal.home.seed_content.shape import StandardPageWords

from .shape import ChinaStudentPageWords

EXCHANGE = "Exchange for a multiple-entry permit"
EXTENSION = "Extension of a multiple-entry permit"
CHANGE = "Change of details"
OTHER = "If a reviewer asks for them, or you think that they help the review"

WORDS = ChinaStudentPageWords(
    title="Online application system for mainland Chinese students",
    slug="china-student",
    introduction=(
        "Mainland Chinese students in Taiwan can exchange their permit for a multiple-entry permit, extend it, or change the "
        "details on it online, then pay and download the permit. "
        "If your documents are complete, the review takes about 2 working days."
    ),
    search_description=(
        "Online applications for mainland Chinese students in Taiwan: multiple-entry permit, extension and change of details. "
        "Who can apply, steps, required documents, fees and processing time."
    ),
    card_text="Exchange for a multiple-entry permit, extension, change of details",
    services={
        "Register an account": (
            "You can register once you have entered Taiwan on a single-entry permit and completed enrolment procedures at your "
            "school, such as reporting and registration. Fill in the registration form on the log-in page, then select the link "
            "in our verification e-mail to activate your account."
        ),
        "Log in and log out": (
            "Log in with your account name, your password and the security code. You can log out at any point and return to "
            "the log-in page."
        ),
        EXCHANGE: (
            "Enter your single-entry permit number. If it matches the details of your account, the application form is filled "
            "in from our records for you to complete. You can upload the required documents as PDF files too."
        ),
        "Correct a returned application": (
            "If a reviewer returns your application, you can read the reviewer’s comments here, then correct it or send "
            "the missing documents."
        ),
        EXTENSION: (
            "Enter your multiple-entry permit number. If it matches the details of your account, the application form is filled "
            "in from our records for you to complete. You can upload the required documents as PDF files too."
        ),
        CHANGE: (
            "Enter your multiple-entry permit number. If it matches the details of your account, the application form is filled "
            "in from our records for you to change. You can upload the required documents as PDF files too."
        ),
        "Online payment": (
            "Once your application has been reviewed and approved, we e-mail you that it is awaiting payment. Pay by "
            "international credit card, web ATM, virtual account or the e-government payment platform, or at one of the four "
            "big convenience store chains (7-Eleven, FamilyMart, Hi-Life, OK)."
        ),
        "Download permit and receipt": (
            "As soon as your application is approved and the fee is paid, you receive your electronic entry and exit permit and "
            "your electronic receipt as PDF files to print."
        ),
        "Check application progress": (
            "After you have submitted an application, you can see at any time how far it is and what the status of its review is."
        ),
        "Withdraw an application": (
            "If you no longer need what you applied for, you can withdraw your application yourself as long as the review is not "
            "complete."
        ),
        "Your account": (
            "Once logged in, you can change your password at any time, and keep your basic details up to date (all but the "
            "account name and the password)."
        ),
    },
    eligibility=(
        "<p>These services are for students from the Mainland Area who have permission to study for a degree at a college or "
        "university in Taiwan.</p><ul>"
        "<li><b>Exchange for a multiple-entry permit</b>: you have entered on a single-entry permit, have reported to your "
        "school and registered there, and are still within your stay of 2 months counted from the day after your entry. The "
        "single-entry permit has not been exchanged yet, and you hold no other valid multiple-entry permit.</li>"
        "<li><b>Extension of a multiple-entry permit</b>: you can apply only within the 3 months before your period of stay "
        "ends, and your Mainland Residents Travel Permit for Taiwan must still be valid. If it has less than 1 month left, renew "
        "it soon.</li>"
        "<li><b>Change of details</b>: you hold a valid multiple-entry permit, and something on it is wrong or has changed.</li>"
        "</ul>"
        "<p>While an application is in progress, you cannot submit another of the same type, and with the same permit you apply "
        "for anything else once that case is closed. When you enter your permit number, the system first checks whether you can "
        "apply. If you cannot, it tells you why, and if it is too early, from which day you can.</p>"
        "<p>If you are here on a short-term or exchange programme and do not study for a degree, you cannot apply here. Ask your "
        "school.</p>"
    ),
    steps={
        "Get your number and documents ready": (
            "You need your permit number, your Mainland Residents Travel Permit for Taiwan, and the required documents for your "
            "application, listed below."
        ),
        "Register and activate your account": (
            "If this is your first time, fill in the registration form and activate your account with the link in our e-mail."
        ),
        "Log in and agree to the terms of use": (
            "Log in with your account name, password and the security code, choose an application and agree to the terms of use."
        ),
        "Enter your permit number": (
            "The system compares the permit with your account. If they match, it fills in the application form from our records."
        ),
        "Fill in the form, upload and submit": (
            "Fields marked with a red * are required. A draft is saved after every step. When you submit, you receive a "
            "case number and an e-mail that confirms it."
        ),
        "Review and online payment": (
            "If your documents are complete, the review takes about 2 working days. Once approved, we e-mail you that your "
            "application is awaiting payment: log in and pay. A change of details is free."
        ),
        "Download your permit and receipt": (
            "Once you have paid, download your electronic entry and exit permit and receipt and print them yourself."
        ),
    },
    document_notes={
        "multiple-entry.enrolment": "Issued by your school",
        "multiple-entry.single-permit": "The entry stamp must be easy to see",
        "multiple-entry.other": OTHER,
        "extension.permit": "The permit number must be easy to read",
        "extension.enrolment": "Issued by your school",
        "extension.travel-document": "Not past its date. No words or marks added to it, such as “photocopy/COPY”",
        "extension.other": OTHER,
        "data-change.permit": "The permit number must be easy to read",
        "data-change.other": OTHER,
    },
    document_rules=(
        "<ul><li>Files must be JPG, JPEG, PNG, BMP, HEIC or PDF: pictures of no more than 25 MB, which the system makes smaller "
        "for you, and PDF files of no more than 10 MB and 20 pages. The photo must be a picture file.</li>"
        "<li>Documents must be clear. Do not add any words or marks, such as “photocopy/COPY”, to identity cards or "
        "passports.</li>"
        "<li>You can scan documents or take pictures of them with your phone. Show the whole document, without reflections or "
        "blur.</li>"
        "<li>PDF files must open without a password.</li></ul>"
    ),
    processing=(
        "<p><b>Review</b></p>"
        "<ul><li>If your documents are complete, the review takes about 2 working days.</li>"
        "<li>We e-mail you the result. You can also log in and look at any time.</li></ul>"
        "<p><b>Your deadlines</b></p>"
        "<ul><li>Exchange for a multiple-entry permit: have your health check at a designated hospital in Taiwan within 7 days "
        "of your entry, and apply before your stay of 2 months, counted from the day after your entry, ends. This stay cannot be "
        "extended.</li>"
        "<li>Correction (補正) and missing documents (補件): put things right within 2 months, counted from the day after you "
        "are notified. If you do not, your application will be refused.</li>"
        "<li>Payment: pay by the deadline in the payment notice. If you do not, your application lapses and you have to apply "
        "again.</li>"
        "<li>If the last day of a period is a Sunday, a national holiday or another day off, the next day is the last day. If it "
        "is a Saturday, the period ends the following Monday at noon.</li></ul>"
        "<p><b>How long a permit lasts</b></p>"
        "<ul><li>A multiple-entry permit is valid, and lets you stay, for 2 years counted from the day after it is issued.</li>"
        "<li>Each extension is for up to 2 years. It is for up to 6 months if you have already studied 5 years in a doctoral "
        "programme, 3 years in a master’s programme, 4 years in a bachelor’s programme (if your period of study has been "
        "extended by law, once that has ended), or 2 years in a two-year bachelor’s or associate degree programme. A leave of "
        "absence does not count as study.</li>"
        "<li>For dual degrees the authority sets the period of stay by the period of study that the Ministry of Education "
        "approved.</li>"
        "<li>After a change of details, the new permit is valid, and lets you stay, as long as the one before.</li></ul>"
        "<p>Legal basis: Regulations Governing the Enrollment of People from the Mainland Area in Taiwanese Colleges and Above; "
        "Regulations Governing the Approval of Entry of People of the Mainland Area into the Taiwan Area; the fee standards for "
        "entry and exit permits of people of the Mainland Area and residents of Hong Kong and Macao; Administrative Procedure "
        "Act.</p>"
    ),
    faq={
        "Registration says “No such student was found”. What should I do?": (
            "<p>Check that your Chinese name, date of birth, permit number and school are exactly the same as on your entry and "
            "exit permit, on your Mainland Residents Travel Permit for Taiwan and in your school’s records. Enter your name in "
            "the traditional Chinese characters that are on your permit.</p>"
            "<p>After several attempts that do not match, you have to wait before you can try again. If everything is correct "
            "and you are still not found, call the helpline.</p>"
        ),
        "I did not receive the verification e-mail. What should I do?": (
            "<p>Check your junk mail folder first. If it is not there, select “Resend verification e-mail” on the "
            "log-in page and enter your account name. The system sends it again.</p>"
            "<p>The link is valid for 24 hours. Use the link in the latest e-mail.</p>"
        ),
        "Where do I find my UI No., permit number and travel permit number?": (
            "<ul><li>UI No. (統一證號): on your entry and exit permit, 10 characters, 1 or 2 letters followed by numbers.</li>"
            "<li>Permit number (許可證號碼): on your entry and exit permit, 12 digits. To register, enter that of any of your "
            "permits; for an exchange, that of your single-entry permit; for an extension or a change of details, that of your "
            "multiple-entry permit.</li>"
            "<li>Mainland Residents Travel Permit for Taiwan number: L or T and 8 digits. Travel permits for Hong Kong and Macao "
            "cannot be used.</li></ul>"
        ),
        "What if my permit number is not found or does not match my account?": (
            "<p>“No such permit number was found”: check the 12 digits, and check that it is the single-entry or multiple-entry "
            "permit that this application asks for.</p>"
            "<p>“The account does not match the permit’s holder”: the permit does not belong to the account that you are logged "
            "in with. Use your own account and your own permit.</p>"
            "<p>If everything is correct and you still cannot continue, call the helpline.</p>"
        ),
        "What if I do not meet the conditions for applying?": (
            "<p>The page tells you why. If it is too early for an extension, it shows the day from which you can apply. Come "
            "back on or after that day.</p>"
            "<p>If the period of stay of your permit has ended, you cannot apply online. Contact your school or a service "
            "station of the National Immigration Agency as soon as possible.</p>"
        ),
        "What if a file is too large or cannot be uploaded?": (
            "<p>Pictures of up to 25 MB and PDF files of up to 10 MB are fine. The system makes pictures smaller, so you do not "
            "have to. If a file cannot be uploaded, do what the message says: save it in an accepted format, remove the password "
            "of the PDF, or scan a damaged file again.</p>"
        ),
        "Can I leave in the middle of an application?": (
            "<p>Yes. A draft is saved after every step, and files that you have uploaded are kept. Log in again and continue "
            "in your “To-do list”. You are logged out automatically after 15 minutes without activity.</p>"
        ),
        "Do both sides of a card go into one file?": (
            "<p>As you like: both sides in one file, or in two files, uploaded to the same item. How many files an item takes "
            "stands beside it.</p>"
        ),
        "May my school apply for me, and what if both of us do?": (
            "<p>Schools help with exchange and extension, as the law says. Agree with your school who applies, and send one "
            "application only. If the school has sent it, do not send another; one that you sent here can be withdrawn until its "
            "review is complete.</p>"
        ),
        "My application was returned. What should I do?": (
            "<p>When you receive our e-mail, log in and open it under “Returned cases”. Follow the reviewer’s comments at the "
            "top, then submit:</p>"
            "<ul><li>Returned for correction (補正): you can change every field of the form and upload documents again.</li>"
            "<li>Returned for missing documents (補件): the form cannot be changed. You can upload documents again or "
            "delete them.</li></ul>"
            "<p>Do this within 2 months, counted from the day after you are notified. If you want to explain something to the "
            "reviewer, you can reply to the reviewer’s comments.</p>"
        ),
        "Can I change or withdraw an application after I have submitted it?": (
            "<p>You cannot change it yourself, so check everything on the page before you submit.</p>"
            "<p>You can withdraw it until the review is complete: go to “Withdraw a case”, enter the group number or the "
            "case number, agree to the declaration and confirm. This cannot be undone. If you still need the "
            "permit, apply again.</p>"
        ),
        "How can I pay, and when does the payment arrive?": (
            "<p>You pay only once your application is approved. You can pay for several applications together.</p>"
            "<ul><li>International credit card: VISA, MasterCard or JCB, not issued by the Bank of Taiwan. Immediate.</li>"
            "<li>Web ATM: you need a card reader and an ATM card. Immediate.</li>"
            "<li>E-government payment platform: by transfer from a bank account, web ATM or credit card. Immediate.</li>"
            "<li>Virtual account: download a payment slip and pay at a counter of the Bank of Taiwan. You can download the "
            "receipt after 2 days.</li>"
            "<li>Convenience store: download a payment slip and pay at 7-Eleven, FamilyMart, Hi-Life or OK. You can download the "
            "receipt after 2 to 3 working days.</li></ul>"
            "<p>Pay the amount due in full, at once. Some ways cost a handling fee, which you see before you pay. The payment "
            "page lists the ways that are open to you.</p>"
        ),
        "When can I download my permit and receipt?": (
            "<p>Once your payment has arrived, under “Download permits” and “Download receipts” in Downloads, as PDF files. "
            "You can download them again. A change of details is free: you can download the permit once it is approved, and "
            "there is no receipt.</p>"
        ),
        "How do I print my permit?": (
            "<p>Print it in colour at actual size on white A4 paper. Do not use recycled paper. Present it with your travel "
            "document when entering and leaving.</p>"
        ),
        "What if I lose the printed permit, or it is damaged?": (
            "<p>You can download the electronic permit again: print it in colour once more. You do not need to apply again. If "
            "the lost one had stamps of entry and exit and you have to prove those dates, ask a service station of the National "
            "Immigration Agency for a certificate of entry and exit dates.</p>"
        ),
        "What if my permit ends while I am abroad?": (
            "<p>Look at the end of your stay before you leave: you can apply for an extension within the 3 months before it. "
            "Once the stay has ended you can neither enter with this permit nor extend it. Contact your school as soon as "
            "possible about entering again.</p>"
        ),
        "What if the last day of a deadline is a Saturday or a holiday?": (
            "<p>If it is a Sunday, a national holiday or another day off, the next day is the last day. If it is a Saturday, the "
            "period ends the following Monday at noon. The deadlines shown on your cases follow the government’s office calendar "
            "already.</p>"
        ),
        "What if I change schools or go on to another degree?": (
            "<p>If you hold a valid multiple-entry permit, the admitting school applies for the change once you have registered: "
            "you do not apply yourself. If you hold none, enter on a single-entry permit and apply to exchange it.</p>"
            "<p>The changed permit lets you stay until the same day as before. If that is not enough, apply for an extension "
            "within the 3 months before your period of stay ends. Years of study are counted from the enrolment date of the new "
            "degree.</p>"
        ),
        "How long is an extension if I study a minor or a double major?": (
            "<p>If you have already studied 4 years in a bachelor’s programme, each extension is for up to 6 months. A minor or "
            "a double major does not extend the period of study by law, so the longer limits do not apply.</p>"
        ),
        "Do I need another health check when I resume my studies?": (
            "<p>Not if you handed in a health check certificate earlier in your studies: choose “Yes” in the application for a "
            "multiple-entry permit.</p>"
        ),
        "What if I take a leave of absence, withdraw from school or graduate?": (
            "<p>These are not changes of details: you have to exchange your permit for a single exit permit, and leave. After a "
            "leave of absence, a withdrawal or the loss of student status, exchange it within 10 days from the day after that "
            "takes effect, and leave while the exit permit is valid; after graduation, do both within 1 month. "
            'See <a href="/en/student/entry/china-student/leaving/">When you take a leave of absence, withdraw or graduate</a> '
            "for what to do, where, and by when.</p>"
        ),
        "Have the fines for overstaying gone up?": (
            "<p>No. Those for foreigners went up in 2024. People of the Mainland Area are still fined NT$2,000 to NT$10,000 (Act "
            "Governing Relations between the People of the Taiwan Area and the Mainland Area, Article 87-1).</p>"
        ),
        "May my parents visit me?": (
            "<p>They can apply under the "
            '<a href="https://law.moj.gov.tw/LawClass/LawAll.aspx?pcode=Q0060002">Regulations Governing the Approval of Entry of '
            "People of the Mainland Area into the Taiwan Area</a>, but not in this system. Ask your school or a service station "
            "of the Agency first who applies, and with which documents.</p>"
        ),
        "What if I have forgotten my password?": (
            "<p>Select “Forgotten password” on the log-in page and enter your account name. The system e-mails you a new "
            "password. Log in with it and set a password of your own straight away.</p>"
        ),
    },
    leaving=StandardPageWords(
        title="When you take a leave of absence, withdraw or graduate",
        slug="leaving",
        introduction=(
            "If you take a leave of absence, withdraw, graduate, or change or lose your student status, you have to exchange "
            "your permit for a single exit permit and leave. This page says what to do, and by when."
        ),
        search_description=(
            "Mainland Chinese students who take a leave of absence, withdraw or graduate: by when to get a single exit permit "
            "and leave, what it costs and where; resuming, transferring, the next degree."
        ),
        body=(
            "<h2>Leave of absence, withdrawal, change or loss of student status</h2>"
            "<ol><li>Exchange your multiple-entry permit for a single exit permit (單次出境證) within 10 days, counted from the "
            "day after it takes effect.</li>"
            "<li>Leave while the single exit permit is valid.</li></ol>"
            "<p>These are two different dates: the 10 days are for the exchange, and the day by which you have to leave is on "
            "the single exit permit.</p>"
            "<p>For example, if your leave takes effect on March 2, you count from March 3, and March 12 is the last day for the "
            "exchange. Ask your school on which day it takes effect.</p>",
            "<h2>Graduation</h2>"
            "<p>Get a single exit permit and leave within 1 month after graduation. Both have to be done within this 1 "
            "month.</p>",
            "<h2>How to get a single exit permit</h2>"
            "<ul><li>Where: at any service station of the National Immigration Agency. You cannot apply for it in this "
            "system.</li>"
            "<li>Fee: NT$300.</li>"
            "<li>Documents: ask your school or the service station first.</li></ul>"
            "<p>Your school, too, reports the change of your status to the authorities, as the law requires.</p>",
            "<h2>Resuming your studies after a leave of absence</h2>"
            "<p>Enter again on a single-entry permit, and apply online to exchange it for a multiple-entry permit within your "
            "stay of 2 months, counted from the day after your entry. If you handed in a health check certificate earlier in "
            "your studies, you do not need another.</p>"
            "<p>Semesters of leave do not count as study when your permit is extended.</p>",
            "<h2>Transferring, or going on to another degree</h2>"
            "<p>If you hold a valid multiple-entry permit, the admitting school applies for the change once you have registered: "
            "you do not apply yourself. If you hold none, enter on a single-entry permit and apply to exchange it.</p>",
            "<h2>The last day, and what happens after it</h2>"
            "<p>If the last day of a period is a Sunday, a national holiday or another day off, the next day is the last day. If "
            "it is a Saturday, the period ends the following Monday at noon.</p>"
            "<p>Overstaying is fined NT$2,000 to NT$10,000, and you may not be allowed to come to Taiwan again for 1 to 3 years. "
            "If you cannot make it in time, contact your school or a service station of the Agency as early as you can.</p>",
            "<h2>Legal basis</h2>"
            '<p><a href="https://law.moj.gov.tw/LawClass/LawAll.aspx?pcode=H0030052">'
            "Regulations Governing the Enrollment of People from the Mainland Area in Taiwanese Colleges and Above</a>, Articles "
            "11 and 18; Act Governing Relations between the People of the Taiwan Area and the Mainland Area, Article 87-1; the "
            "fee standards for entry and exit permits of people of the Mainland Area and residents of Hong Kong and Macao.</p>",
        ),
    ),
)
