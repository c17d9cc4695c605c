/* The sign of a file that has no picture: how its name ends. */

export function fileType(name) {
  const type = document.createElement("span");
  type.className = "file-type";
  type.setAttribute("aria-hidden", "true");
  type.textContent = name.includes(".") ? name.split(".").pop().slice(0, 4).toUpperCase() : "";
  return type;
}
