/* A list of options under a field: arrow keys, Enter, Escape, pointer. The options come as role=option elements. */

export class Completions {
  constructor(input, list, { choose }) {
    this.input = input;
    this.list = list;
    this.choose = choose;
    this.at = -1;
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest('[role="option"]');
      if (!option || event.button !== 0 || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.choose(option, event);
    });
  }

  get options() {
    return [...this.list.querySelectorAll('[role="option"]')];
  }

  get isOpen() {
    return !this.list.hidden;
  }

  show(html) {
    this.list.innerHTML = html;
    this.options.forEach((option, index) => (option.id ||= `${this.list.id}-${index}`));
    this.at = -1;
    this.list.hidden = this.options.length === 0;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const options = this.options;
    this.at = (this.at + step + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    this.input.setAttribute("aria-activedescendant", options[this.at].id);
    options[this.at].scrollIntoView({ block: "nearest" });
  }

  /** True when the key was used here. */
  key(event, { pickFirst = false } = {}) {
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Escape") this.hide();
    else if ((event.key === "Enter" || event.key === "Tab") && (this.at >= 0 || pickFirst)) {
      this.choose(this.options[Math.max(this.at, 0)], event);
    } else return false;
    event.preventDefault();
    return true;
  }
}
