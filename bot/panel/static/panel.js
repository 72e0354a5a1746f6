// What the panel can do without, made easier: every page works with this file missing.
"use strict";
document.documentElement.classList.add("js");

for (const button of document.querySelectorAll(".menu-button")) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = menu.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    for (const more of menu.querySelectorAll("details")) more.open = open;
  });
}

// What stands under «Más» lies over the page: it goes with Escape or a tap elsewhere.
for (const more of document.querySelectorAll(".more")) {
  const isOver = () => getComputedStyle(more.lastElementChild).position === "absolute";
  document.addEventListener("click", (event) => {
    if (more.open && isOver() && !more.contains(event.target)) more.open = false;
  });
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOver()) return;
    more.open = false;
    more.querySelector("summary").focus();
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

// Search as you type: the same address, only its list. Without this the button does it.
for (const form of document.querySelectorAll("form[data-search]")) {
  const target = form.dataset.search && document.querySelector(form.dataset.search);
  if (!target) continue;
  let timer, asked = 0;
  const look = async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const mine = ++asked;
    const shown = `${location.pathname}?${query}`;
    query.set("parte", "lista");
    try {
      const answer = await fetch(`${location.pathname}?${query}`, { redirect: "error" });
      if (!answer.ok || mine !== asked) return;
      target.innerHTML = await answer.text();
      history.replaceState(null, "", shown);
      for (const tab of document.querySelectorAll(".tabs a")) tab.search = new URL(shown, location.href).search;
    } catch { /* the button still works */ }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 200); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); look(); });
}

// Names of municipalities as they are typed.
let lists = 0;
for (const input of document.querySelectorAll("input[data-places]")) suggestPlaces(input);
function suggestPlaces(input) {
  const list = document.createElement("datalist");
  list.id = `places-${++lists}`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const state = document.getElementById(input.dataset.places)?.value || "";
      const query = new URLSearchParams({ q: input.value, estado: state, todo: input.dataset.all || "" });
      try {
        const answer = await fetch(`/panel/lugares?${query}`, { redirect: "error" });
        if (!answer.ok) return;
        list.replaceChildren(...(await answer.json()).map((name) => {
          const option = document.createElement("option");
          option.value = name;
          return option;
        }));
      } catch { /* typed names work too */ }
    }, 150);
  });
}

// Only the hours that were chosen are shown; the others keep what was typed.
for (const part of document.querySelectorAll("[data-shown-by]")) {
  const radios = document.querySelectorAll(`input[name="${part.dataset.shownBy}"]`);
  const show = () => { part.hidden = ![...radios].some((r) => r.checked && r.value === part.dataset.shownFor); };
  for (const radio of radios) radio.addEventListener("change", show);
  show();
}
for (const button of document.querySelectorAll("[data-copy-week]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const input of document.querySelectorAll('input[name^="days-0-"]'))
      for (const day of [1, 2, 3, 4])
        document.getElementsByName(input.name.replace("days-0-", `days-${day}-`))[0].value = input.value;
  });
}

// One more line, without asking the server.
for (const button of document.querySelectorAll("button[data-add]")) {
  button.addEventListener("click", (event) => {
    const name = button.dataset.add;
    const lines = document.querySelector(`[data-more="${name}"]`);
    const all = lines.querySelectorAll(".line");
    const copy = all[all.length - 1].cloneNode(true);
    for (const list of copy.querySelectorAll("datalist, .error")) list.remove();
    for (const part of copy.querySelectorAll("[id], [name], [for]"))
      for (const attribute of ["id", "name", "for"])
        if (part.hasAttribute(attribute))
          part.setAttribute(attribute, part.getAttribute(attribute).replace(new RegExp(`^${name}-\\d+`), `${name}-${all.length}`));
    for (const input of copy.querySelectorAll("input")) { input.value = ""; input.removeAttribute("aria-invalid"); }
    for (const legend of copy.querySelectorAll("legend")) legend.textContent = `Teléfono ${all.length + 1}`;
    for (const check of copy.querySelectorAll(".check")) check.textContent = "";
    lines.append(copy);
    for (const input of copy.querySelectorAll("input[data-places]")) suggestPlaces(input);
    for (const input of copy.querySelectorAll("input[data-phone]")) checkPhone(input);
    copy.querySelector("input").focus();
    event.preventDefault();
  });
}

// A number is looked at while it is typed.
for (const input of document.querySelectorAll("input[data-phone]")) checkPhone(input);
function checkPhone(input) {
  const told = input.parentElement.querySelector(".check");
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    told.textContent = "";
    if (!input.value.trim()) return;
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(`/panel/telefono?${new URLSearchParams({ n: input.value })}`, { redirect: "error" });
        if (!answer.ok) return;
        const { number, problem } = await answer.json();
        told.classList.toggle("bad", Boolean(problem));
        told.textContent = problem || (number === input.value ? "Se marca así." : `Se guarda como ${number}`);
      } catch { /* it is checked on saving too */ }
    }, 400);
  });
}

// Leaving with something typed is asked about; the preview is shown first.
for (const form of document.querySelectorAll("form.edit")) {
  let changed = Boolean(document.getElementById("problems"));
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
document.getElementById("preview")?.scrollIntoView();
