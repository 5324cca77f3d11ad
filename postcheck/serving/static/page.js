// Comfort only: every page works without this file.
"use strict";

(() => {
  const form = document.querySelector("form[data-check]");
  const fault = document.querySelector(".fault[role=alert]");
  if (fault && fault.tabIndex === -1) fault.focus();

  // A double click asks once. (A form may be sent again later: what it answers with may be a file, and the page stays.)
  let last = { button: null, at: -Infinity };
  document.addEventListener("submit", (event) => {
    if (event.submitter === last.button && event.timeStamp - last.at < 1000) event.preventDefault();
    else last = { button: event.submitter, at: event.timeStamp };
  });

  // A form that somebody typed into is not left by accident.
  let sent = false;
  const guarded = form || document.querySelector("form[data-guard]");
  let dirty = Boolean(guarded && guarded.dataset.dirty);
  if (guarded) {
    guarded.addEventListener("input", () => { dirty = true; });
    guarded.addEventListener("submit", () => { sent = true; });
    window.addEventListener("beforeunload", (event) => { if (dirty && !sent) event.preventDefault(); });
    window.addEventListener("pageshow", () => { sent = false; });
  }
  if (!form) return;

  // Checked while somebody types: the text as it stands in the form, without the files, never written to the disk.
  const wait = 700;
  const state = document.getElementById("state");
  let timer = 0;
  let number = 0;
  let running = null;

  const typed = () => {
    const data = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
    data.delete("do");
    return data;
  };

  const show = (found) => {
    for (const place of document.querySelectorAll("[data-beside]")) {
      const html = found.beside[place.dataset.beside] || "";
      if (place.innerHTML !== html) place.innerHTML = html;
    }
    const looks = document.getElementById("looks-now");
    if (looks.innerHTML !== found.looks) looks.innerHTML = found.looks;
    state.innerHTML = found.state;
    form.classList.toggle("is-held", found.held);
  };

  const broken = () => {
    state.textContent = state.dataset.broken;
    clearTimeout(timer);
    timer = setTimeout(check, 5000);
  };

  const check = async () => {
    const mine = ++number;
    if (running) running.abort();
    running = new AbortController();
    if (state.textContent !== state.dataset.broken) state.textContent = state.dataset.busy;
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST", body: typed(), headers: { Accept: "application/json" }, signal: running.signal,
      });
      if (mine !== number) return;
      if (answer.status === 401) {
        state.textContent = state.dataset.out;
      } else if (answer.status === 503) {
        state.innerHTML = (await answer.json()).state;
        timer = setTimeout(check, 3000);
      } else if (answer.ok) {
        show(await answer.json());
      } else {
        broken();
      }
    } catch (error) {
      if (error.name !== "AbortError" && mine === number) broken();
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(check, wait);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);

  if (state.dataset.late) later();

  // What was typed outlives a closed tab that the browser brings back, and a server that is away.
  const place = `postcheck:${location.pathname}`;
  const keep = () => {
    const fields = [...form.elements].filter((one) => one.name && one.type !== "file" && one.type !== "hidden");
    const values = fields.map((one) => [one.name, one.value, one.checked === true]);
    try {
      sessionStorage.setItem(place, JSON.stringify({ seen: form.elements.seen.value, values }));
    } catch { /* no place left: the page works without it */ }
  };
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => { form.querySelector("#state").textContent = state.dataset.sending; });
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(place) || "null");
  } catch { /* as above */ }
  if (kept && kept.seen === form.elements.seen.value && !form.dataset.dirty) {
    let restored = false;
    for (const [name, value, checked] of kept.values) {
      const found = [...form.elements].filter((one) => one.name === name && one.type !== "file" && one.type !== "hidden");
      const one = found.length > 1 ? found.find((other) => other.value === value) : found[0];
      if (!one) continue;
      const choice = one.type === "checkbox" || one.type === "radio";
      if (choice ? one.checked !== checked : one.value !== value) {
        if (choice) one.checked = checked;
        else if (one.tagName !== "BUTTON") one.value = value;
        restored = restored || one.tagName !== "BUTTON";
      }
    }
    if (restored) {
      dirty = true;
      document.getElementById("restored").hidden = false;
      check();
    }
  } else {
    try { sessionStorage.removeItem(place); } catch { /* as above */ }
  }
})();
