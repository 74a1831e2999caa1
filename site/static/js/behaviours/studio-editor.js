// The editor of an article, on top of django-markdownx: Tab leaves the text, a failed preview shows
// an error, and leaving asks if nothing keeps the text. Says if a newer version was saved than the
// one from which the text in this browser began.

import { showHeading } from "../editor/heading.js";
import { tellLength } from "../editor/length.js";
import { takePictures } from "../editor/pictures.js";
import { useToolbar } from "../editor/toolbar.js";

export default function studioEditor(form) {
  const editor = form.querySelector(".markdownx-editor");
  const preview = form.querySelector(".markdownx-preview");
  const problem = form.querySelector("[data-preview-problem]");
  const state = form.querySelector("[data-draft-state]");
  let sending = false;

  // Captures events to run before the listeners of markdownx.
  const listenFirst = (type, handle) => form.addEventListener(type, handle, { capture: true });

  listenFirst("keydown", (event) => {
    if (event.target !== editor) return;
    if (event.key === "Tab") event.stopPropagation();
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('button[value="save"]'));
    }
  });

  const pictures = form.querySelector("[data-pictures]");
  useToolbar(form.querySelector("[role=toolbar]"), editor);
  takePictures(form, editor, pictures);
  editor.before(pictures);
  tellLength(editor, form.querySelector("[data-length]"));
  showHeading(form);

  // markdownx inserts any response into the page, even the page of an error.
  const show = (state) => {
    problem.hidden = state;
    preview.hidden = !state;
  };
  form.addEventListener("markdownx.update", () => {
    show(!preview.querySelector("main, link, meta, title, form"));
    if (!problem.hidden) preview.replaceChildren();
  });
  form.addEventListener("markdownx.updateError", () => show(false));

  form.addEventListener("submit", (event) => {
    if (sending) event.preventDefault();
    sending = true;
  });
  const tellOfNewer = () => {
    const told = form.querySelector("[data-overtaken]");
    if (told) told.hidden = form.elements.based_on.value === form.dataset.newest;
  };
  form.addEventListener("draft:filled", tellOfNewer);
  tellOfNewer();

  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (state?.dataset.now === "nowhere" && !sending) event.preventDefault();
  });
}
