// The decision page by key, its viewer, what is typed kept while it is typed, and a warning before the log-in ends.

const page = document.querySelector("[data-review]");
const bar = page.querySelector("[data-bar]");
const panels = [...page.querySelectorAll("[data-panel]")];
const panel = (name) => panels.find((each) => each.dataset.panel === name);

// -- panels ---------------------------------------------------------------------------

const focusIn = (opened) => {
  const unticked = page.querySelector("input[name=accepted]:not(:checked)");
  if (opened.dataset.panel === "approve" && unticked) return unticked.focus();
  const first = opened.querySelector("[data-focus], .w-field--error :is(input, textarea, select), [aria-invalid=true], [data-default]");
  (first ?? opened.querySelector("select, textarea") ?? opened.querySelector("input:not([type=hidden]), button, a"))?.focus();
};
const open = (name) => {
  const wanted = panel(name);
  if (!wanted || wanted.hidden) return;
  for (const each of panels) each.open = each === wanted && !wanted.open;
  if (wanted.open) focusIn(wanted);
};
const close = () => {
  const opened = panels.find((each) => each.open);
  if (!opened) return;
  opened.open = false;
  opened.querySelector("summary").focus();
};
const already = panels.find((each) => each.open);
if (already) focusIn(already);
else page.querySelector("[data-scrolling]").focus({ preventScroll: true }); // the arrow keys and Page Down scroll it
// A tick of the last finding leads on to the decision.
page.addEventListener("change", (event) => {
  if (event.target.name !== "accepted") return;
  for (const same of page.querySelectorAll(`input[name=accepted][value="${CSS.escape(event.target.value)}"]`))
    same.checked = event.target.checked;
});

// -- the viewer -----------------------------------------------------------------------

const list = page.querySelector("[data-files]");
const files = [...page.querySelectorAll("[data-file]")];
const counter = page.querySelector("[data-counter]");
let at = 0;
const count = () => (counter.textContent = files.length ? `${at + 1} / ${files.length}` : "");
const show = (number) => {
  at = Math.min(Math.max(number, 0), files.length - 1);
  list.scrollTop = files[at].offsetTop;
  count();
};
const zoom = (by) => {
  const size = Math.min(Math.max(Number(files[at].dataset.zoom ?? 1) * by, 0.5), 4);
  files[at].dataset.zoom = size;
  files[at].style.setProperty("--zoom", size);
};
const turn = () => {
  const degrees = (Number(files[at].dataset.degrees ?? 0) + 90) % 360;
  files[at].dataset.degrees = degrees;
  files[at].style.setProperty("--turn", `${degrees}deg`);
  files[at].toggleAttribute("data-turned", degrees % 180 === 90);
};
const DO = {
  previous: () => show(at - 1),
  following: () => show(at + 1),
  larger: () => zoom(1.25),
  smaller: () => zoom(0.8),
  turn,
};
if (files.length) {
  const tools = page.querySelector("[data-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => DO[event.target.closest("[data-do]")?.dataset.do]?.());
  list.addEventListener("scrollend", () => {
    const top = list.scrollTop + 8;
    const last = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
    if (!last) at = Math.max(files.findLastIndex((file) => file.offsetTop <= top), 0);
    count();
  });
  count();
}

// -- keys -----------------------------------------------------------------------------

const KEYS = {
  a: () => (panel("approve") ? open("approve") : press("a")),
  c: () => open("return"),
  r: () => open("reject"),
  h: () => press("h"),
  m: () => open("note"),
  g: () => press("g"),
  f: () => page.querySelector("input[name=accepted]")?.focus(),
  "?": () => open("keys"),
  j: DO.following,
  k: DO.previous,
  o: DO.turn,
  "+": DO.larger,
  "=": DO.larger,
  "-": DO.smaller,
};
const VIEWER = new Set(["j", "k", "o", "+", "=", "-"]);
const press = (key) => page.querySelector(`[data-key="${key}"]`)?.click();
const switched = page.querySelector("[data-keys-on]");
page.querySelector("[data-keys]").hidden = false;
switched.checked = localStorage.getItem("review-keys") !== "off";
switched.addEventListener("change", () => localStorage.setItem("review-keys", switched.checked ? "on" : "off"));
const isTyping = (target) => target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return close();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !switched.checked) return;
  const key = event.key.toLowerCase();
  if (!KEYS[key] || (VIEWER.has(key) && !files.length)) return;
  event.preventDefault();
  KEYS[key]();
});
// In the sheet of 核准 a tick is made and Enter decides.
page.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "accepted") return;
  event.preventDefault();
  const unticked = page.querySelector("input[name=accepted]:not(:checked)");
  if (unticked && event.target.checked) return unticked.focus();
  if (unticked) return;
  panel("approve").open = true;
  panel("approve").querySelector("[data-default]").focus();
});

