// Pages that wait for something fetch it by themselves; every one works with this file missing.
"use strict";
for (const part of document.querySelectorAll("[data-live]")) {
  const state = () => part.querySelector("[data-state]")?.dataset.state;
  const shown = state();
  let before = part.innerHTML;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(part.dataset.live, { redirect: "error" });
      if (!answer.ok) return;
      const text = await answer.text();
      if (text === before) return;
      before = text;
      part.innerHTML = text;
      part.scrollTop = part.scrollHeight;
      // What can be done is other now: the whole page says so, unless somebody is writing in it.
      const writing = [...document.querySelectorAll("textarea")].some((field) => field.value);
      if (state() !== shown && !writing) location.replace(location.pathname);
    } catch { /* the next time */ }
  }, 5000);
  part.scrollTop = part.scrollHeight;
}
