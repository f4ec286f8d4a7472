// Nicer with JavaScript; nothing here is needed.
"use strict";

const summary = document.querySelector(".error-summary[autofocus]");
if (summary) summary.focus();

// A second click sends nothing while the first is under way. A file that comes as the answer leaves the page as it is: so not for long.
const HELD = 5000;
const release = (form) => delete form.dataset.sent;

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(release, HELD, form);
});
// Back from the next page, as the browser kept this one.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// 顯示密碼: one may look at what one types; it is sent, and remembered by the browser, as a password.
{
  const { show, hide } = document.currentScript.dataset;
  for (const box of document.querySelectorAll("input[type=password]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-secondary button-small show-password", textContent: show });
    button.setAttribute("aria-controls", box.id);
    const turn = (shown) => {
      box.type = shown ? "text" : "password";
      button.textContent = shown ? hide : show;
    };
    button.addEventListener("click", () => turn(box.type === "password"));
    box.form?.addEventListener("submit", () => turn(false));
    box.after(button);
  }
}
