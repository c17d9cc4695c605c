/* The card under which a colleague will find its reader says at once what is being ticked and typed. */

const SHOWN = 3; // as the server shows of what was said before

function nameOf(name) {
  const [strong, isolated] = ["b", "bdi"].map((tag) => document.createElement(tag));
  isolated.textContent = name;
  strong.append(isolated);
  return strong;
}

export function connect(form) {
  const card = document.querySelector(".seen-card");
  if (!card) return () => {};
  const lines = [...card.querySelectorAll("[data-said]")].map((line) => {
    const names = line.querySelector("[data-names]");
    return { line, names, before: [...names.querySelectorAll("bdi")].map((name) => name.textContent) };
  });
  const role = card.querySelector("[data-role]");

  function named(kind) {
    const ticked = [...form.querySelectorAll(`input[name=${kind}]:checked`)].map((box) => box.value);
    const typed = (form.elements[`${kind}_more`]?.value ?? "").split(/[,;]/);
    return [...ticked, ...typed.map((name) => name.replace(/^[\s#]+/, "").trim())].filter(Boolean);
  }

  function show() {
    for (const { line, names, before } of lines) {
      const said = [...new Set([...named(line.dataset.said), ...before])].slice(0, SHOWN);
      names.replaceChildren(...said.flatMap((name, place) => (place ? [", ", nameOf(name)] : [nameOf(name)])));
      line.hidden = !said.length;
    }
    card.querySelector("p").hidden = lines.every(({ line }) => line.hidden);
    const parts = ["title", "location"].map((name) => (form.elements[name]?.value ?? role.dataset[name]).trim());
    role.textContent = parts.filter(Boolean).join(", ") || role.dataset.nothing;
  }

  form.addEventListener("input", show);
  show(); // a form that comes back keeps what was typed
  return () => form.removeEventListener("input", show);
}
