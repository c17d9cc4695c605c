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
    button.textContent = label;
    button.addEventListener("click", () => {
      box.remove();
      undo();
    });
    box.append(button);
  }
  place?.append(box);
  leaveWhenAlone(box, seconds * 1000);
  return box;
}

/* Nobody should have to race a word away from under the pointer or the focus. */
function leaveWhenAlone(box, time) {
  let timer = setTimeout(() => box.remove(), time);
  const stay = () => clearTimeout(timer);
  const goOn = () => {
    clearTimeout(timer);
    timer = setTimeout(() => box.remove(), time);
  };
  box.addEventListener("pointerenter", stay);
  box.addEventListener("focusin", stay);
  box.addEventListener("pointerleave", goOn);
  box.addEventListener("focusout", goOn);
}
