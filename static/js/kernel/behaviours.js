/* Finds every [data-controller] and connects its module: one behaviour, one file, `connect(element) -> disconnect`. */

const places = {
  code: "kernel/code",
  copy: "kernel/copy",
  drafts: "kernel/drafting",
  drawer: "kernel/drawer",
  "hover-card": "kernel/hover-card",
  live: "kernel/live",
  lookup: "kernel/lookup",
  menu: "kernel/menu",
  older: "kernel/older",
  picking: "kernel/picking",
  "relative-time": "kernel/relative-time",
  sending: "kernel/sending",
  theme: "kernel/theme",
};

const connected = new WeakMap();
let held = null;

/** What is fetched only when somebody asks for it. */
export async function fetched(name) {
  return (await held(name)).connect;
}

async function connect(element) {
  if (connected.has(element)) return;
  connected.set(element, []);
  for (const name of element.dataset.controller.trim().split(/\s+/)) {
    try {
      // A feature's behaviour is named by its folder: "posts/composer".
      const module = await held(places[name] ?? name);
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

/** Connect what is on the page and whatever comes to it; `load(name)` gives the module of a behaviour. */
export function begin(load) {
  held = load;
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.removedNodes) if (!node.isConnected) each(node, disconnect);
      for (const node of change.addedNodes) if (node.isConnected) each(node, connect);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
  each(document.documentElement, connect);
  for (const name of ["kernel/hover-card", "kernel/shortcuts", "kernel/strips", "kernel/installed"]) {
    Promise.resolve(load(name)).then((module) => module.connect(document.body));
  }
}
