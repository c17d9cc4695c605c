/* Ctrl-K: one line that leads anywhere. The options come from the server; what is chosen is followed like a link, sent
   like a form, or done by this page. Where its reader was lately is kept on this device, as addresses alone. */

import { Completions } from "couth/kernel/completions.js";
import { fragment } from "couth/kernel/http.js";

const PAUSE = 80;
const KEPT = 8;
const WORTH_KEEPING = /^\/(people|groups|topics)\/[^/]+$/;

const does = {
  theme: () => document.querySelector("[data-controller~='theme']")?.click(),
  keys: () => document.getElementById("keys")?.showModal(),
};

/* Somebody else may sign in on this device: each has their own. */
const store = () => `lately:${document.body.dataset.viewer}`;

function lately() {
  try {
    return JSON.parse(localStorage.getItem(store()) ?? "[]").filter((one) => WORTH_KEEPING.test(one));
  } catch {
    return [];
  }
}

function remember(path) {
  if (!WORTH_KEEPING.test(path) || path === "/groups/new") return;
  try {
    localStorage.setItem(store(), JSON.stringify([path, ...lately().filter((one) => one !== path)].slice(0, KEPT)));
  } catch {
    // private mode: nothing is remembered
  }
}

function send(address, fields) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  for (const [name, value] of Object.entries({ csrf_token: token, ...fields })) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

export function connect(dialog) {
  const input = dialog.querySelector("input");
  const status = dialog.querySelector("[data-count]");
  const completions = new Completions(input, dialog.querySelector('[role="listbox"]'), { choose });
  let timer = 0;
  let turn = 0;
  remember(location.pathname);

  function choose(option) {
    if (option.dataset.sends) return send(option.dataset.sends, JSON.parse(option.dataset.fields));
    if (!option.dataset.does) return location.assign(option.href);
    dialog.close();
    return does[option.dataset.does]?.();
  }

  function address() {
    const words = input.value.trim();
    const here = location.pathname;
    const asked = words ? [["q", words]] : lately().filter((one) => one !== here).map((one) => ["recent", one]);
    return `/palette?${new URLSearchParams(asked)}`;
  }

  async function ask() {
    const mine = ++turn;
    const html = await fragment(address()).catch(() => null);
    if (mine !== turn || html === null) return;
    completions.show(html);
    const count = completions.options.length;
    status.textContent = count ? status.dataset.some.replace("{n}", String(count)) : status.dataset.none;
    if (count) completions.move(1);
  }

  function open() {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    ask();
  }

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  function pressed(event) {
    if (event.key === "Escape") return; // the dialog closes itself
    completions.key(event, { pickFirst: true });
  }

  const clicked = (event) => event.target === dialog && dialog.close();
  document.addEventListener("couth:palette", open);
  input.addEventListener("input", typed);
  input.addEventListener("keydown", pressed);
  dialog.addEventListener("click", clicked);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("couth:palette", open);
    input.removeEventListener("input", typed);
    input.removeEventListener("keydown", pressed);
    dialog.removeEventListener("click", clicked);
  };
}
