// Makes a textarea as tall as its text, up to a share of the window.

// Share of the window's height: the buttons below the text stay visible.
const HEIGHT_MAX = 0.8;

export default function autoresize(textarea) {
  if (CSS.supports("field-sizing", "content")) {
    textarea.classList.add("grows");
    return;
  }
  const fit = () => {
    textarea.style.height = "auto";
    const limit = window.innerHeight * HEIGHT_MAX;
    textarea.style.height = `${Math.min(textarea.scrollHeight + 2, limit)}px`;
  };
  textarea.addEventListener("input", fit);
  if (textarea.value) fit();
}
