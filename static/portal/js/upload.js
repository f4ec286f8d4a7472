// A chosen file leaves at once, with progress. Without this script the 上傳 button does the same.
"use strict";

const TRIES = 5;

const hideButtons = () => {
  for (const button of document.querySelectorAll("[data-upload] > button")) button.hidden = true;
};

const send = (box, input, tries = 1) => {
  const slot = box.closest(".upload-slot");
  const state = box.querySelector(".upload-state");
  const form = input.form;
  const files = [...input.files];
  const say = (text) => {
    state.className = "upload-state error";
    state.setAttribute("role", "alert");
    state.textContent = text;
    input.value = "";
  };
  if (!files.length) return;
  if (files.some((file) => file.size > Number(box.dataset.max))) return say(box.dataset.tooBig);

  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.append("upload", box.dataset.upload);
  for (const file of files) data.append(input.name, file);

  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", input.getAttribute("aria-label"));
  state.replaceChildren(bar);
  input.disabled = true;

  const failed = () => {
    input.disabled = false;
    say(box.dataset.failed);
  };
  const request = new XMLHttpRequest();
  request.open("POST", location.pathname);
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  };
  request.onerror = failed;
  request.onload = () => {
    if (request.status !== 200 || !request.getResponseHeader("X-Upload-Slot")) return failed();
    const wait = request.getResponseHeader("Retry-After");
    if (wait && tries < TRIES) {
      state.textContent = box.dataset.queued;
      setTimeout(() => send(box, input, tries + 1), Number(wait) * 1000);
      return;
    }
    const find = (what) => document.querySelector(`#${slot.id} ${what}`);
    slot.outerHTML = request.responseText;
    hideButtons();
    (find("input[type=file]") || find("a")).focus();
  };
  request.send(data);
};

document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-upload]");
  if (box && event.target.type === "file") send(box, event.target);
});
hideButtons();
