// Writes the times of a page in the reader's own zone; the title of each says what the site wrote.
// Days without a time of day stay: they are the site's.
export default function times(page) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  if (timeZone === page.dataset.zone) return;
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  const written = (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
    return `${parts.day} ${parts.month} ${parts.year}, ${parts.hour}:${parts.minute}`;
  };
  const rewrite = (root) => {
    for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
      const at = new Date(time.dateTime);
      const said = time.textContent;
      if (!/\d:\d/.test(said) || Number.isNaN(at.getTime())) continue;
      time.title = page.dataset.saidHere.replace("{zone}", timeZone).replace("{time}", said);
      time.textContent = written(at);
    }
  };
  rewrite(page);
  document.addEventListener("htmx:load", (event) => rewrite(event.detail.elt));
}