// -- reasons --------------------------------------------------------------------------

const append = (box, text) => {
  if (!box || box.value.includes(text)) return;
  box.value = box.value.trimEnd() ? `${box.value.trimEnd()}\n${text}` : text;
  const pin = box.closest(".review-pin");
  if (pin) pin.open = true;
};
page.querySelector("[data-insert]")?.setAttribute("hidden", "");
page.addEventListener("change", (event) => {
  const { reason, on } = event.target.dataset;
  if (!reason || !event.target.checked) return;
  const form = event.target.form;
  append(form.elements.opinion, reason);
  append(form.elements[`remark-${on}`], reason);
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "inserted", value: event.target.value });
  form.append(mark);
  typed(form);
});

// -- nothing typed is lost ------------------------------------------------------------

const notice = page.querySelector("[data-session-notice]");
const say = (text) => {
  notice.textContent = text;
  notice.hidden = !text;
};
const WARN_BEFORE = 120;
let ending;
const renewed = () => {
  clearTimeout(ending);
  const seconds = Number(page.dataset.session) - WARN_BEFORE;
  if (seconds > 0) ending = setTimeout(() => say("您將在兩分鐘後自動登出；填寫或儲存任何內容即可繼續。"), seconds * 1000);
};
renewed();

const FORBIDDEN = 403;
// Who logged in again in another tab has another token.
const renewTokens = async () => {
  const answer = await fetch(location.pathname, { cache: "no-store", redirect: "manual" });
  if (!answer.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = drawn.querySelector("[data-review] [name=csrfmiddlewaretoken]");
  if (token) for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token.value;
};

let timer;
let pending;
let saving;
const send = (form) => fetch(page.dataset.draft, { method: "POST", body: new FormData(form), redirect: "manual" });
const save = (form) => {
  pending = undefined;
  clearTimeout(timer);
  saving = keep(form);
  return saving;
};
const keep = async (form) => {
  try {
    let answer = await send(form);
    if (answer.status === FORBIDDEN) {
      await renewTokens();
      answer = await send(form);
    }
    if (!answer.ok) return say("登入已結束，尚未暫存；內容還在這一頁。請在新分頁登入，再回到這裡繼續。");
    const { saved } = await answer.json();
    say("");
    renewed();
    for (const place of page.querySelectorAll("[data-saved]")) place.textContent = saved;
  } catch {
    say("目前連不上網路，內容還在這一頁，尚未暫存。");
  } finally {
    saving = undefined;
  }
};
const typed = (form) => {
  if (!page.dataset.draft) return;
  pending = form;
  clearTimeout(timer);
  timer = setTimeout(() => save(form), 800);
};
page.addEventListener("input", (event) => {
  if (event.target.form?.matches("[data-typed]")) typed(event.target.form);
});
document.addEventListener("visibilitychange", () => document.hidden && pending && save(pending));
// What is sent is not saved behind it: it would come back as if it had not been sent. Before anybody else hears of the sending.
const PATIENCE = 1500;
let waits = false; // a second click sends nothing more
page.addEventListener("submit", (event) => {
  const form = event.target;
  if (pending === form) {
    clearTimeout(timer);
    pending = undefined;
  }
  if (pending) save(pending); // of another form
  if (!saving || event.submitter?.formTarget === "_blank") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (waits) return;
  waits = true;
  Promise.race([saving, new Promise((done) => setTimeout(done, PATIENCE))]).then(() => {
    saving = undefined;
    waits = false;
    form.requestSubmit(event.submitter);
  });
}, true);
