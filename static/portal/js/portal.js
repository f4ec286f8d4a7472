// Nicer with JavaScript; nothing here is needed.
"use strict";

const summary = document.querySelector(".error-summary[autofocus]");
if (summary) summary.focus();

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
