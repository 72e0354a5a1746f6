// The web chat: sends what is typed or tapped, fetches what Faro answers, and shows it as each platform would.
"use strict";

const $ = (id) => document.getElementById(id);
const talk = $("talk"), text = $("text"), status = $("status"), keyboard = $("keyboard");
const said = [];  // everything of this page, so that another look draws it again
const settings = { look: "plain", explain: false };

function make(tag, className = "", words = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}

function button(label, act, className = "") {
  const made = make("button", className, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// A page of somebody else: opened beside this one, which it learns nothing of.
function outside(row) {
  const made = make("a", "outside", row.label);
  made.href = row.url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  made.title = `Se abre ${new URL(row.url).host}, una página de fuera`;
  return made;
}

function lookOf(reply) {
  const rows = reply.options.map((option) => [{ label: option.label, option: option.id }]);
  if (reply.link) rows.unshift([{ label: `${reply.link.label} (${reply.link.host})`, url: reply.link.url }]);
  return reply.looks?.[settings.look] ?? { text: reply.text, rows, limits: "" };
}

function tap(row) {
  if (row.location) return openPlaces();
  if (row.option) return send({ option: row.option }, row.label);
  return send({ text: row.text }, row.text);
}

function draw(entry) {
  const item = make("li", entry.mine ? "mine" : "theirs");
  if (entry.mine) {
    item.append(make("div", "bubble", entry.text));
    if (settings.explain && entry.typed) item.append(explanation(entry));
    return item;
  }
  const look = lookOf(entry.reply);
  item.append(make("div", "bubble", look.text));
  const isKeyboard = settings.look === "telegram" && look.limits.startsWith("Teclado");
  if (look.sheet) item.append(button(look.sheet, () => openSheet(look), "opens"));
  else if (look.rows.length && !isKeyboard) item.append(rowsOf(look.rows));
  if (settings.explain && look.limits) item.append(make("p", "limits", look.limits));
  return item;
}

function rowsOf(rows) {
  const block = make("div", "options");
  for (const row of rows) {
    const line = make("div", "line");
    for (const each of row) line.append(each.url ? outside(each) : button(each.label, () => tap(each)));
    block.append(line);
  }
  return block;
}

function drawKeyboard() {
  keyboard.replaceChildren();
  const last = said.filter((entry) => !entry.mine).at(-1);
  const look = last && said.at(-1) === last ? lookOf(last.reply) : null;
  const shows = settings.look === "telegram" && look?.limits.startsWith("Teclado");
  if (shows) keyboard.append(rowsOf(look.rows));
  keyboard.hidden = !shows;
}

function add(entry) {
  said.push(entry);
  const item = draw(entry);
  talk.append(item);
  drawKeyboard();
  item.scrollIntoView({ block: "end" });
}

function redraw() {
  document.body.className = settings.look;
  talk.replaceChildren(...said.map(draw));
  drawKeyboard();
  talk.scrollTop = talk.scrollHeight;
}

function explanation(entry) {
  const details = make("details", "understood");
  details.append(make("summary", "", "Qué entendió"));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.dataset.asked) return;
    details.dataset.asked = "yes";
    const list = make("dl");
    try {
      const answer = await post("/chat/understood", { text: entry.text });
      if (!answer.ok) throw new Error(answer.status);
      for (const { title, said: words } of (await answer.json()).lines) {
        list.append(make("dt", "", title), make("dd", "", words));
      }
      details.append(list, make("p", "limits", "Leído por sí solo, sin lo que se dijo antes."));
    } catch {
      delete details.dataset.asked;
      status.textContent = "no se pudo leer; ábralo otra vez";
    }
  });
  return details;
}

function post(path, body) {
  return fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
}

async function send(message, shown) {
  add({ mine: true, text: shown, typed: "text" in message });
  const body = { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, ...message };
  for (let wait = 500; wait < 10000; wait *= 2) {
    try {
      const answer = await post("/chat/messages", body);
      if (answer.ok) { status.textContent = "escribiendo…"; return; }
      if (answer.status !== 503) break;
    } catch { /* the connection is gone: try again */ }
    status.textContent = "reintentando…";
    await new Promise((done) => setTimeout(done, wait));
  }
  status.textContent = "no se pudo enviar; intente otra vez";
}

