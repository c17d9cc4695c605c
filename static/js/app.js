/* Finds every [data-controller] and connects its module: one behaviour, one file, `connect(element) -> disconnect`. */

const places = {
  code: "couth/kernel/code.js",
  copy: "couth/kernel/copy.js",
  drafts: "couth/kernel/drafts.js",
  drawer: "couth/kernel/drawer.js",
  "hover-card": "couth/kernel/hover-card.js",
  live: "couth/kernel/live.js",
  lookup: "couth/kernel/lookup.js",
  menu: "couth/kernel/menu.js",
  older: "couth/kernel/older.js",
  "relative-time": "couth/kernel/relative-time.js",
  theme: "couth/kernel/theme.js",
};

const connected = new WeakMap();

async function connect(element) {
  if (connected.has(element)) return;
  connected.set(element, []);
  for (const name of element.dataset.controller.trim().split(/\s+/)) {
    // A feature's behaviour is named by its folder: "posts/composer".
    const place = places[name] ?? `couth/${name}.js`;
    try {
      const module = await import(place);
      connected.get(element).push(module.connect(element));
    } catch (error) {
      console.error(`controller ${name}`, error);
    }
  }
}

function disconnect(element) {
  for (const end of connected.get(element) ?? []) end?.();
  connected.delete(element);
}

function each(root, work) {
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  if (root.matches("[data-controller]")) work(root);
  for (const element of root.querySelectorAll("[data-controller]")) work(element);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.removedNodes) if (!node.isConnected) each(node, disconnect);
    for (const node of change.addedNodes) if (node.isConnected) each(node, connect);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

each(document.documentElement, connect);
import("couth/kernel/hover-card.js").then((module) => module.connect(document.body));
import("couth/kernel/shortcuts.js").then((module) => module.connect(document.body));
