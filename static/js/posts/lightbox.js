/* The pictures of a post, large, one after the other: arrow keys, Home and End, Escape, and the focus comes back to the
   picture that was left. Without script each is a link to itself. */

export function connect(link, labels) {
  const links = [...link.closest(".pictures").querySelectorAll("a")];
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", labels.label);
  const picture = document.createElement("img");
  const words = document.createElement("figcaption");
  words.dir = "auto";
  words.setAttribute("aria-live", "polite");
  const figure = document.createElement("figure");
  figure.append(picture, words);
  const step = (way, label, sign) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.setAttribute("aria-label", label);
    button.textContent = sign;
    button.addEventListener("click", () => show(at + way));
    return button;
  };
  const close = step(0, labels.close, "×");
  close.dataset.closes = "";
  close.addEventListener("click", () => dialog.close());
  const back = step(-1, labels.before, "‹");
  const on = step(1, labels.next, "›");
  dialog.append(close, figure);
  if (links.length > 1) dialog.append(back, on);
  let at = links.indexOf(link);

  function show(place) {
    at = (place + links.length) % links.length;
    const small = links[at].querySelector("img");
    picture.src = links[at].href;
    picture.alt = small.alt;
    words.textContent = links.length > 1 ? `${at + 1} / ${links.length} · ${small.alt}` : small.alt;
  }

  dialog.addEventListener("keydown", (event) => {
    const turned = getComputedStyle(dialog).direction === "rtl" ? -1 : 1;
    const places = { ArrowLeft: at - turned, ArrowRight: at + turned, Home: 0, End: links.length - 1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    show(places[event.key]);
  });
  dialog.addEventListener("click", (event) => (event.target === dialog || event.target === figure) && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    links[at].focus();
  });
  document.body.append(dialog);
  show(at);
  dialog.showModal();
}
