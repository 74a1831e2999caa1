// Loaded on the page where an author writes, and nowhere else.

import studioEditor from "./behaviours/studio-editor.js";

document.querySelectorAll('[data-behaviour~="studio-editor"]').forEach(studioEditor);
