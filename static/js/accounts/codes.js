/* Recovery codes: copied or printed, where the browser can. */

export function connect(box) {
  const copy = box.querySelector("[data-copy]");
  const print = box.querySelector("[data-print]");
  const listening = new AbortController();
  const codes = Array.from(box.querySelectorAll("code"), (code) => code.textContent).join("\n");
  async function keep() {
    await navigator.clipboard.writeText(codes);
    copy.querySelector("[data-words]").textContent = box.dataset.done;
  }
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", keep, { signal: listening.signal });
  }
  print.hidden = false;
  print.addEventListener("click", () => window.print(), { signal: listening.signal });
  return () => listening.abort();
}
