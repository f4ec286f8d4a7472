// Saves what is typed while one types, says truthfully what is saved, and asks only for what applies.

const form = document.getElementById("application");
const state = document.getElementById("save-state");
const dirty = new Set();
const AFTER_TYPING = 1000;
const TRY_AGAIN = 5000;
// Without a log-in it gets 401: the page stays, with what was typed.
const BY_SCRIPT = { "X-Requested-With": "XMLHttpRequest" };
let running = null;
let submitting = false;
let timer;

const say = (what, time = "") => {
  state.textContent = state.dataset[what] + (time && ` ${time}`);
  state.classList.toggle("error", !["saved", "saving"].includes(what));
};

const refreshToken = async () => {
  const answer = await fetch(form.dataset.save, { cache: "no-store", headers: BY_SCRIPT });
  if (!answer.ok) return false;
  const { token } = await answer.json();
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
  return true;
};

const post = async (names, again = true) => {
  const data = new FormData();
  const typed = new FormData(form);
  data.append("csrfmiddlewaretoken", typed.get("csrfmiddlewaretoken"));
  for (const name of names) for (const value of typed.getAll(name)) data.append(name, value);
  const answer = await fetch(form.dataset.save, { method: "POST", body: data, headers: BY_SCRIPT, keepalive: true });
  if (answer.status === 403 && again && (await refreshToken())) return post(names, false);
  return answer;
};

// One after the other: what was typed while one is under way is saved by the next.
const save = async () => {
  clearTimeout(timer);
  if (running) await running;
  if (submitting || !dirty.size) return true;
  const names = [...dirty];
  dirty.clear();
  say("saving");
  running = post(names).catch(() => null);
  const answer = await running;
  running = null;
  if (answer?.ok) {
    const { saved, blocks } = await answer.json();
    showStates(blocks);
    if (!dirty.size) say("saved", saved);
    return true;
  }
  names.forEach((name) => dirty.add(name));
  if (answer?.status === 409) say("sent");
  else if ([401, 403].includes(answer?.status)) say("ended");
  else {
    say("offline");
    timer = setTimeout(save, TRY_AGAIN);
  }
  return false;
};

const isDone = (block) => block.querySelector(".block-state").dataset.state === "done";
const unfinished = () => [...document.querySelectorAll("details.block:has(.block-state)")].filter((block) => !isDone(block));
// How far each block is, as the server sees it. On a phone the next one unfolds when this one is done.
const showStates = (blocks) => {
  const before = unfinished();
  for (const mark of document.querySelectorAll(".block-state")) {
    [mark.dataset.state, mark.textContent] = blocks[mark.dataset.block];
  }
  const now = unfinished();
  if (now.length && now.length < before.length) now[0].open = true;
  for (const block of now) if (!before.includes(block)) block.open = true; // an answer asks for more
};

const note = (event, wait) => {
  const { name, type } = event.target;
  if (!name || type === "file") return;
  dirty.add(name);
  clearTimeout(timer);
  timer = setTimeout(save, wait);
};
form.addEventListener("input", (event) => note(event, AFTER_TYPING));
form.addEventListener("change", (event) => note(event, 0));
addEventListener("online", save);
addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => document.hidden && save());
// A link is followed when what was typed is safe.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || link.hash && link.pathname === location.pathname || event.ctrlKey || event.metaKey || !dirty.size) return;
  event.preventDefault();
  if (await save()) location.href = link.href;
});
addEventListener("beforeunload", (event) => {
  if (dirty.size && state.classList.contains("error") && !submitting) event.preventDefault();
});
// At the window, after everybody else: uploads may hold it back.
addEventListener("submit", (event) => {
  if (event.target !== form) return;
  submitting = !event.defaultPrevented;
  clearTimeout(timer);
});

// What hangs on another answer shows where that is given.
const answersTo = (name) => {
  const boxes = [...form.querySelectorAll(`[name="${name}"]:not([type=hidden])`)];
  if (boxes.length === 1 && boxes[0].type === "checkbox") return [String(boxes[0].checked)];
  return boxes.filter((box) => !["radio", "checkbox"].includes(box.type) || box.checked).map((box) => box.value);
};
const showWhatApplies = () => {
  for (const box of form.querySelectorAll("[data-only-if]")) {
    const name = box.dataset.onlyIf;
    const wanted = box.dataset.values.split(" ");
    const asked = !form.querySelector(`[name="${name}"]:not([type=hidden])`)?.closest("[hidden]");
    box.hidden = !(asked && answersTo(name).some((value) => wanted.includes(value)));
  }
};
form.addEventListener("change", showWhatApplies);
showWhatApplies();
// What was typed before this script came, or put back by the browser, is not saved yet.
const isTyped = (field) =>
  field.options ? [...field.options].some((option) => option.selected !== option.defaultSelected && option.index)
  : ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked
  : field.type !== "file" && field.type !== "hidden" && field.value !== field.defaultValue;
for (const field of form.elements) if (field.name && field.type !== "submit" && isTyped(field)) dirty.add(field.name);
if (dirty.size) save();
// The place that an address or a link of the error summary names is unfolded.
const unfold = () => {
  const place = location.hash && document.getElementById(location.hash.slice(1));
  const block = place && place.closest("details.block");
  if (block && !block.open) {
    block.open = true;
    place.scrollIntoView();
  }
};
// Where there is room, all that is missing is open from the start, unless somebody came for one block.
if (matchMedia("(min-width: 40em)").matches && !location.search) for (const block of unfinished()) block.open = true;
addEventListener("hashchange", unfold);
unfold();
