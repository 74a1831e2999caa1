// How many characters are left, shown once four fifths of data-limit are used.

const SHOW_FROM = 0.8;

export default function counter(textarea) {
  const limit = Number(textarea.dataset.limit);
  if (!limit) return;
  const line = document.createElement("p");
  line.className = "counter";
  line.hidden = true;
  textarea.after(line);
  const count = () => {
    // Code points after the newlines have become single, as the server counts them.
    const used = [...textarea.value.replace(/\r\n?/g, "\n")].length;
    line.hidden = used < limit * SHOW_FROM;
    line.classList.toggle("counter--over", used > limit);
    line.textContent = `${used.toLocaleString()} / ${limit.toLocaleString()}`;
  };
  textarea.addEventListener("input", count);
  count();
}
