/* What a composer carries along goes with one post: when the composer begins afresh, it is gone. */

export function connect(part) {
  const { form } = part.querySelector("input");
  const leave = () => part.remove();
  form.addEventListener("couth:cleared", leave);
  return () => form.removeEventListener("couth:cleared", leave);
}
