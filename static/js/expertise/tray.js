/* Who is picked: counted, shown by face, at most three. The tray goes when nobody is. */

const MOST = 3;

export function connect(tray) {
  const list = tray.parentElement;
  const words = tray.querySelector("[data-count]");
  const ask = tray.querySelector("[data-ask]");
  const compare = tray.querySelector(".button:not([data-ask])");
  const picks = () => [...list.querySelectorAll("[data-pick]")];

  function show() {
    const picked = picks().filter((box) => box.checked);
    tray.hidden = picked.length === 0;
    tray.querySelector("[data-faces]").replaceChildren(
      ...picked.map((box) => {
        const face = box.closest(".expert").querySelector(".avatar").cloneNode(true);
        face.dataset.size = "xs";
        face.querySelector(".presence")?.remove();
        return face;
      }),
    );
    words.textContent = words.dataset.one.replace("{n}", picked.length);
    ask.textContent = picked.length === 1 ? ask.dataset.single : ask.dataset.many.replace("{n}", picked.length);
    compare.hidden = picked.length < 2;
    for (const box of picks()) box.disabled = !box.checked && picked.length >= MOST;
  }

  const changed = (event) => event.target.matches("[data-pick]") && show();
  list.addEventListener("change", changed);
  show();
  return () => list.removeEventListener("change", changed);
}
