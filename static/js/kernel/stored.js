/* A list that is kept on this device. Where storage is full or forbidden this page alone has it: what waits to be sent
   still goes out, it only would not survive a reload. */

export function storedList(name) {
  let held = null;
  return {
    read() {
      if (held) return held;
      try {
        return JSON.parse(localStorage.getItem(name) ?? "[]");
      } catch {
        return [];
      }
    },
    write(all) {
      try {
        localStorage.setItem(name, JSON.stringify(all));
        held = null;
      } catch {
        held = all;
      }
    },
    /** Another tab wrote it. */
    hear(work) {
      addEventListener("storage", (event) => event.key === name && work());
    },
  };
}
