// 待辦事項: another tab shows at once; the page brought them all along. Without this script a tab is a link.
"use strict";
{
  const place = document.getElementById("tab");
  const links = [...document.querySelectorAll(".tabs [data-tab]")];
  const store = (code) => document.querySelector(`template[data-tab="${code}"]`).content;
  const current = () => links.find((link) => link.hasAttribute("aria-current"));
  const first = current();

  const show = (link) => {
    const before = current();
    if (link === before) return;
    store(before.dataset.tab).replaceChildren(...place.childNodes);
    place.replaceChildren(...store(link.dataset.tab).childNodes);
    before.removeAttribute("aria-current");
    link.setAttribute("aria-current", "page");
  };
  const wanted = () => new URLSearchParams(location.search).get("tab");
  const named = () => links.find((link) => link.dataset.tab === wanted()) || first;

  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (link.dataset.tab !== wanted()) history.pushState(null, "", link.href);
      show(link);
    });
  }
  addEventListener("popstate", () => show(named()));
}
