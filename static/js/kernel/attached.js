/* Files that travel with a post. Each is sent by itself as soon as it is chosen, and has its own fate; how, is fetched
   with the first of them. */

import { fetched } from "couth/kernel/behaviours.js";
import { words } from "couth/kernel/words.js";

const MOST = 10;

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
    const item = document.createElement("li");
    const entry = { id: null, going: null };
    this.files.set(item, entry);
    this.list.append(item);
    this.list.hidden = false;
    entry.going = fetched("kernel/uploading").then(
      (upload) => upload(this, file, item, entry),
      () => {
        this.remove(item);
        this.complain(words().lost);
      },
    );
  }

  remove(item) {
    this.files.get(item)?.abort?.();
    this.files.delete(item);
    item.remove();
    this.list.hidden = this.files.size === 0;
  }
}
