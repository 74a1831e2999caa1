// Attaches the behaviours of the studio; loaded only where an author writes a post or its question.

import arrange from "./behaviours/arrange.js";
import studioEditor from "./behaviours/studio-editor.js";
import unsaved from "./behaviours/unsaved.js";

const behaviours = { arrange, "studio-editor": studioEditor, unsaved };
for (const [name, behaviour] of Object.entries(behaviours)) {
  document.querySelectorAll(`[data-behaviour~="${name}"]`).forEach(behaviour);
}
