// Attaches the editor of the studio; loaded only on the page where an author writes a post.

import studioEditor from "./behaviours/studio-editor.js";

document.querySelectorAll('[data-behaviour~="studio-editor"]').forEach(studioEditor);
