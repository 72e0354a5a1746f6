// What the panel can do without, made easier: every page works with this file missing.
"use strict";
document.documentElement.classList.add("js");

for (const button of document.querySelectorAll(".menu-button")) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = menu.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
}

// What went wrong is read first.
document.getElementById("problems")?.focus();

// The same form is not sent twice by two clicks; the server would know it too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
