// A chosen or dropped file leaves at once, one after another, with progress. Without this script 上傳 and 移除 do the same.
"use strict";
{
  const words = document.getElementById("uploading").dataset;
  const said = document.getElementById("uploading-said");
  const TRIES = 5;
  const TOO_LARGE = 413;
  const jobs = [];
  const asked = { button: null, note: null }; // 下一步, pressed while files were on their way
  let busy = false;
  let leaving = false;
  let stopped; // the slot of a file that was not taken

  const slotOf = (code) => document.getElementById(`slot-${code}`);
  const stateOf = (code) => slotOf(code).querySelector(".upload-state");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const isPdf = (file) => /\.pdf$/i.test(file.name);
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  const say = (code, text, isError) => {
    const state = stateOf(code);
    state.className = isError ? "upload-state error" : "upload-state";
    state.setAttribute("role", isError ? "alert" : "status");
    state.textContent = text;
    return state;
  };

  const hideButtons = () => {
    for (const button of document.querySelectorAll("[data-upload] > button[name=upload]")) button.hidden = true;
  };

  const tokens = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]");

  const post = (fields, onProgress) =>
    new Promise((done) => {
      const data = new FormData();
      data.append("csrfmiddlewaretoken", tokens()[0].value);
      for (const [name, value] of Object.entries(fields)) data.append(name, value);
      const request = new XMLHttpRequest();
      request.open("POST", location.pathname);
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
      request.onloadend = () => done(request);
      request.send(data);
    });

  // What stood in the way of an answer: no network, no log-in, or neither; who logged in again needs new tokens.
  const obstacle = async () => {
    try {
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(location.pathname, { headers, cache: "no-store" });
      if (answer.status === 401) return "out";
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page.getElementById("uploading") && page.querySelector("input[name=csrfmiddlewaretoken]");
      if (token) for (const input of tokens()) input.value = token.value;
      return "";
    } catch {
      return "offline";
    }
  };

  // Until the network is back, or the person is: from the other window, or with 再試一次.
  const comeBack = (code, text, out) =>
    new Promise((done) => {
      const state = say(code, text, true);
      const again = Object.assign(document.createElement("button"), { type: "button", className: "button button-secondary" });
      again.textContent = words.again;
      if (out) {
        const link = Object.assign(document.createElement("a"), { href: location.pathname, target: "_blank", rel: "noopener" });
        link.textContent = words.logIn;
        state.append(" ", link);
      }
      state.append(" ", again);
      const back = () => {
        removeEventListener("online", back);
        removeEventListener("focus", back);
        done();
      };
      addEventListener("online", back);
      addEventListener("focus", back);
      again.addEventListener("click", back);
    });

  const errors = (code) => [...slotOf(code).querySelectorAll(".errorlist li")].map((line) => line.lastChild.textContent);

  const control = (code) => slotOf(code).querySelector("input[type=file]") || slotOf(code).querySelector("a");

  const show = (code, html) => {
    const old = slotOf(code);
    const mine = document.activeElement === document.body || old.contains(document.activeElement);
    old.outerHTML = html;
    hideButtons();
    const find = (what) => slotOf(code).querySelector(what);
    if (mine) (find(".upload-note") || control(code)).focus();
    return errors(code);
  };

  // The slot as it is after this was posted, and what was wrong; false where there is no answer.
  const exchange = async (code, fields, name, begin) => {
    let failures = 0;
    for (let tries = 1; ; tries++) {
      const request = await post(fields, begin());
      const isAnswer = request.status === 200 && request.getResponseHeader("X-Upload-Slot");
      const wait = isAnswer && request.getResponseHeader("Retry-After");
      if (wait && tries < TRIES) {
        say(code, words.queued);
        await pause(Number(wait));
      } else if (isAnswer) {
        return show(code, request.responseText);
      } else if (request.status === TOO_LARGE) {
        return [`${name}：${words.tooBig}`]; // said by what stands before the portal, which may take less than the portal does
      } else {
        let why = await obstacle();
        if (!why && ++failures > 1) return false;
        for (; why; why = await obstacle()) await comeBack(code, fill(words[why], { name }), why === "out");
      }
    }
  };

  const send = async (code, file, batch) => {
    const begin = () => {
      const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
      bar.setAttribute("aria-label", file.name);
      const text = document.createElement("span");
      text.textContent = fill(words.sending, { name: file.name, n: batch.done + 1, all: batch.all });
      say(code, "").append(bar, " ", text);
      return (share) => (bar.value = share || 0);
    };
    begin();
    const ready = await portalPictures.shrunk(file);
    let wrong = [`${file.name}：${words.tooBig}`];
    if (ready.size <= Number(isPdf(ready) ? words.pdf : words.picture)) {
      wrong = await exchange(code, { upload: code, [`upload-${code}`]: ready }, file.name, begin);
      if (!wrong) wrong = [`${file.name}：${words.failed}`];
    }
    batch.done++;
    batch.wrong.push(...wrong);
    if (wrong.length) stopped = code;
    else batch.taken.push(file.name);
    if (batch.done === batch.all) finish(code, batch);
  };

  // The slot shows what was wrong with the last file that was answered, and not of those before or of those that never left.
  const finish = (code, { wrong, taken }) => {
    const shown = errors(code);
    const hidden = wrong.filter((line) => !shown.includes(line));
    say(code, hidden.join("\n"), hidden.length > 0);
    const news = taken.length ? [fill(words.taken, { name: taken.join("、") })] : [];
    said.textContent = [...news, ...shown].join(" ");
  };

  const press = async (code, button) => {
    const isReuse = button.name === "reuse";
    const name = (isReuse ? button : button.closest("li").querySelector("span")).firstChild.textContent.trim();
    const begin = () => void say(code, isReuse ? fill(words.reusing, { name }) : words.removing);
    if (!(await exchange(code, { slot: code, [button.name]: button.value }, name, begin))) say(code, words.failed, true);
  };

  const run = async (job) => {
    jobs.push(job);
    if (busy) return;
    busy = true;
    stopped = null;
    while (jobs.length) await jobs.shift()();
    busy = false;
    const { button, note } = asked;
    note?.remove();
    asked.button = asked.note = null;
    if (!button) return;
    if (!stopped) return button.form.requestSubmit(button);
    said.textContent = words.stopped;
    control(stopped).focus();
  };

  const choose = async (code, files) => {
    const chosen = [];
    for (const file of files) {
      const ready = slotOf(code).querySelector("[data-photo]") ? await portalPictures.cropped(file) : file;
      if (ready) chosen.push(ready);
    }
    if (!chosen.length) return;
    const slot = slotOf(code);
    for (const old of slot.querySelectorAll(".errorlist, .upload-note")) old.remove();
    for (const old of [slot, ...slot.querySelectorAll(".field-invalid")]) old.classList.remove("field-invalid");
    const batch = { all: chosen.length, done: 0, wrong: [], taken: [] };
    for (const file of chosen) run(() => send(code, file, batch));
  };

  document.addEventListener("change", (event) => {
    const slot = event.target.closest("[data-slot]");
    if (!slot || event.target.type !== "file") return;
    const files = [...event.target.files];
    event.target.value = "";
    choose(slot.dataset.slot, files);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-slot] :is(button[name=remove], button[name=restore], button[name=reuse])");
    if (!button) return;
    event.preventDefault();
    const code = button.closest("[data-slot]").dataset.slot;
    run(() => button.isConnected && press(code, button));
  });

  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // a file that misses its box must not take the place of the page
    const slot = event.target.closest?.("[data-slot]");
    event.dataTransfer.dropEffect = slot ? "copy" : "none";
    for (const each of document.querySelectorAll("[data-slot]")) each.classList.toggle("is-target", each === slot && event.type === "dragover");
    if (slot && event.type === "drop") choose(slot.dataset.slot, event.dataTransfer.files);
  };
  for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, over);

  document.addEventListener(
    "submit",
    (event) => {
      if (!busy || event.target.enctype !== "multipart/form-data") return;
      if (asked.button && confirm(words.giveUp)) return (leaving = true);
      event.preventDefault();
      event.stopImmediatePropagation();
      asked.button = event.submitter;
      asked.note ??= Object.assign(document.createElement("p"), { className: "upload-state", role: "status" });
      event.target.querySelector(".actions").before(asked.note);
      asked.note.textContent = words.waiting;
    },
    true,
  );
  addEventListener("beforeunload", (event) => {
    if (busy && !leaving) event.preventDefault();
  });
  hideButtons();
}
