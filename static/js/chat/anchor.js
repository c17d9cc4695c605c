/* What is being read stays where it is, whatever grows or goes above it: a link card or a picture that comes late, a
   message that is edited, a heading that gets a line more. At the end of a conversation the end stays in sight. */

const AT_END = 80;

export class Anchor {
  /** `isWhole` says whether the log holds the end of what was said. */
  constructor(log, isWhole = () => true) {
    Object.assign(this, { log, isWhole });
    this.ended = new AbortController();
    this.sizes = new ResizeObserver(() => this.restore());
    this.changes = new MutationObserver((changes) => this.changed(changes));
  }

  open() {
    this.log.addEventListener("scroll", () => this.scrolled(), { signal: this.ended.signal, passive: true });
    this.changes.observe(this.log, { childList: true, subtree: true });
    this.sizes.observe(this.log);
    for (const item of this.items) this.sizes.observe(item);
    this.remember();
  }

  close() {
    this.ended.abort();
    this.sizes.disconnect();
    this.changes.disconnect();
  }

  get items() {
    return this.log.querySelectorAll("[data-message]");
  }

  get left() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
  }

  get isAtEnd() {
    return this.isWhole() && this.left < AT_END;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.remember();
  }

  show(part, block) {
    part.scrollIntoView({ block });
    this.hold(part);
  }

  /* Not the reader's hand but ours: what is held stays the same. */
  scrolled() {
    if (Math.abs(this.log.scrollTop - this.stood) >= 1) this.remember();
  }

  /* What stands in the middle of the view is what is read. */
  remember() {
    const { top, height } = this.log.getBoundingClientRect();
    const all = this.items;
    let [from, to] = [0, all.length - 1];
    while (from < to) {
      const half = (from + to) >> 1;
      if (all[half].getBoundingClientRect().bottom < top + height / 2) from = half + 1;
      else to = half;
    }
    this.hold(all[from]);
  }

  hold(part) {
    this.part = part;
    this.top = part?.getBoundingClientRect().top;
    this.rest = this.isAtEnd ? this.left : null;
    this.stood = this.log.scrollTop;
  }

  restore() {
    const id = this.part?.dataset.message;
    if (this.part && !this.part.isConnected) this.part = this.log.querySelector(`[data-message="${CSS.escape(id)}"]`);
    if (!this.part) return this.remember();
    const top = this.top;
    const moved = this.rest !== null ? this.left - this.rest : this.part.getBoundingClientRect().top - top;
    if (Math.abs(moved) >= 1) this.log.scrollTop += moved;
    this.hold(this.part);
    if (Math.abs(this.top - top) < 1) this.top = top; // rounded to the screen's dots, many times over, it would drift
  }

  /* Before it is painted; and what was put in is watched for what comes later still. */
  changed(changes) {
    for (const { addedNodes } of changes) {
      for (const part of addedNodes) {
        if (part.nodeType === Node.ELEMENT_NODE && part.matches("[data-message]")) this.sizes.observe(part);
      }
    }
    this.restore();
  }
}
