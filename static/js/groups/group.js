/* An open page of a group keeps up with it: how many are in it, and who may read it. What is being written or read
   stays where it is; the page reloads only when its reader may see less. */

export function connect(page) {
  const { group } = page.dataset;
  const reload = () => location.reload();
  function happened({ detail: { type, data } }) {
    if (data?.id !== group || !type.startsWith("group.")) return;
    if (type === "group.gone") reload(); // its reader is out
    const count = page.querySelector('a[href$="/members"] .num');
    if (count && data.members !== undefined) count.textContent = String(data.members);
  }
  document.addEventListener("couth:event", happened);
  document.addEventListener("couth:shut", reload); // it is no longer open to all
  return () => {
    document.removeEventListener("couth:event", happened);
    document.removeEventListener("couth:shut", reload);
  };
}
