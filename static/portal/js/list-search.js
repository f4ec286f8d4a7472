// Above a list: what is typed leaves only the choices that have such a name, shown or not. Without this script all are there.
"use strict";

const ROWS = 8;
// 臺 and 台, full width, capitals, blanks and hyphens make no difference.
const plain = (text) => text.normalize("NFKC").toLowerCase().replaceAll("臺", "台").replace(/[\s\p{P}]/gu, "");

for (const box of document.querySelectorAll(".list-search")) {
  const input = box.querySelector("input");
  const state = box.querySelector("[role=status]");
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const [empty, ...groups] = list.children;
  const choices = groups.map((group) => [...group.children]);
  const names = new Map(choices.flat().map((one) => [one, `${one.text};${one.dataset.names}`.split(";").map(plain)]));
  let chosen; // not lost when a search passes over it

  const search = () => {
    if (list.value) [chosen] = list.selectedOptions;
    const words = input.value.split(/\s+/).map(plain).filter(Boolean);
    const fits = (choice) => words.every((word) => names.get(choice).some((name) => name.includes(word)));
    groups.forEach((group, index) => group.replaceChildren(...choices[index].filter(fits)));
    const left = groups.filter((group) => group.children.length);
    const found = left.flatMap((group) => [...group.children]);
    const { none, one, some } = box.dataset;
    const isOpen = words.length > 0 && found.length > 1;
    if (found.length === 1) [chosen] = found;
    list.replaceChildren(...(isOpen ? [] : [empty]), ...left);
    list.size = isOpen ? Math.min(ROWS, left.length + found.length) : 1;
    list.selectedIndex = [...list.options].indexOf(chosen); // -1 where it is not among them
    if (!isOpen && list.selectedIndex < 0) empty.selected = true;
    if (!words.length) state.textContent = "";
    else if (found.length === 1) state.textContent = one + chosen.text;
    else state.textContent = isOpen ? some + found.length : none;
  };

  input.addEventListener("input", (event) => event.isComposing || search());
  input.addEventListener("compositionend", search);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault(); // Enter looks at what was found; it does not send the form
    list.focus();
  });
  box.hidden = false;
}
