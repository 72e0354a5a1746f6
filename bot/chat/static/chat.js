// The web chat: sends what is typed or tapped, and fetches what Faro answers.
"use strict";

const talk = document.getElementById("talk");
const form = document.getElementById("form");
const text = document.getElementById("text");
const status = document.getElementById("status");
const place = document.getElementById("place");

function show(words, who, options = []) {
  const item = document.createElement("li");
  item.className = who;
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.textContent = words;
  item.append(bubble);
  if (options.length) item.append(buttons(options));
  talk.append(item);
  item.scrollIntoView({ block: "end" });
}

function buttons(options) {
  const row = document.createElement("div");
  row.className = "options";
  for (const option of options) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = option.label;
    button.addEventListener("click", () => send({ option: option.id }, option.label));
    row.append(button);
  }
  return row;
}

async function send(message, shown) {
  show(shown, "mine");
  const body = JSON.stringify({ id: crypto.randomUUID(), ...message });
  for (let wait = 500; wait < 10000; wait *= 2) {
    try {
      const answer = await fetch("/chat/messages", {
        method: "POST", body, headers: { "Content-Type": "application/json" },
      });
      if (answer.ok) { status.textContent = "en línea"; return; }
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
      for (const reply of (await answer.json()).replies) show(reply.text, "theirs", reply.options);
      status.textContent = "en línea";
    } catch {
      status.textContent = "sin conexión";
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  send({ text: words }, words);
});

place.addEventListener("click", () => {
  if (!navigator.geolocation) { status.textContent = "este navegador no da la ubicación"; return; }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => send({ location: { lat: coords.latitude, lon: coords.longitude } }, "Mi ubicación"),
    () => { status.textContent = "no se pudo leer la ubicación; escriba el municipio"; },
  );
});

listen();
