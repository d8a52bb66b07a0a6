// Script only makes the portal quicker: every page works without it.
import { initAll } from "../nhsuk/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

// Components that htmx brings are started like those that came with the page.
document.body.addEventListener("htmx:afterSwap", (event) => initAll(event.detail.elt));

// htmx sends the CSRF token of the page's own forms.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
});

// Questions beneath a choice show while it is made. NHS.UK's own script would put aria-expanded
// on a radio, where the standard does not allow it.
function reveal() {
  for (const choice of document.querySelectorAll("[data-app-reveals]")) {
    const more = document.getElementById(choice.dataset.appReveals);
    more.classList.toggle(`nhsuk-${choice.type === "radio" ? "radios" : "checkboxes"}__conditional--hidden`, !choice.checked);
  }
}
document.addEventListener("change", reveal);
window.addEventListener("pageshow", reveal);

// The account menu closes by Escape and by a click beside it.
for (const menu of document.querySelectorAll("[data-app-menu]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// Filters are open where there is room for them beside the list.
const wide = window.matchMedia("(min-width: 61.25em)");
for (const filters of document.querySelectorAll("[data-app-filters]")) {
  filters.open = wide.matches;
  wide.addEventListener("change", () => (filters.open = wide.matches));
}

// A browser without passkeys would answer nothing to their buttons.
if (!window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-app-passkey]")) button.hidden = true;
  for (const words of document.querySelectorAll("[data-app-no-passkey]")) words.hidden = false;
}

// A form is sent once; going back to the page makes it ready again.
for (const form of document.querySelectorAll("form[data-app-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}

// Sheets of an observed clinic that could not be sent wait in the browser, locked: whoever signs out
// takes them away, and is told so first.
const signsOut = (form) =>
  new URL(form.getAttribute("action") || "", window.location.href).pathname === "/account/logout/";
for (const form of [...document.forms].filter(signsOut)) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.emptied || !window.indexedDB?.databases) return;
    event.preventDefault();
    const waiting = await sheetsWaiting().catch(() => 0);
    const lost = `${waiting} sheet${waiting === 1 ? " waits" : "s wait"} on this phone and ${waiting === 1 ? "is" : "are"} not sent. Sign out and delete ${waiting === 1 ? "it" : "them"}?`;
    if (waiting && !window.confirm(lost)) return;
    await new Promise((done) => {
      const going = window.indexedDB.deleteDatabase("observing");
      going.onsuccess = going.onerror = going.onblocked = done;
    });
    form.dataset.emptied = "yes";
    form.submit();
  });
}

async function sheetsWaiting() {
  const there = await window.indexedDB.databases();
  if (!there.some((one) => one.name === "observing")) return 0;
  return new Promise((told, failed) => {
    const opening = window.indexedDB.open("observing", 1);
    opening.onerror = failed;
    opening.onsuccess = () => {
      const counting = opening.result.transaction("sheets").objectStore("sheets").count();
      counting.onsuccess = () => told(counting.result);
      opening.result.close();
    };
  });
}

// A long text is kept as it is typed, and the form says so. The page answers a request with the
// header X-Autosave by {said, set, address}: a sentence, values of fields, the address from now on.
for (const form of document.querySelectorAll("form[data-app-autosave]")) autosave(form);

function autosave(form) {
  const says = form.querySelector("[data-app-saved]");
  const own = new Set(["csrfmiddlewaretoken", "seen"]);
  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => !own.has(name)));
  let kept = typed();
  let timer = 0;
  let busy = null;
  let sent = false;

  const keep = () => {
    if (!sent && !busy && typed() !== kept) busy = send(typed()).finally(() => (busy = null));
  };
  const send = async (now) => {
    says.textContent = "Saving…";
    try {
      const answer = await fetch(form.getAttribute("action") || window.location.href, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        redirect: "error",
        headers: { "X-Autosave": "yes" },
      });
      const told = await answer.json();
      says.textContent = told.said;
      if (answer.ok) kept = now;
      for (const [name, value] of Object.entries(told.set || {})) form.elements[name].value = value;
      if (told.address) {
        form.setAttribute("action", told.address);
        window.history.replaceState(null, "", told.address);
      }
    } catch {
      says.textContent = "Not saved yet: we could not reach the portal. What you typed is still here.";
    }
    if (typed() !== now) later();
  };
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, 2000);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // Sent only when nothing of it is on its way: two would each be taken for the newer.
  form.addEventListener("submit", async (event) => {
    sent = true;
    window.clearTimeout(timer);
    if (!busy) return;
    event.preventDefault();
    await busy;
    form.submit();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && typed() !== kept) event.preventDefault();
  });
  window.addEventListener("pageshow", () => (sent = false));
}

// Two minutes before a session ends a dialog offers to stay.
const warning = document.getElementById("session-warning");
if (warning) watchSession(warning);

function watchSession(dialog) {
  const title = dialog.querySelector("#session-warning-title");
  const text = dialog.querySelector("#session-warning-text");
  const stay = dialog.querySelector("[data-app-stay]");
  const warnAt = Number(dialog.dataset.warnAt);
  const endsAt = Number(dialog.dataset.endsAt);
  const first = { title: title.textContent, text: text.textContent };
  let started = Date.now();
  let before = null;
  let state = "quiet";

  const show = () => {
    if (dialog.hidden) before = document.activeElement;
    dialog.hidden = false;
    stay.focus();
  };
  const hide = () => {
    dialog.hidden = true;
    state = "quiet";
    title.textContent = first.title;
    text.textContent = first.text;
    if (before) before.focus();
  };
  // The clock is asked again and again: a timer stops while a laptop sleeps.
  const look = () => {
    const seconds = (Date.now() - started) / 1000;
    if (seconds >= endsAt && state !== "ended") {
      state = "ended";
      title.textContent = "You have been signed out";
      text.textContent =
        "What you typed is still here. When you send it we ask you to sign in, and keep it.";
      stay.textContent = "Back to the page";
      show();
    } else if (seconds >= warnAt && state === "quiet") {
      state = "warned";
      show();
    }
  };
  stay.addEventListener("click", async () => {
    if (state === "ended") {
      dialog.hidden = true;
      if (before) before.focus();
      return;
    }
    try {
      const answer = await fetch(dialog.dataset.extendUrl, {
        method: "POST",
        credentials: "same-origin",
        redirect: "error",
        headers: { "X-CSRFToken": dialog.dataset.csrf },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      started = Date.now();
      hide();
    } catch {
      text.textContent = "We could not reach the portal. Check your connection and press again.";
    }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Tab") event.preventDefault(); // one button: the focus has nowhere to go
    if (event.key === "Escape") stay.click();
  });
  window.setInterval(look, 5000);
}
