/* What a page's scripts say in the reader's language: the data-… of its one <template data-words>. */

export function words() {
  return document.querySelector("template[data-words]")?.dataset ?? {};
}