async function listen() {
  for (;;) {
    try {
      const answer = await fetch("/chat/messages");
      if (!answer.ok) throw new Error(answer.status);
      for (const reply of (await answer.json()).replies) add({ mine: false, reply });
      status.textContent = "en línea";
    } catch {
      status.textContent = "sin conexión";
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  send({ text: words }, words);
});

// What helps to try and to learn.
$("tools-button").addEventListener("click", () => {
  const open = $("tools").hidden;
  $("tools").hidden = !open;
  $("tools-button").setAttribute("aria-expanded", String(open));
});
for (const radio of document.querySelectorAll("input[name=look]")) {
  radio.addEventListener("change", () => { settings.look = radio.value; redraw(); });
}
$("explain").addEventListener("change", (event) => { settings.explain = event.target.checked; redraw(); });
for (const each of document.querySelectorAll("[data-attachment]")) {
  each.addEventListener("click", () => send({ attachment: each.dataset.attachment }, `[${each.textContent}]`));
}

// WhatsApp's list opens a sheet of rows.
function openSheet(look) {
  $("sheet-title").textContent = look.sheet;
  $("sheet-rows").replaceChildren(...look.rows.map(([row]) => {
    const item = make("li");
    item.append(button(row.label, () => { $("sheet").close(); tap(row); }));
    return item;
  }));
  $("sheet").showModal();
}
$("sheet-close").addEventListener("click", () => $("sheet").close());

// A location: a municipality from the list or the map.
const points = new Map();
async function places(state = "") {
  const answer = await fetch(`/chat/places${state ? `?state=${state}` : ""}`);
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).places;
}
function fill(select, first, found) {
  const choices = found.map(({ key, name }) => { const made = make("option", "", name); made.value = key; return made; });
  const none = make("option", "", first);
  none.value = "";
  select.replaceChildren(none, ...choices);
  select.disabled = found.length === 0;
}
async function drawMap(state = "") {
  const answer = await fetch(`/chat/map${state ? `?state=${state}` : ""}`);
  if (!answer.ok) return;
  const text = await answer.text();
  if ($("state").value !== state) return;  // another was chosen meanwhile
  const drawn = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  drawn.setAttribute("role", "group");  // its areas are links
  $("map").replaceChildren(document.importNode(drawn, true));
}
async function chooseState(state) {
  $("state").value = state;
  points.clear();
  fill($("municipality"), "Elija un municipio", []);
  $("where-send").disabled = true;
  try {
    if (state) {
      const found = await places(state);
      if ($("state").value !== state) return;
      for (const place of found) points.set(place.key, place);
      fill($("municipality"), "Elija un municipio", found);
    }
    await drawMap(state);
  } catch { status.textContent = "no se pudieron leer los municipios; intente otra vez"; }
}
function chooseMunicipality(key) {
  $("municipality").value = key;
  $("where-send").disabled = !points.has(key);
  for (const path of document.querySelectorAll("#map path.chosen")) path.classList.remove("chosen");
  document.getElementById(`where-${key}`)?.classList.add("chosen");
}
async function openPlaces() {
  $("where").showModal();
  if ($("state").options.length > 1) return;
  try { fill($("state"), "Elija un estado", await places()); await chooseState(""); } catch { status.textContent = "no se pudieron leer los estados; intente otra vez"; }
}
$("place").addEventListener("click", openPlaces);
$("state").addEventListener("change", () => chooseState($("state").value));
$("municipality").addEventListener("change", () => chooseMunicipality($("municipality").value));
$("map").addEventListener("click", (event) => {
  const key = event.target.closest("a")?.getAttribute("href")?.slice(1);
  if (!key) return;
  event.preventDefault();
  if (key.length === 2) chooseState(key);
  else chooseMunicipality(key);
});
$("where-send").addEventListener("click", () => {
  const place = points.get($("municipality").value);
  if (!place) return;
  $("where").close();
  send({ location: { lat: place.lat, lon: place.lon } }, `Mi ubicación: ${place.name}`);
});
$("where-mine").addEventListener("click", () => {
  if (!navigator.geolocation) { status.textContent = "este navegador no da la ubicación"; $("where").close(); return; }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => { $("where").close(); send({ location: { lat: coords.latitude, lon: coords.longitude } }, "Mi ubicación"); },
    () => { $("where").close(); status.textContent = "no se pudo leer la ubicación; elija el municipio"; },
  );
});
$("where-close").addEventListener("click", () => $("where").close());

listen();
