// Keeps the editor of django-markdownx from surprising anyone: Tab leaves the text, a picture is
// refused in words, a broken preview says so, and nobody leaves unsaved words by accident.

function carriesFiles(transfer) {
  return [...(transfer?.types ?? [])].includes("Files");
}

export default function studioEditor(form) {
  const editor = form.querySelector(".markdownx-editor");
  const preview = form.querySelector(".markdownx-preview");
  const pictures = form.querySelector("[data-pictures]");
  const problem = form.querySelector("[data-preview-problem]");
  let unsaved = form.dataset.unsaved === "yes";
  let sending = false;

  // Everything is caught on its way down to the editor, before markdownx hears of it.
  const before = (type, handle) => form.addEventListener(type, handle, { capture: true });

  before("keydown", (event) => {
    if (event.target !== editor) return;
    if (event.key === "Tab") event.stopPropagation();
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('button[value="save"]'));
    }
  });

  const refusePictures = (event) => {
    const transfer = event.dataTransfer ?? event.clipboardData;
    if (!carriesFiles(transfer)) {
      // Words may be dragged about as everywhere else.
      if (event.type === "drop") event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    pictures.hidden = false;
  };
  before("drop", refusePictures);
  before("paste", refusePictures);

  form.addEventListener("input", (event) => {
    unsaved = true;
    if (event.target === editor) pictures.hidden = true;
  });

  // It puts any answer into the page, an error's too.
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
