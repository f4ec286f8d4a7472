// 鄉鎮市區: only those of the chosen 縣市. Without this script the list holds the districts of all of them, grouped.
"use strict";

for (const list of document.querySelectorAll("select[data-city]")) {
  const cities = list.form.elements[list.dataset.city];
  const [none, ...groups] = list.children;
  const show = () => {
    const city = cities.value && cities.selectedOptions[0].text;
    const chosen = list.value;
    list.replaceChildren(none, ...groups.filter((group) => !city || group.label === city));
    list.value = chosen;
    if (list.selectedIndex < 0) list.value = "";
  };
  cities.addEventListener("change", show);
  addEventListener("pageshow", show); // what the browser filled in by itself
  show();
}
