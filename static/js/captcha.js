// 驗證碼: a proof of work instead of typing, and another picture without losing what is typed. Without this script picture
// and sound still work.
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

const work = (box) => {
  const { working, done, failed } = box.querySelector(".captcha-proof").dataset;
  const finish = (proof) => {
    box.worker.terminate();
    part(box, 2).value = proof;
    say(box, proof ? done : failed);
  };
  if (box.worker) return; // works already
  say(box, working);
  box.worker = new Worker(box.dataset.worker);
  box.worker.onmessage = (event) => finish(event.data);
  box.worker.onerror = () => finish("");
  box.worker.postMessage({ key: part(box, 0).value, parts: Number(box.dataset.parts), bits: Number(box.dataset.bits) });
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
  part(box, 1).focus();
};

for (const box of document.querySelectorAll(".captcha")) {
  const proof = box.querySelector(".captcha-proof");
  if (window.Worker) {
    proof.hidden = false;
    proof.querySelector("button").addEventListener("click", () => work(box));
  }
  const refresh = box.closest("form")?.querySelector("button[name=refresh]");
  refresh?.addEventListener("click", (event) => {
    event.preventDefault();
    renew(box).catch(() => refresh.form.requestSubmit(refresh));
  });
}
