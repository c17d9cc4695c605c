/* "Post later" of a composer: its time is by this browser's clock, and it says so. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

export function prepareLater(form) {
  const zone = form.querySelector("[data-zone]");
  if (!zone) return;
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const hint = form.querySelector("[data-zone-hint]");
  if (zone.value) hint.textContent = hint.dataset.zoneHint.replace("{zone}", zone.value);
}

/** Send the composer's fields to go out later. Throws what the server says against it. */
export async function schedule(form, files, key) {
  const button = form.querySelector("[data-schedule]");
  const fields = new FormData(form);
  fields.delete("upload");
  for (const id of files) fields.append("files", id);
  const { url } = await (await post(button.getAttribute("formaction"), fields, { key })).json();
  const when = new Date(fields.get("goes_at")).toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
  toast(button.dataset.said.replace("{when}", when), { label: button.dataset.list, undo: () => location.assign(url) });
  form.querySelector("[data-later]").open = false;
  form.querySelector('[name="goes_at"]').value = "";
}
