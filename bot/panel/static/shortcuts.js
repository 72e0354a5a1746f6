// Keys for whoever checks many services in a row; they can be turned off, and the page works without them.
"use strict";
const box = document.getElementById("shortcuts");
if (box) {
  box.checked = localStorage.getItem("shortcuts") !== "off";
  box.closest(".keys").hidden = false;
  box.addEventListener("change", () => localStorage.setItem("shortcuts", box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (!box.checked || typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
}
