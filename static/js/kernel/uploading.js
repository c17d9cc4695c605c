/* One file on its way: its row, how far it has come, and what became of it. */

import { fileType } from "couth/kernel/file-type.js";
import { post } from "couth/kernel/http.js";
import { words } from "couth/kernel/words.js";

const MOST_BYTES = 25 * 1024 * 1024;

class Upload {
  constructor(attached, file, item, entry) {
    Object.assign(this, { attached, file, item, entry });
  }

  async begin() {
    const { attached, file, item, entry } = this;
    if (!attached.files.has(item)) return; // taken out again meanwhile
    this.draw();
    try {
      if (file.size > MOST_BYTES) return this.fail(words().tooLarge);
      const stored = await this.sent();
      entry.id = stored.id;
      delete item.dataset.state;
      item.querySelector(".meter")?.remove();
      if (stored.kind === "picture") this.picture(stored);
    } catch (error) {
      this.fail(Object.values(error.fields ?? {}).join(" ") || words().lost, () => {
        attached.remove(item);
        attached.start(file);
      });
    } finally {
      entry.going = null;
    }
  }

  sent() {
    const { going, abort } = this.transfer((share) => {
      const meter = this.item.querySelector(".meter");
      meter?.style.setProperty("--value", String(share));
      meter?.setAttribute("aria-valuenow", String(share));
    });
    this.entry.abort = abort;
    return going;
  }

  /* XMLHttpRequest, because fetch does not tell how far it has come. */
  transfer(progress) {
    const { file } = this;
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

  draw() {
    const { file, item } = this;
    item.dataset.state = "uploading";
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
    const progress = { role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" };
    for (const [key, value] of Object.entries(progress)) {
      meter.setAttribute(key, value);
    }
    meter.setAttribute("aria-label", words().uploading.replace("{name}", file.name));
    name.append(bold, note, meter);
    item.append(fileType(file.name), name, this.removal());
  }

  removal() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.dataset.size = "small";
    button.setAttribute("aria-label", words().remove.replace("{name}", this.file.name));
    button.textContent = "×";
    button.addEventListener("click", () => this.attached.remove(this.item));
    return button;
  }

  fail(reason, again) {
    const { item } = this;
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

  picture(stored) {
    const { attached, entry, item } = this;
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
      entry.going = post(`/files/${stored.id}/describe`, { alt: input.value })
        .catch(() => attached.complain(words().lost))
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

export function connect(...file) {
  return new Upload(...file).begin();
}
