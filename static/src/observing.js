// The sheets of a clinic, kept as they are filled in, also where the network does not reach.
// What cannot be sent waits on the phone: locked with a key that came with the page and is held in
// memory only, so that after signing out nobody can read it; and gone once the portal has it.

import { DATABASE, openBox } from "./observing_box.js";

const LONGEST_WAIT = 60_000;

const root = document.querySelector("[data-app-observing]");
if (root) observe(root);

async function observe(page) {
  const told = { ...page.dataset };
  delete page.dataset.key; // from here on in memory only
  const form = document.querySelector("[data-app-sheet]");
  const says = page;
  const choice = document.querySelector("[data-app-conflict]");
  const list = document.querySelector("[data-app-sheets]");
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const known = new Map(Object.entries(JSON.parse(told.sheets)).map(([n, s]) => [Number(n), s]));
  const waiting = new Map();
  const own = new Set(["csrfmiddlewaretoken", "edition", "version_stamp"]);
  let number = Number(told.number);
  let timer = 0;
  let retry = 0;
  let pause = 2000;
  let why = ""; // "", "offline", "signed-out" or "trouble"
  let filled = "";

  const box = await openBox(told.box, told.key);
  const address = (one) => told.address.replace("/0/", `/${one}/`);
  const tidy = (facts) =>
    JSON.stringify(
      Object.entries(facts)
        .map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const sheets = (count) => `${count} sheet${count === 1 ? "" : "s"}`;
  const wait = (count) => `${sheets(count)} wait${count === 1 ? "s" : ""}`;

  // --- The form

  const typed = () => {
    const facts = {};
    for (const field of form.elements)
      if (field.name && field.tagName !== "BUTTON" && !own.has(field.name)) facts[field.name] ??= "";
    for (const [name, value] of new FormData(form)) if (name in facts) facts[name] = value;
    return facts;
  };
  const fill = (facts) => {
    for (const field of form.elements) {
      if (!field.name || field.tagName === "BUTTON" || own.has(field.name)) continue;
      const value = facts[field.name] ?? "";
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
    for (const field of form.querySelectorAll("textarea")) field.dispatchEvent(new Event("keyup"));
    filled = tidy(typed());
    showRated();
  };
  const showRated = () => {
    form.querySelector("[data-app-rated]").hidden = form.elements.decision.value === "no";
  };
  const showErrors = (errors = {}) => {
    for (const old of form.querySelectorAll(".nhsuk-error-message")) old.remove();
    for (const group of form.querySelectorAll(".nhsuk-form-group--error"))
      group.classList.remove("nhsuk-form-group--error");
    for (const [name, sentence] of Object.entries(errors)) {
      const group = document.getElementById(`id_${name}_group`);
      if (!group) continue;
      const line = document.createElement("span");
      line.className = "nhsuk-error-message";
      line.textContent = sentence;
      group.classList.add("nhsuk-form-group--error");
      const before = group.querySelector(".app-marks, .nhsuk-radios, textarea");
      before.before(line);
    }
  };

  // --- What it says

  const say = (sentence) => {
    if (says.textContent !== sentence) says.textContent = sentence;
  };
  const where = () => (box.lasts ? "on this phone" : "on this page: keep it open");
  const tell = (saved = "") => {
    const count = waiting.size;
    const mine = waiting.get(number);
    if (mine?.refused) say(mine.refused);
    else if (mine?.conflict) say(mine.conflict.said);
    else if (!count) say(saved || says.textContent);
    else if (why === "signed-out") sayLink(`Sign in again to send ${sheets(count)}.`);
    else if (why === "offline") say(`Not saved: you are offline. ${wait(count)} ${where()}.`);
    else if (why === "trouble")
      say(`Not saved: we could not reach the portal. ${wait(count)} ${where()}.`);
    else say("Saving…");
    draw();
  };
  const sayLink = (sentence) => {
    if (says.textContent === sentence) return;
    const link = document.createElement("a");
    link.href = window.location.href;
    link.textContent = sentence;
    says.replaceChildren(link);
  };
  const stateOf = (one) => {
    const here = waiting.get(one);
    if (here?.conflict) return "Two versions";
    if (here?.refused) return "Something to change";
    if (here) return why ? `Waits ${where()}` : "Saving…";
    if (known.get(one)?.submitted) return "Submitted";
    return known.get(one)?.ready ? "Ready to submit" : "To finish";
  };
  const draw = () => {
    if (!list) return;
    const numbers = [...new Set([...known.keys(), ...waiting.keys()])].sort((a, b) => a - b);
    if (!numbers.length) return;
    list.replaceChildren(
      ...numbers.map((one) => {
        const line = document.createElement("li");
        const link = document.createElement("a");
        const state = document.createElement("span");
        link.className = "app-sheets__link";
        link.href = address(one);
        link.textContent = `Consultation ${one}`;
        if (one === number) link.setAttribute("aria-current", "page");
        state.className = "app-sheets__state";
        state.textContent = stateOf(one);
        line.append(link, " ", state);
        return line;
      }),
    );
  };

  // --- Keeping

  const keep = async () => {
    window.clearTimeout(timer);
    if (!form || tidy(typed()) === filled) return;
    const before = waiting.get(number);
    const item = {
      facts: typed(),
      edition: before?.edition ?? known.get(number)?.edition ?? 0,
      stamp: form.elements.version_stamp.value,
      tried: before?.tried ?? [],
      conflict: before?.conflict,
    };
    filled = tidy(item.facts);
    waiting.set(number, item);
    tell();
    await persist(number, item);
  };
  const persist = async (one, item) => {
    const { facts, edition, stamp, tried } = item;
    try {
      await box.put(one, { facts, edition, stamp, tried });
      if (!waiting.has(one)) await box.remove(one);
    } catch {
      box.lasts = false;
    }
  };
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => keep().then(send), 500);
  };

  // --- Sending: one at a time, in this window and among the windows of this browser

  let sending = null;
  let more = false;
  const send = () => {
    more = true;
    sending ??= (async () => {
      while (more) {
        more = false;
        const work = () => sendAll();
        await (navigator.locks ? navigator.locks.request(`${DATABASE}.${told.box}`, work) : work());
      }
    })().finally(() => (sending = null));
    return sending;
  };
  const sendAll = async () => {
    window.clearTimeout(retry);
    let saved = "";
    for (const [one, item] of [...waiting]) {
      if (item.conflict || item.refused) continue;
      const sent = await sendOne(one, item);
      if (sent === null) break;
      saved = sent || saved;
    }
    const stuck = [...waiting.values()].filter((item) => !item.conflict && !item.refused);
    if (stuck.length && why && why !== "signed-out") {
      retry = window.setTimeout(send, pause);
      pause = Math.min(pause * 2, LONGEST_WAIT);
    } else pause = 2000;
    tell(saved);
    if (saved && !waiting.size && "reload" in told) window.location.reload();
  };
  const sendOne = async (one, item) => {
    if (!navigator.onLine) return away("offline");
    const before = item.tried;
    item.tried = [...before, tidy(item.facts)].slice(-5);
    const body = new URLSearchParams({
      ...item.facts,
      edition: item.edition,
      version_stamp: item.stamp,
      csrfmiddlewaretoken: token,
    });
    let answer;
    try {
      answer = await fetch(address(one), {
        method: "POST",
        body,
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(20_000),
        headers: { "X-Autosave": "yes" },
      });
    } catch {
      return away("offline");
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403)
      return away("signed-out");
    const said = await answer.json().catch(() => null);
    if (!said) return away("trouble");
    why = "";
    const now = waiting.get(one);
    if (answer.ok) {
      known.set(one, { edition: said.edition, facts: item.facts, ready: said.ready });
      if (now === item) {
        waiting.delete(one);
        await box.remove(one);
      } else if (now) {
        now.edition = said.edition;
        await persist(one, now);
        more = true;
      }
      if (one === number && form) showErrors();
      return said.said;
    }
    if (!now) return "";
    if (answer.status === 409) {
      if (before.includes(tidy(said.facts))) {
        // Our own words, of which the answer was lost.
        now.edition = said.edition;
        more = true;
      } else {
        now.conflict = said;
        showConflict(one);
      }
      return "";
    }
    now.refused = said.said;
    now.errors = said.errors;
    if (form && one === number) showErrors(said.errors);
    return "";
  };
  const away = (reason) => {
    why = reason;
    return null;
  };

  // --- Two versions: the person chooses

  const showConflict = (one) => {
    const conflict = waiting.get(one)?.conflict;
    if (one !== number && form) return;
    choice.hidden = !conflict;
    choice.innerHTML = conflict ? conflict.html : "";
    if (!conflict) return;
    choice.dataset.number = one;
    choice.focus();
  };
  choice.addEventListener("submit", async (event) => {
    event.preventDefault();
    const one = Number(choice.dataset.number);
    const item = waiting.get(one);
    const { conflict } = item;
    if (event.target.dataset.appChoose === "here") {
      const kept = { ...item, edition: conflict.edition, conflict: undefined };
      waiting.set(one, kept);
      await persist(one, kept);
    } else {
      waiting.delete(one);
      await box.remove(one);
      known.set(one, { edition: conflict.edition, facts: conflict.facts, submitted: conflict.submitted });
      if (form && one === number) fill(conflict.facts);
      say("This is the version that was saved.");
    }
    showConflict(one);
    await send();
  });

  // --- From one consultation to another, without loading anything

  const show = (one, push = true) => {
    if (known.get(one)?.submitted) {
      if (navigator.onLine) window.location.assign(address(one));
      else say(`You submitted consultation ${one}. You can read it when you are back online.`);
      return;
    }
    document.title = document.title.replace(`Consultation ${number}`, `Consultation ${one}`);
    number = one;
    document.querySelector("[data-app-heading]").textContent = `Consultation ${one}`;
    document.querySelector(".nhsuk-error-summary")?.remove();
    form.setAttribute("action", address(one));
    form.elements.edition.value = known.get(one)?.edition ?? 0;
    form.querySelector("button[value=next]")?.toggleAttribute("hidden", one >= Number(told.last));
    fill(waiting.get(one)?.facts ?? known.get(one)?.facts ?? {});
    showErrors(waiting.get(one)?.errors);
    if (push) window.history.pushState(null, "", address(one));
    showConflict(one);
    says.textContent = known.has(one) ? "Saved" : "Nothing saved yet";
    tell();
    const heading = document.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus();
    window.scrollTo(0, 0);
  };

  if (form) {
    filled = tidy(typed());
    showRated();
    form.addEventListener("input", later);
    form.addEventListener("change", () => {
      showRated();
      later();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const go = event.submitter?.value;
      await keep();
      if (go === "next") {
        show(number + 1);
        send();
        return;
      }
      await send();
      if (go === "check" && !waiting.size) window.location.assign(told.address.replace("/0/", "/check/"));
      else tell();
    });
    list.addEventListener("click", async (event) => {
      const link = event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      await keep();
      show(Number(link.pathname.split("/").at(-2)));
      send();
    });
    window.addEventListener("popstate", async () => {
      await keep();
      show(Number(window.location.pathname.split("/").at(-2)), false);
    });
    window.addEventListener("pagehide", keep);
  }
  window.addEventListener("online", () => {
    pause = 2000;
    send();
  });
  window.addEventListener("offline", () => {
    why = "offline";
    tell();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && waiting.size) send();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!box.lasts && waiting.size) event.preventDefault();
  });

  // What was left here the last time is what somebody typed last: it is shown, and sent.
  for (const [one, item] of await box.all()) waiting.set(one, item);
  if (form && waiting.has(number)) fill(waiting.get(number).facts);
  if (waiting.size) {
    tell();
    await send();
  } else draw();
}
