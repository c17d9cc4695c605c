/* What stands where something takes a while to come: the shape of some rows, after a moment in which most things come. */

const AFTER = 300;

/** Let `show` put the shape in its place, unless what is returned is called before that; it takes the shape away again. */
export function skeleton(show) {
  let shape;
  const timer = setTimeout(() => {
    shape = document.querySelector("template[data-skeleton]").content.firstElementChild.cloneNode(true);
    show(shape);
  }, AFTER);
  return () => {
    clearTimeout(timer);
    shape?.remove();
  };
}
