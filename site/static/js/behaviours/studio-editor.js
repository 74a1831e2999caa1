// Corrects the editor of django-markdownx: Tab leaves the text, pictures are refused with a
// sentence, a failed preview shows an error, and leaving with unsaved text asks for confirmation.

function hasFiles(transfer) {
  return [...(transfer?.types ?? [])].includes("Files");
}

export default function studioEditor(form) {
  const editor = form.querySelector(".markdownx-editor");
  const preview = form.querySelector(".markdownx-preview");
  const pictures = form.querySelector("[data-pictures]");
  const problem = form.querySelector("[data-preview-problem]");
  let unsaved = form.dataset.unsaved === "yes";
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

  const refusePictures = (event) => {
    const transfer = event.dataTransfer ?? event.clipboardData;
    if (!hasFiles(transfer)) {
      // Dragged text is left to the browser.
      if (event.type === "drop") event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    pictures.hidden = false;
  };
  listenFirst("drop", refusePictures);
  listenFirst("paste", refusePictures);

  form.addEventListener("input", (event) => {
    unsaved = true;
    if (event.target === editor) pictures.hidden = true;
  });

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
  form.querySelector("[data-leave]")?.addEventListener("click", () => {
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !sending) event.preventDefault();
  });
}
