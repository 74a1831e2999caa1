// Attaches the behaviours of the studio; loaded only where an author writes a post or its question.

import arrange from "./behaviours/arrange.js";
import studioEditor from "./behaviours/studio-editor.js";

for (const [name, behaviour] of Object.entries({ arrange, "studio-editor": studioEditor })) {
  document.querySelectorAll(`[data-behaviour~="${name}"]`).forEach(behaviour);
}
