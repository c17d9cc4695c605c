/* A link that puts its own address on the clipboard; without a clipboard it is followed like any other. */

import { toast } from "couth/kernel/toast.js";

export function connect(link) {
  async function copy(event) {
    if (!navigator.clipboard || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      toast(link.dataset.said);
    } catch {
      location.assign(link.href);
    }
  }
  link.addEventListener("click", copy);
  return () => link.removeEventListener("click", copy);
}
