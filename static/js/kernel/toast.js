/* A short word at the edge, with an undo where there is one. */

export function toast(words, { undo, label = "Undo", seconds = 8 } = {}) {
  const place = document.querySelector("[data-toasts]");
  const box = document.createElement("div");
  box.className = "toast";
  box.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = words;
  box.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.size = "small";
    button.textContent = label;
    button.addEventListener("click", () => {
      box.remove();
      undo();
    });
    box.append(button);
  }
  place?.append(box);
  setTimeout(() => box.remove(), seconds * 1000);
  return box;
}
