/* An open page of a group keeps up with it: who asks to be let in, who came, who may read it. What is being written or
   read stays where it is: the page only says that something changed, and reloads when its reader may see less. */

import { toast } from "couth/kernel/toast.js";

export function connect(page) {
  const { group } = page.dataset;
  const reload = () => location.reload();
  function happened({ detail: { type, data } }) {
    if (type === "group.asked" && data.group.id === group) toast(data.person.name);
    if (data?.id !== group || !type.startsWith("group.")) return;
    if (type === "group.gone") reload(); // its reader is out
    const count = page.querySelector('a[href$="/members"] .num');
    if (count && data.members !== undefined) count.textContent = String(data.members);
  }
  document.addEventListener("couth:event", happened);
  document.addEventListener("couth:shut", reload); // it is no longer open to all
  return () => {
    document.removeEventListener("couth:event", happened);
    document.removeEventListener("couth:shut", reload);
  };
}
