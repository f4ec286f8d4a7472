// What is sent stays in this tab until the portal has answered: a page that never came takes nothing away. And a page in whose
// back the log-in ended says so. What was sent is not sent by a second click. And a press counts where the page moves away under it.
"use strict";
{
  const { by, notice: look, offline, restored, back, ended, login, loginWords } = document.currentScript.dataset;
  const isUnanswered = "unanswered" in document.currentScript.dataset;
  const KEY = "typed";
  const HOUR = 3600 * 1000;
  const TEXT = "textarea, input:is([type=text], [type=search], [type=email], [type=tel], [type=number], [type=date], [type=url], :not([type]))";
  const here = location.pathname + location.search;

  const read = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY));
      return kept && Date.now() - kept.at < HOUR ? kept : null;
    } catch {
      return null;
    }
  };
  const write = (kept) => {
    try {
      if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
      else sessionStorage.removeItem(KEY);
    } catch {
      // No room, or not allowed: the portal's own answers still hold what was typed.
    }
  };

  const isTyped = (field) =>
    field.name && !field.name.startsWith("captcha") && field.autocomplete !== "one-time-code" && !field.readOnly &&
    !["hidden", "password", "file", "submit", "button", "fieldset"].includes(field.type);
  const isTick = (field) => ["checkbox", "radio"].includes(field.type);
  const fieldsOf = (form) => [...form.elements].filter(isTyped);
  const valueOf = (field) => (isTick(field) ? field.checked : field.value);
  // Around the page's own, the admin draws some when it comes to it.
  const formsHere = () => [...document.querySelectorAll("main form")].filter((form) => form.method === "post");

  const say = (text, role, link) => {
    const old = document.getElementById("typed-notice");
    const notice = old ?? Object.assign(document.createElement("div"), { id: "typed-notice", className: look });
    notice.setAttribute("role", role);
    notice.textContent = text;
    if (link) notice.append(" ", Object.assign(document.createElement("a"), { href: login, target: "_blank", rel: "noopener", textContent: link }));
    if (!old) document.querySelector("main").prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  };

  const unfold = (element) => {
    const folded = element.closest("details:not([open])");
    if (folded) folded.open = true;
    return folded;
  };
  const bringBack = (kept) => {
    const form = formsHere()[kept.form];
    let [changed, saved] = [false, false];
    for (const [index, field] of form ? fieldsOf(form).entries() : []) {
      const [name, value] = kept.fields[index] ?? [];
      if (name !== field.name) continue;
      if (valueOf(field) === value) {
        saved ||= field.matches(TEXT) && field.value !== "";
        continue;
      }
      if (isTick(field)) field.checked = value;
      else field.value = value;
      changed = true;
      unfold(field);
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
    // What the portal saved meanwhile is there already, but out of sight in the fold that the form was sent from.
    if ((saved && unfold(form)) || changed) say(restored, "status");
  };

  // The portal has answered: this page came by a form, a link or a redirect of its own. Else somebody came back by hand.
  const cameBack = () => {
    const [entry] = performance.getEntriesByType("navigation");
    return entry?.type === "back_forward" || (entry?.type === "navigate" && !entry.redirectCount && !document.referrer);
  };

  const begin = () => {
    const kept = read();
    if (!kept) return write(null);
    if (isUnanswered) {
      write({ ...kept, unanswered: true });
      const link = Object.assign(document.createElement("a"), { className: "button", href: kept.page, textContent: back });
      return document.querySelector(".actions")?.prepend(link);
    }
    if (kept.page === here && kept.by === by && (kept.unanswered || cameBack())) {
      write(null);
      return bringBack(kept);
    }
    // Where a browser's own page took the place of the form, Back leads to the page before it.
    write(kept.unanswered || cameBack() ? { ...kept, unanswered: true } : null);
  };
  begin();

  // A second click sends nothing while the first is under way. A file that comes as the answer leaves the page as it is: so not
  // for long; and what opens another window may be asked for again.
  const HELD = 5000;
  const release = (form) => delete form.dataset.sent;
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || event.submitter?.formTarget || form.target) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(release, HELD, form);
  });
  // Back from the next page, as the browser kept this one.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  // At the window, after everybody else: another script may hold the form back.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target || !form.querySelector(TEXT)) return;
    if (!navigator.onLine) {
      event.preventDefault();
      release(form);
      for (const button of form.querySelectorAll("[data-controller~=w-progress]")) // and so does Wagtail, in a moment
        setTimeout(() => button.setAttribute("data-w-progress-loading-value", "false"));
      return say(offline, "alert");
    }
    write({ page: here, by, at: Date.now(), form: formsHere().indexOf(form), fields: fieldsOf(form).map((field) => [field.name, valueOf(field)]) });
  });
  addEventListener("online", () => document.getElementById("typed-notice")?.remove());

  if (ended) {
    const ask = window.fetch;
    window.fetch = async (...asked) => {
      const answer = await ask(...asked);
      if (answer.status === 401) say(ended, "alert", loginWords);
      return answer;
    };
  }

  // What was typed is saved in the moment in which a button is pressed, and the page then says so: what is under the pointer when
  // it is let go may be something else, and browsers make no click of that. Who moves the pointer away takes the press back.
  const AWAY = 8;
  let pressed = null;
  const isPress = (event) => event.isPrimary && !event.button;
  addEventListener("pointerdown", (event) => {
    const control = isPress(event) && event.target.closest("button, a[href], summary");
    pressed = control && { control, x: event.clientX, y: event.clientY };
  }, true);
  addEventListener("pointerup", (event) => {
    if (!pressed || !isPress(event)) return;
    const { control, x, y } = pressed;
    pressed = null;
    const isMovedAway = !control.contains(event.target) && control.checkVisibility?.();
    if (isMovedAway && Math.hypot(event.clientX - x, event.clientY - y) <= AWAY) control.click();
  }, true);
  addEventListener("pointercancel", () => (pressed = null), true);
}
