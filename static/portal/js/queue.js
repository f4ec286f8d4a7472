// 待辦案件 by key: G takes the next case, / goes to the search. Switched off where the decision page's keys are.

const KEYS = {
  g: () => document.querySelector('[data-key="g"]')?.click(),
  "/": () => document.getElementById("review-q")?.focus(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input")) return;
  if (localStorage.getItem("review-keys") === "off" || !KEYS[event.key.toLowerCase()]) return;
  event.preventDefault();
  KEYS[event.key.toLowerCase()]();
});
