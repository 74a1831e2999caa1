// Shows how many characters of data-limit are used.

// Share of the limit from which the counter is shown: before that it would only distract.
const SHOW_FROM = 0.8;

export default function counter(textarea) {
  const limit = Number(textarea.dataset.limit);
  if (!limit) return;
  const line = document.createElement("p");
  line.className = "counter";
  line.hidden = true;
  textarea.after(line);
  const count = () => {
    // The server counts code points, with each line break as one.
    const used = [...textarea.value.replace(/\r\n?/g, "\n")].length;
    line.hidden = used < limit * SHOW_FROM;
    line.classList.toggle("counter--over", used > limit);
    line.textContent = `${used.toLocaleString()} / ${limit.toLocaleString()}`;
  };
  textarea.addEventListener("input", count);
  count();
}
