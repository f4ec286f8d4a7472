// Warns two minutes before the log-in ends. The server knows how much is left: another tab may have prolonged it.

const warning = document.getElementById("session-dialog");
const over = document.getElementById("session-over");
const until = document.getElementById("session-until");
const form = warning.querySelector("form");
const WARN_BEFORE = Number(warning.dataset.warnBefore);
const LOOK_AGAIN = 15;
let typed = Boolean(document.querySelector(".error-summary"));
let ended = false;
let timer;

const lookIn = (seconds) => {
  clearTimeout(timer);
  timer = setTimeout(look, seconds * 1000);
};

const show = (left) => {
  const end = new Date(Date.now() + left * 1000);
  until.textContent = end.toLocaleTimeString("zh-TW", { hour12: false });
  if (!warning.open) warning.showModal();
};

const end = () => {
  ended = true;
  warning.close();
  if (typed) over.showModal();
  else location.replace(location.pathname + location.search);
};

const follow = (left) => {
  if (!(left >= 0)) return lookIn(LOOK_AGAIN); // no answer of the portal's
  if (left === 0) return end();
  if (left > WARN_BEFORE) {
    warning.close();
    return lookIn(left - WARN_BEFORE);
  }
  show(left);
  lookIn(Math.min(left, LOOK_AGAIN));
};

const ask = async (options) => {
  try {
    const answer = await fetch(form.action, { cache: "no-store", ...options });
    follow(Number(answer.headers.get("X-Session-Left") ?? "?"));
  } catch {
    lookIn(LOOK_AGAIN); // no network just now
  }
};

const look = () => ended || ask({ method: "HEAD" });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask({ method: "POST", body: new FormData(form) });
});
// Escape says the same as the button: somebody is there.
warning.addEventListener("cancel", (event) => {
  event.preventDefault();
  form.requestSubmit();
});
document.addEventListener("input", () => (typed = true));
document.addEventListener("visibilitychange", () => document.hidden || look());
lookIn(Math.max(Number(warning.dataset.left) - WARN_BEFORE, 1));
