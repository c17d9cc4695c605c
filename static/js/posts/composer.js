/* The box for posts and replies: drafts, completion, preview, files, and sending without waiting. */

import { Attached } from "couth/kernel/attached.js";
import { fetched } from "couth/kernel/behaviours.js";
import { json, newKey } from "couth/kernel/http.js";
import { Naming } from "couth/kernel/naming.js";
import { markInvalid, markValid } from "couth/kernel/refusal.js";
import { words } from "couth/kernel/words.js";
import { answered } from "couth/posts/answering.js";
import { Draft } from "couth/posts/draft.js";
import { prepareLater } from "couth/posts/later.js";
import { resume, send, sendNow } from "couth/posts/outbox.js";

const COUNT_FROM = 200;
const TWICE = 800; // milliseconds within which a second press belongs to the first

/* What a field of a kind begins with. */
function beginning(field) {
  const options = [...(field.options ?? [])];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

class Composer {
  constructor(form) {
    this.form = form;
    this.sentAt = -TWICE;
    this.text = form.querySelector("textarea");
    this.title = form.querySelector("[name='title']");
    this.note = form.querySelector("[data-note]");
    this.longest = Number(form.dataset.longest);
    this.naming = new Naming(form, this.text);
    this.attached = form.querySelector("[data-attached]") ? new Attached(form, (said) => this.say(said, "risk")) : null;
    this.draft = new Draft(form, { changed: () => this.measure(), emptied: () => this.empty() });
    this.ended = new AbortController();
  }

  open() {
    const { signal } = this.ended;
    prepareLater(this.form);
    const again = this.form.querySelector("[data-afresh]");
    if (again) again.hidden = false;
    for (const box of [this.text, this.title]) box?.addEventListener("input", () => this.typed(), { signal });
    this.title?.addEventListener("keydown", (event) => this.titleKey(event), { signal });
    this.text.addEventListener("keydown", (event) => this.key(event), { signal });
    this.text.addEventListener("paste", (event) => this.pasted(event), { signal });
    this.form.addEventListener("submit", (event) => this.submit(event), { signal });
    this.form.addEventListener("change", (event) => this.chosen(event), { signal });
    this.form.addEventListener("couth:given-back", (event) => this.takeBack(event), { signal });
    this.form.addEventListener("couth:filled", (event) => this.addressed(event), { signal });
    this.form.addEventListener("click", (event) => this.tool(event), { signal });
    this.form.addEventListener("dragover", (event) => event.preventDefault(), { signal });
    this.form.addEventListener("drop", (event) => this.dropped(event), { signal });
    this.draft.open(signal);
    this.measure();
    resume();
    const asked = new URLSearchParams(location.search);
    if (location.hash === `#${this.form.id}` || asked.has("compose") || asked.has("kind")) this.focus();
  }

  close() {
    this.ended.abort();
  }

  focus() {
    if (this.asks && !this.title.value) return void this.title.focus();
    this.text.focus();
    this.text.setSelectionRange(this.text.value.length, this.text.value.length);
  }

  typed() {
    this.draft.typed();
    this.form.querySelector("[data-draft-note]")?.remove();
    this.measure();
  }

  measure() {
    const length = [...this.text.value.trim()].length;
    const left = this.longest - length;
    this.text.setAttribute("aria-invalid", String(left < 0));
    if (left < 0) this.say(words().over.replace("{n}", String(-left)), "risk");
    else if (left <= COUNT_FROM) this.say(words().left.replace("{n}", String(left)));
    else this.say("");
    if (left < 0) this.form.dataset.state = "over";
    else delete this.form.dataset.state;
    return left >= 0;
  }

  say(said, tone = "") {
    if (!this.note) return;
    this.note.hidden = !said;
    this.note.textContent = said;
    this.note.dataset.tone = tone;
    this.note.setAttribute("role", tone ? "alert" : "status");
  }

  chosen(event) {
    const pick = this.addressed(event);
    if (!pick) return;
    pick.open = false;
    pick.querySelector("summary").focus();
  }

  /* The sentence about who reads it changes with the choice. */
  addressed({ target }) {
    const pick = target.closest("[data-audience-pick]");
    if (pick) pick.querySelector("[data-chosen]").textContent = target.dataset.says;
    return pick;
  }

  /* What the server refused, to be put right: the event is cancelled by whoever takes it. */
  takeBack(event) {
    this.focus();
    if (this.draft.isBegun) return void this.say(words().occupied, "risk");
    const { fields, answering } = event.detail;
    event.preventDefault();
    this.draft.take({ ...fields, beside: fields, answering });
  }

  /* Keys and tools */

  key(event) {
    if (this.naming.key(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  /* Enter goes on to the text below; with Ctrl it sends, as it does there. */
  titleKey(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.form.requestSubmit();
    else this.text.focus();
  }

  get asks() {
    return Boolean(this.form.querySelector('[name="kind"][value="question"]:checked'));
  }

  tool(event) {
    const button = event.target.closest("[data-tool], [data-afresh]");
    if (!button) return;
    const tool = button.dataset.tool;
    if (button.matches("[data-afresh]")) this.clear();
    else if (tool === "file") this.attached.choose();
    else if (tool === "code") this.insertCode();
    else if (tool === "preview") {
      event.preventDefault();
      this.preview(button);
    } else this.naming.begin(tool);
  }

  insertCode() {
    const { selectionStart: from, selectionEnd: to, value } = this.text;
    const chosen = value.slice(from, to);
    const many = chosen.includes("\n") || !chosen;
    this.text.setRangeText(many ? `\n\`\`\`\n${chosen}\n\`\`\`\n` : `\`${chosen}\``, from, to, "end");
    if (!chosen) this.text.setSelectionRange(from + 5, from + 5);
    this.text.focus();
    this.typed();
  }

  async preview(button) {
    const place = this.form.querySelector("[data-preview]");
    const opens = place.hidden;
    button.setAttribute("aria-pressed", String(opens));
    place.hidden = !opens;
    if (!opens || !this.text.value.trim()) {
      place.hidden = true;
      button.setAttribute("aria-pressed", "false");
      return;
    }
    try {
      const body = new URLSearchParams({ text: this.text.value });
      place.innerHTML = (await json("/compose/preview", { method: "POST", body })).html;
    } catch (error) {
      this.say(Object.values(error.fields ?? {}).join(" ") || words().lost, "risk");
    }
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !this.attached) return;
    event.preventDefault();
    this.attached.add(files);
  }

  dropped(event) {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length || !this.attached) return;
    event.preventDefault();
    this.attached.add(files);
  }

  /* Sending */

  async submit(event) {
    if (event.submitter?.dataset.tool === "preview") return;
    if ("closed" in this.form.dataset) return void event.preventDefault();
    event.preventDefault();
    if (!this.measure() || this.isWaiting) return;
    if (this.attached?.isBusy) {
      this.say(words().wait);
      this.isWaiting = true; // a second press meanwhile sends nothing of its own
      await this.attached.settled();
      this.isWaiting = false;
    }
    const text = this.text.value.trim();
    const files = this.attached?.ids ?? [];
    if (this.asks ? !this.title.value.trim() : !text && !files.length) {
      if (event.timeStamp - this.sentAt < TWICE) return;
      this.say(words().empty, "risk");
      (this.asks ? this.title : this.text).focus();
      return;
    }
    if (event.submitter?.matches("[data-schedule]")) return void this.putOff(files);
    const given = new FormData(this.form);
    const fields = { ...Object.fromEntries(given), topics: given.getAll("topics"), ask: given.getAll("ask") };
    delete fields.csrf_token;
    delete fields.idempotency_key;
    delete fields.upload;
    const entry = {
      key: newKey(),
      action: this.form.getAttribute("action"),
      target: this.form.dataset.target,
      shape: this.form.dataset.shape ?? "post",
      fields: { ...fields, text, files },
      answering: answered(this.form),
    };
    if (!this.form.querySelector(`[data-for="${CSS.escape(fields.kind ?? "")}"]`)) send(entry);
    else if (!(await this.accepted(entry, event.submitter))) return;
    this.sentAt = performance.now();
    this.clear();
  }

  async putOff(files) {
    this.laterKey ??= newKey();
    try {
      await (await fetched("posts/schedule"))(this.form, files, this.laterKey);
    } catch (error) {
      this.say(Object.values(error.fields ?? {}).join(" ") || words().lost, "risk");
      if (error.status) this.laterKey = null; // the server has heard it and said no: the next try is another one
      return;
    }
    this.laterKey = null;
    this.clear();
  }

  /* What has fields of its own to go wrong stays in the form until the server took it. */
  async accepted(entry, button) {
    if (this.form.getAttribute("aria-busy") === "true") return false;
    this.form.setAttribute("aria-busy", "true");
    button?.setAttribute("aria-busy", "true");
    for (const field of this.form.querySelectorAll("[aria-invalid]")) markValid(field, this.note);
    try {
      await sendNow(entry);
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    } finally {
      this.form.removeAttribute("aria-busy");
      button?.removeAttribute("aria-busy");
    }
  }

  refused(error) {
    this.say(Object.values(error.fields ?? {}).join(" ") || error.message || words().lost, "risk");
    for (const name of Object.keys(error.fields ?? {}).map(CSS.escape)) {
      const named = `[name="${name}"]:not([hidden], [data-suggested] *)`;
      const field = this.form.querySelector(
        `[data-takes="${name}"] input:not([hidden]), [data-field="${name}"], ${named}`,
      );
      if (!field) continue;
      markInvalid(field, this.note);
      field.focus();
    }
  }

  clear() {
    this.empty();
    this.draft.forget();
  }

  empty() {
    this.text.value = "";
    if (this.title) this.title.value = "";
    for (const field of this.form.querySelectorAll("[data-for] .input")) field.value = beginning(field);
    for (const mark of this.form.querySelectorAll("[data-for] [type='checkbox']")) mark.checked = mark.defaultChecked;
    const usual = this.form.querySelector('[name="kind"][data-usual]');
    if (usual) usual.checked = true;
    this.attached?.clear();
    this.naming.hide();
    this.form.querySelector("[data-draft-note]")?.remove();
    const shown = this.form.querySelector("[data-preview]");
    if (shown) shown.hidden = true;
    this.form.querySelector("[data-tool='preview']")?.setAttribute("aria-pressed", "false");
    this.form.dispatchEvent(new CustomEvent("couth:cleared", { bubbles: true }));
    this.say("");
    delete this.form.dataset.state;
  }
}

export function connect(form) {
  const composer = new Composer(form);
  composer.open();
  return () => composer.close();
}
