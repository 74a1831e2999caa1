// A textarea as tall as its text, up to most of the window.

const MOST_OF_THE_WINDOW = 0.8;

export default function autoresize(textarea) {
  if (CSS.supports("field-sizing", "content")) {
    textarea.classList.add("grows");
    return;
  }
  const fit = () => {
    textarea.style.height = "auto";
    const limit = window.innerHeight * MOST_OF_THE_WINDOW;
    textarea.style.height = `${Math.min(textarea.scrollHeight + 2, limit)}px`;
  };
  textarea.addEventListener("input", fit);
  if (textarea.value) fit();
}
