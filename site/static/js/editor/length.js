// Says quietly how long the text is: its words, and the minutes to read it.

// As posts/text/reading_time.py counts them.
const WORDS_PER_MINUTE = 238;
const FENCED = /^ {0,3}(```+|~~~+)[^]*?(?:^ {0,3}\1|(?![^]))/gm;
// Milliseconds: a long text is not counted at each key.
const PAUSE = 400;

export function tellLength(field, line) {
  const count = () => {
    const words = field.value.replace(FENCED, "").match(/\S+/g)?.length ?? 0;
    const minutes = Math.max(1, Math.round(words / WORDS_PER_MINUTE));
    line.hidden = words === 0;
    line.textContent = line.dataset.length
      .replace("{words}", words.toLocaleString(document.documentElement.lang))
      .replace("{minutes}", minutes);
  };
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, PAUSE);
  });
  count();
}
