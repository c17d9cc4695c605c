/* Where scripts begin as long as nothing is bundled: each behaviour is fetched from its own file. */

import { begin } from "couth/kernel/behaviours.js";

begin((name) => import(`couth/${name}.js`));
