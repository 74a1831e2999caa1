// Shows the title and the standfirst above the preview of the text, as they are typed.

export function showHeading(form) {
  const head = form.querySelector("[data-preview-head]");
  const { title, standfirst } = form.elements;
  const show = () => {
    head.querySelector(".editor__title").textContent = title.value.trim();
    head.querySelector(".standfirst").textContent = standfirst.value.trim();
    head.hidden = false;
  };
  form.addEventListener("input", show);
  form.addEventListener("draft:filled", show);
  show();
}
