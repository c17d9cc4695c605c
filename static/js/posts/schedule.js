/* What is posted later goes to the server at once. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

/** Send the composer's fields to go out later. Throws what the server says against it. */
export async function schedule(form, files, key) {
  const button = form.querySelector("[data-schedule]");
  const fields = new FormData(form);
  fields.delete("upload");
  for (const id of files) fields.append("files", id);
  const { url } = await (await post(button.getAttribute("formaction"), fields, { key })).json();
  const style = { dateStyle: "full", timeStyle: "short" };
  const when = new Date(fields.get("goes_at")).toLocaleString(document.documentElement.lang, style);
  toast(button.dataset.said.replace("{when}", when), { label: button.dataset.list, undo: () => location.assign(url) });
  form.querySelector("[data-later]").open = false;
  form.querySelector('[name="goes_at"]').value = "";
}

export { schedule as connect };
