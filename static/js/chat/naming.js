/* Whether a message calls the reader. Apart from what draws messages: every page asks it, and few show one. */

const me = document.body.dataset;

export function names(data) {
  return data.author.id !== me.viewer && (data.calls === "room" || data.mentions.includes(me.viewer));
}
