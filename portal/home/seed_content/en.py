"""English. An official term stands in brackets where a student meets it on paper or on the screen."""

from .shape import HomePageWords, StandardPageWords, Words

HOME = HomePageWords(
    title="Student Online Application System",
    slug="portal-en",
    introduction=(
        "Students who study in Taiwan can apply online for their entry and exit permits themselves: "
        "apply, correct, pay and download your electronic permit, all in one place."
    ),
    search_description=(
        "Student Online Application System of the National Immigration Agency: "
        "apply for an entry and exit permit online, pay online, download your permit and receipt."
    ),
    features={
        "Apply online yourself": (
            "Enter your permit number and the system fills in the application form from the Agency’s records. "
            "Upload your documents as pictures or PDF files."
        ),
        "Stop and continue later": (
            "A draft is saved after every step. Log in again from another computer or your phone and carry on."
        ),
        "Follow your application": (
            "Log in and see in your “To-do list” how far your application is. We also e-mail you the result of the review."
        ),
        "Pay only after approval": (
            "Pay when you receive our payment notice: by credit card or web ATM, "
            "or with a payment slip at a bank or convenience store."
        ),
        "Download once you have paid": (
            "As soon as your application is approved and your online payment is complete, "
            "download your electronic permit and receipt and print them yourself."
        ),
        "Made for everyone": (
            "In Traditional Chinese, English and Simplified Chinese. Works on computers and phones, with a keyboard, "
            "and with screen readers."
        ),
    },
)
ABOUT = StandardPageWords(
    title="About this system",
    slug="about",
    introduction=(
        "The National Immigration Agency, Ministry of the Interior, runs this system so that students in Taiwan can apply "
        "for entry and exit permits themselves, without going to a counter."
    ),
    search_description=(
        "What you can do in the Student Online Application System of the National Immigration Agency, when it is open, "
        "how to verify a document, and the law it is based on."
    ),
    body=(
        "<h2>What you can do here</h2>"
        "<ul><li>Online applications: apply for an entry and exit permit, extend it, or change the details on it.</li>"
        "<li>Progress: see the status of your application, correct it as the reviewer’s comments ask, or withdraw it.</li>"
        "<li>Online payment: once your application is approved, pay in the way that suits you.</li>"
        "<li>Downloads: download your electronic entry and exit permit and your electronic receipt.</li></ul>"
        "<p>Who can apply, which documents you need, what it costs and which deadlines apply depend on your student status. "
        'Choose it on the <a href="/en/student/">student application page</a>.</p>',
        "<h2>How to apply</h2>"
        "<ol><li>Register an account and activate it with the link in our e-mail.</li>"
        "<li>Log in, choose an application, fill in the form, upload your documents and submit.</li>"
        "<li>Wait for the review. We will e-mail you if something has to be corrected or documents are missing.</li>"
        "<li>Pay once your application is approved. If there is no fee, you can download straight away.</li>"
        "<li>Download your electronic permit and receipt and print them yourself.</li></ol>",
        "<h2>When it is open</h2>"
        "<p>You can use the system at any time of day. When it has to close for maintenance, an announcement "
        "on this site says so.</p>"
        "<p>Reviewers review applications on working days. "
        "The helpline and its service hours are at the bottom of every page.</p>",
        "<h2>What you need to use it</h2>"
        "<p>Use a browser that still receives updates, for example Chrome, Edge, Firefox or Safari, on a computer, tablet or "
        "phone. You do not have to install anything.</p>"
        "<p>Your browser must accept cookies, or you cannot stay logged in. To pay by web ATM you also need a card reader; "
        "follow the instructions on the bank’s page.</p>",
        "<h2>How to verify a document</h2>"
        "<p>Every electronic permit and receipt carries a QR code and a verification code. Anyone can use "
        '<a href="/en/verify/">document verification</a> to check whether this system issued the document and whether it is '
        "still valid.</p>",
        "<h2>Legal basis</h2>"
        "<p>The page for each student status names the regulations that apply. Fees are charged under the Charges and Fees Act "
        "and the fee standards made under it. For how personal data is collected, processed and used, see "
        '<a href="/en/privacy/">Privacy and information security policy</a>.</p>',
    ),
)
PRIVACY = StandardPageWords(
    title="Privacy and information security policy",
    slug="privacy",
    introduction=(
        "Which personal data this system collects, why, how it is used and protected, and the rights you have over it."
    ),
    search_description=(
        "Privacy and information security policy of the Student Online Application System: the notice required by the "
        "Personal Data Protection Act, your rights, cookies, logs and security."
    ),
    body=(
        "<h2>What this policy covers</h2>"
        "<p>The National Immigration Agency, Ministry of the Interior (“the Agency”) respects your privacy. This policy says "
        "how the Agency collects, processes and uses your personal data when you use the Student Online Application System.</p>"
        "<p>You can read the public pages without registering and without giving any personal data. Other websites that this "
        "system links to, including the payment pages of financial institutions, have policies of their own.</p>",
        "<h2>Notice on the collection of personal data</h2>"
        "<p>In accordance with Article 8 of the "
        '<a href="https://law.moj.gov.tw/ENG/LawClass/LawAll.aspx?pcode=I0050021">Personal Data Protection Act</a>, '
        "you are informed of the following:</p>"
        "<h3>Collecting agency</h3><p>National Immigration Agency, Ministry of the Interior.</p>"
        "<h3>Purpose of collection</h3>"
        "<p>Application, review, fee collection, issue and subsequent management of students’ entry and exit permits, and the "
        "management of accounts, the notices and the security of the system that this requires.</p>"
        "<h3>Categories of personal data</h3>"
        "<ul><li>When you register: account name, name, date of birth, UI No. or permit number, travel document number, school, "
        "e-mail address and mobile number.</li>"
        "<li>When you apply: what you enter in the application form about your identity, documents, studies, address, contact "
        "details, emergency contact and declarations; your photo; and the required documents.</li>"
        "<li>When you pay: payment method, amount, time and transaction number. Card numbers and bank passwords go to the "
        "financial institution’s own page. This system never handles or keeps them.</li>"
        "<li>When you use the system: records of connections and actions, see “Logs” below.</li></ul>"
        "<p>Health check certificates fall under Article 6 of the Personal Data Protection Act. They are collected only as far "
        "as the Agency’s statutory duties require, and are used for the review.</p>"
        "<h3>Period, area, recipients and methods of use</h3>"
        "<ul><li>Period: from the time you register or apply until the end of the records retention period.</li>"
        "<li>Area: the Taiwan Area.</li>"
        "<li>Recipients: the Agency, other authorities empowered by law, and your school. Financial institutions receive only "
        "what they need to collect the fee.</li>"
        "<li>Methods: in writing or electronically.</li></ul>"
        "<h3>Effect of not providing data</h3>"
        "<p>You are free to choose whether to provide your personal data. If you do not provide it, or it is not correct, the "
        "Agency will not be able to accept or approve your application.</p>",
        "<h2>Your rights</h2>"
        "<p>Under Article 3 of the Personal Data Protection Act, you may ask, for your own personal data:</p>"
        "<ul><li>to inquire about it or review it</li><li>to receive a copy of it</li>"
        "<li>to have it supplemented or corrected</li>"
        "<li>to have its collection, processing or use stopped</li><li>to have it deleted</li></ul>"
        "<p>Once logged in, you can see your applications and the documents in them, and correct your basic details in your "
        "account. For anything else, call the helpline at the bottom of every page. To protect your data, the Agency will first "
        "make sure that it is you.</p>"
        "<p>The Agency answers requests to inquire, review or copy within 15 days, and may extend this by 15 days where "
        "necessary. It answers requests to supplement, correct, stop or delete within 30 days, and may extend this by 30 days "
        "where necessary. Applications and payment records that the law requires us to keep cannot be deleted before the "
        "retention period ends; the Agency will then tell you why.</p>",
        "<h2>Cookies</h2>"
        "<p>This system uses only cookies without which it cannot work. There is no advertising, no analytics, no tracking "
        "across websites, and there are no cookies of third parties.</p>"
        "<ul><li>Log-in: set once you have logged in, to know that it is you. It stops working when you log out or have been "
        "idle for too long.</li>"
        "<li>Form protection: set when you open a page with a form, so that nobody can submit a form in your name. It is kept "
        "for up to one year.</li>"
        "<li>Messages: after an action such as logging out, to show you a message once on the next page. It is deleted as soon "
        "as the message has been shown.</li></ul>"
        "<p>You can refuse or delete cookies in your browser. You can then still read the public pages, but you cannot "
        "register, log in or apply.</p>",
        "<h2>Logs</h2>"
        "<p>To keep the system safe, to find faults and to look into misuse, the system keeps these records:</p>"
        "<ul><li>Connections: time, web address, IP address and kind of browser. Web addresses contain no personal data.</li>"
        "<li>Log-ins: time, result, IP address and kind of browser. Passwords are never recorded.</li>"
        "<li>Searches for a permit number: time, result and origin. The number is kept only in a form that cannot be turned "
        "back into the number.</li>"
        "<li>Applications: the time of each submission, review, correction, withdrawal and payment, and who carried it "
        "out.</li></ul>"
        "<p>The records are used for these purposes only, and are destroyed at the end of their retention period.</p>",
        "<h2>Security</h2>"
        "<ul><li>The connection between you and the system is always encrypted.</li>"
        "<li>Passwords are kept in a form that cannot be reversed. Not even the Agency’s staff can know yours.</li>"
        "<li>After too many failed log-ins, no more are accepted from that place for a while. You are logged out "
        "automatically after 15 minutes without activity.</li>"
        "<li>Uploaded files are checked first: shooting details are removed from photos and programs from PDF files. They are "
        "then kept where the public cannot reach them.</li>"
        "<li>Staff can use only the functions and the data that their duties require.</li>"
        "<li>No page loads programs, fonts, advertising or tracking tools of third parties.</li></ul>",
        "<h2>What you can do</h2>"
        "<ul><li>Do not give your account name and password to anyone, and do not use the same password on other websites.</li>"
        "<li>On a shared computer, log out when you have finished, and delete the files you downloaded.</li>"
        "<li>The Agency never asks for your password or card number by telephone, e-mail or text message. If a message looks "
        "suspicious, do not follow the links in it, and call the helpline at the bottom of every page to check.</li></ul>",
        "<h2>Changes to this policy</h2>"
        "<p>If the law or the system changes, the new policy is published on this page. For an application, the notice on "
        "personal data in the terms of use that you agreed to at the time applies.</p>",
    ),
)
ACCESSIBILITY = StandardPageWords(
    title="Accessibility statement",
    slug="accessibility",
    introduction=(
        "We want everyone to be able to apply without help. Here is what this system does for that, where its limits are, and "
        "how to tell us if something gets in your way."
    ),
    search_description=(
        "Accessibility statement of the Student Online Application System: WCAG 2.2 AA, landmarks and access keys, keyboard use, "
        "known limits and contact."
    ),
    body=(
        "<h2>Our aim</h2>"
        "<p>We aim for the public pages and for the pages for registering, logging in, applying, paying and downloading to "
        "meet level AA of the Web Content Accessibility Guidelines (WCAG) 2.2.</p>",
        "<h2>How you can use it</h2>"
        "<ul><li>Use every function with the keyboard alone. The first link on each page is “Skip to main content”.</li>"
        "<li>Go to the three areas of each page with the landmarks and the access keys U, C and Z.</li>"
        "<li>Enlarge pages to 200%, or read them on a screen only 320 pixels wide, without losing anything.</li>"
        "<li>Read in light or dark colours, as your device is set. Every page can be printed.</li>"
        "<li>Complete every step of an application with JavaScript turned off.</li>"
        "<li>Read with a screen reader: headings, lists, tables and form fields are marked up as what they are, and pictures "
        "that mean something have a text alternative.</li></ul>"
        "<p>For what the three areas contain, and how to press the access keys, see the "
        '<a href="/en/sitemap/">site map</a>.</p>',
        "<h2>When you fill in a form</h2>"
        "<ul><li>If something is wrong, all problems are listed at the top of the page. Select one to go to its field. What "
        "you entered is kept.</li>"
        "<li>You can check and change everything before you submit your application.</li>"
        "<li>A draft is saved after every step. You are logged out after 15 minutes without activity; log in again and "
        "continue.</li>"
        "<li>If you cannot read the picture with the security code, use another way to verify. You can do it without "
        "looking at a picture.</li></ul>",
        "<h2>Electronic documents</h2>"
        "<p>Electronic entry and exit permits and receipts are tagged PDF files (PDF/UA), which screen readers can read.</p>",
        "<h2>Limits at present</h2>"
        "<ul><li>Photos and scans that applicants upload have no text alternative. Only the applicant and the reviewers "
        "can see these files.</li>"
        "<li>Payment pages of financial institutions are maintained by them, and may not reach the same standard. If you "
        "cannot use one, choose another payment method.</li></ul>",
        "<h2>How we test</h2>"
        "<p>We check the pages, in their various states, with an automated tool, and use them with the keyboard. We test again "
        "whenever the system is updated. An automated tool cannot find every problem, so we need to hear from you too.</p>",
        "<h2>If something gets in your way</h2>"
        "<p>Call the helpline at the bottom of every page and tell us which page it was, what happened, and which browser or "
        "assistive technology you use. If you cannot use the telephone, the staff of your school, a relative or a friend may "
        "call for you.</p>",
    ),
)
SITEMAP = StandardPageWords(
    title="Site map",
    slug="sitemap",
    introduction="A list of all public pages of this system, and what the landmarks and access keys are for.",
    search_description=(
        "Site map of the Student Online Application System: all public pages, and the landmarks and access keys U, C and Z."
    ),
    body=(
        "<p>This site follows accessible design. Each page has three areas, and each area begins with a landmark, “:::”, which "
        "has an access key:</p>"
        "<ul><li><b>U</b>: top function area, with the name of the site, the choice of language and, once you have logged in, "
        "the menu and “Log out”.</li>"
        "<li><b>C</b>: main content area, with what the page is about.</li>"
        "<li><b>Z</b>: bottom function area, with the helpline, its service hours and the links to our policies.</li></ul>"
        "<p>How to press an access key depends on your browser:</p>"
        "<ul><li>Chrome and Edge on Windows: Alt + the key.</li>"
        "<li>Firefox on Windows: Alt + Shift + the key.</li>"
        "<li>macOS: Control + Option + the key.</li></ul>"
        "<p>The Tab key takes you to the next link or field. The first link on each page is “Skip to main content”.</p>",
    ),
)
WORDS = Words(
    home=HOME,
    entry_button="Go to student applications",
    student="Students",
    about=ABOUT,
    privacy=PRIVACY,
    accessibility=ACCESSIBILITY,
    sitemap=SITEMAP,
)
