/* A button beside the caption of a piece of code that puts the code on the clipboard. */

import { toast } from "couth/kernel/toast.js";

export function connect(figure) {
  const template = document.querySelector("template[data-copy-code]");
  const caption = figure.querySelector("figcaption");
  if (!navigator.clipboard || !template || caption.querySelector("button")) return undefined;
  const button = template.content.querySelector("button").cloneNode(true);
  const code = figure.querySelector("code");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      toast(template.dataset.said);
    } catch {
      getSelection().selectAllChildren(code); // not allowed to write there: it is one key away
    }
  });
  caption.append(button);
  return () => button.remove();
}
