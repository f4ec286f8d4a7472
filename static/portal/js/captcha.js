// 驗證碼: a proof of work instead of typing, or beside it where more proof is asked for; and another picture without losing
// what is typed. Without this script picture and sound still work, and a second code stands for the work.
"use strict";

const part = (box, index) => box.querySelector(`input[name$="_${index}"]`);

const say = (box, text) => {
  box.querySelector(".captcha-state").textContent = text;
};

const forget = (box) => {
  box.worker?.terminate();
  box.worker = null;
  part(box, 2).value = "";
  say(box, "");
};

// The second code is asked for where the browser does not do the work.
const second = (box, shown) => {
  const fields = box.querySelector(".captcha-second");
  if (fields) fields.hidden = !shown;
};

// `asked`: somebody waits for it and is told how it goes.
const work = (box, bits, done, asked = true) => {
  const { working, failed } = box.querySelector(".captcha-proof").dataset;
  const finish = (proof) => {
    box.worker.terminate();
    box.worker = null;
    part(box, 2).value = proof;
    say(box, proof ? done : asked ? failed : "");
    if (!proof) second(box, true);
    if (box.waiting && (proof || !asked)) box.waiting();
  };
  forget(box);
  if (asked) say(box, working);
  box.worker = new Worker(box.dataset.worker);
  box.worker.onmessage = (event) => finish(event.data);
  box.worker.onerror = () => finish("");
  box.worker.postMessage({ key: part(box, 0).value, parts: Number(box.dataset.parts), bits: Number(bits) });
};

const alone = (box, asked) => work(box, box.dataset.alone, box.querySelector(".captcha-proof").dataset.alone, asked);

// By itself: beside a code where that is asked for; else in its place, from the moment that somebody begins to type.
const begin = (box, typing) => {
  if (!window.Worker) return;
  if (Number(box.dataset.beside)) work(box, box.dataset.beside, box.querySelector(".captcha-proof").dataset.done);
  else if (typing) alone(box, false);
};

const renew = async (box) => {
  const answer = await fetch(box.dataset.refresh);
  if (!answer.ok) throw new Error(answer.status);
  const next = await answer.json();
  const picture = box.querySelector(".captcha-image");
  picture.srcset = `${next["image-2x"]} 2x`;
  picture.src = next.image;
  box.querySelector("audio").src = next.audio;
  part(box, 0).value = next.key;
  part(box, 1).value = "";
  forget(box);
  begin(box, true);
  part(box, 1).focus();
};

for (const box of document.querySelectorAll(".captcha")) {
  const proof = box.querySelector(".captcha-proof");
  const form = box.closest("form");
  if (window.Worker) {
    proof.hidden = false;
    second(box, !Number(box.dataset.beside));
    proof.querySelector("button").addEventListener("click", () => {
      part(box, 1).value = "";
      alone(box, true);
    });
    begin(box, false);
    form?.addEventListener("input", () => box.worker || part(box, 2).value || begin(box, true), { once: true });
    // Who is quicker than the browser's work waits for it, unless a code says the same.
    form?.addEventListener("submit", (event) => {
      if (event.submitter?.name) return;
      if (!box.worker || (!Number(box.dataset.beside) && part(box, 1).value.trim())) return;
      event.preventDefault();
      box.waiting = () => form.requestSubmit(event.submitter);
    });
  }
  const refresh = form?.querySelector("button[name=refresh]");
  refresh?.addEventListener("click", (event) => {
    event.preventDefault();
    renew(box).catch(() => {
      forget(box);
      refresh.form.requestSubmit(refresh);
    });
  });
}
