/* A button that copies what stands beside it; it shows itself only where copying is possible. */

export function connect(button) {
  if (!navigator.clipboard) return undefined;
  button.hidden = false;
  async function copy() {
    await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
    button.querySelector("[data-words]").textContent = button.dataset.done;
  }
  button.addEventListener("click", copy);
  return () => button.removeEventListener("click", copy);
}
