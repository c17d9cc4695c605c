/* Files that travel with a post. Each is sent by itself as soon as it is chosen, and has its own fate. */

import { post } from "couth/kernel/http.js";
import { words } from "couth/kernel/words.js";

const MOST = 10;
const MOST_BYTES = 25 * 1024 * 1024;

export class Attached {
  constructor(form, complain) {
    this.list = form.querySelector("[data-attached]");
    this.input = form.querySelector("[data-files]");
    this.complain = complain;
    this.files = new Map();
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
  }

  choose() {
    this.input.click();
  }

  get isBusy() {
    return [...this.files.values()].some((file) => file.going);
  }

  settled() {
    return Promise.allSettled([...this.files.values()].map((file) => file.going));
  }

  get ids() {
    return [...this.files.values()].map((file) => file.id).filter(Boolean);
  }

  clear() {
    this.files.clear();
    this.list.replaceChildren();
    this.list.hidden = true;
  }

  add(files) {
    const room = MOST - this.files.size;
    for (const file of files.slice(0, Math.max(room, 0))) this.start(file);
    if (files.length > room) this.complain(words().mostFiles);
  }

  start(file) {
    const item = this.row(file);
    const entry = { id: null, going: null };
    this.files.set(item, entry);
    this.list.append(item);
    this.list.hidden = false;
    if (file.size > MOST_BYTES) this.fail(item, words().tooLarge);
    else this.upload(file, item, entry);
  }

  upload(file, item, entry) {
    const { going, abort } = this.transfer(file, (share) => {
      const meter = item.querySelector(".meter");
      meter?.style.setProperty("--value", String(share));
      meter?.setAttribute("aria-valuenow", String(share));
    });
    entry.abort = abort;
    entry.going = going.then(
      (stored) => {
        entry.id = stored.id;
        entry.going = null;
        delete item.dataset.state;
        item.querySelector(".meter")?.remove();
        if (stored.kind === "picture") this.picture(item, stored);
      },
      (error) => {
        entry.going = null;
        this.fail(item, Object.values(error.fields ?? {}).join(" ") || words().lost, () => {
          this.remove(item);
          this.start(file);
        });
      },
    );
  }

  /* XMLHttpRequest, because fetch does not tell how far it has come. */
  transfer(file, progress) {
    const request = new XMLHttpRequest();
    const going = new Promise((resolve, reject) => {
      const body = new FormData();
      body.append("file", file, file.name);
      request.open("POST", "/files");
      request.setRequestHeader("X-Fragment", "1");
      request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]')?.content ?? "");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => progress(Math.round((100 * event.loaded) / event.total)));
      request.addEventListener("load", () => (request.status < 300 ? resolve(request.response) : reject(request.response ?? {})));
      request.addEventListener("error", () => reject({}));
      request.addEventListener("abort", () => reject({}));
      request.send(body);
    });
    return { going, abort: () => request.abort() };
  }

  row(file) {
    const item = document.createElement("li");
    item.dataset.state = "uploading";
    const type = document.createElement("span");
    type.className = "file-type";
    type.setAttribute("aria-hidden", "true");
    type.textContent = file.name.includes(".") ? file.name.split(".").pop().slice(0, 4).toUpperCase() : "";
    const name = document.createElement("span");
    name.className = "attached-name";
    const bold = document.createElement("b");
    bold.className = "truncate";
    bold.dir = "auto";
    bold.textContent = file.name;
    const note = document.createElement("small");
    note.textContent = size(file.size);
    const meter = document.createElement("span");
    meter.className = "meter";
    for (const [key, value] of Object.entries({ role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" })) {
      meter.setAttribute(key, value);
    }
    meter.setAttribute("aria-label", words().uploading.replace("{name}", file.name));
    name.append(bold, note, meter);
    item.append(type, name, this.removal(item, file.name));
    return item;
  }

  removal(item, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.dataset.size = "small";
    button.setAttribute("aria-label", words().remove.replace("{name}", name));
    button.textContent = "×";
    button.addEventListener("click", () => this.remove(item));
    return button;
  }

  remove(item) {
    this.files.get(item)?.abort?.();
    this.files.delete(item);
    item.remove();
    this.list.hidden = this.files.size === 0;
  }

  fail(item, reason, again) {
    item.dataset.state = "failed";
    item.querySelector(".meter")?.remove();
    const note = item.querySelector("small");
    note.setAttribute("role", "alert");
    note.textContent = `${reason} `;
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words().retry;
    button.addEventListener("click", again);
    note.append(button);
  }

  picture(item, stored) {
    item.dataset.kind = "picture";
    const art = document.createElement("img");
    art.className = "attached-art";
    art.src = stored.small_url;
    art.alt = "";
    const field = document.createElement("div");
    field.className = "field";
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.className = "input";
    input.id = `describe-${stored.id}`;
    input.maxLength = 500;
    label.htmlFor = input.id;
    label.textContent = words().describe.replace("{name}", stored.name);
    const hint = document.createElement("span");
    hint.className = "field-hint";
    hint.id = `${input.id}-hint`;
    hint.textContent = words().describeHint;
    input.setAttribute("aria-describedby", hint.id);
    input.addEventListener("change", () => {
      const entry = this.files.get(item);
      entry.going = post(`/files/${stored.id}/describe`, { alt: input.value })
        .catch(() => this.complain(words().lost))
        .finally(() => (entry.going = null));
    });
    field.append(label, input, hint);
    item.querySelector(".file-type").replaceWith(art);
    item.querySelector(".attached-name").replaceWith(field);
  }
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
