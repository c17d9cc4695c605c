/* Where scripts begin as long as nothing is bundled: each behaviour is fetched from its own file. */

import { begin } from "couth/kernel/behaviours.js";
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
  picking: "couth/kernel/picking.js",
  "relative-time": "couth/kernel/relative-time.js",
  theme: "couth/kernel/theme.js",
};

begin((name) => import(`couth/${name}.js`));
