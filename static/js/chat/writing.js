/* Who is writing in the open conversation: said by the line, and forgotten when it is not said again. */

const TYPING_FOR = 6_000;

export class Writing {
  constructor(line) {
    this.line = line;
    this.people = new Map();
  }

  heard({ person_id, name }) {
    clearTimeout(this.people.get(person_id)?.timer);
    this.people.set(person_id, { name, timer: setTimeout(() => this.stop(person_id), TYPING_FOR) });
    this.show();
  }

  stop(person) {
    clearTimeout(this.people.get(person)?.timer);
    if (this.people.delete(person)) this.show();
  }

  show() {
    const { line } = this;
    const names = [...this.people.values()].map((one) => one.name);
    line.replaceChildren();
    if (!names.length) return;
    const dots = document.createElement("span");
    dots.className = "typing-dots";
    dots.setAttribute("aria-hidden", "true");
    dots.append(...[1, 2, 3].map(() => document.createElement("i")));
    const { one, many } = line.dataset;
    const said = names.length === 1 ? one.replace("{name}", names[0]) : many.replace("{n}", String(names.length));
    line.append(dots, said);
  }
}
