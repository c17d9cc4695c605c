/* Announcements above the feed that wait to be acknowledged: one click here or anywhere else, and they are gone. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";
import { words } from "couth/kernel/words.js";

export function connect(place) {
  const done = (id) => place.querySelector(`[data-asks="${CSS.escape(String(id))}"]`)?.remove();

  async function submitted(event) {
    event.preventDefault();
    const form = event.target;
    try {
      await post(form.getAttribute("action"), {});
      done(form.closest("[data-asks]").dataset.asks);
    } catch (error) {
      toast(error.message || words().lost);
    }
  }

  function told({ detail: { type, data } }) {
    if (type === "announcement.acknowledged" && data.person_id === document.body.dataset.viewer) done(data.id);
    else if (type === "post.deleted") done(data.id);
  }

  place.addEventListener("submit", submitted);
  document.addEventListener("couth:event", told);
  return () => {
    place.removeEventListener("submit", submitted);
    document.removeEventListener("couth:event", told);
  };
}
