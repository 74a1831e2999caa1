// Opens the composer of a reply below its comment, with a quotation if one is asked for, and offers
// "Quote" above words that are selected in a comment.

// Characters of a selection that go into an address; the server quotes no more than twice as many.
const LONGEST = 300;

const wordsOf = (text) => text.replace(/\s+/g, " ").trim();
// Returns at most `most` characters of `words`, up to the end of a word where there is one.
const firstOf = (words, most) =>
  words.length > most ? words.slice(0, most + 1).replace(/\s+\S*$/, "").slice(0, most) : words;
const slotOf = (link) => document.getElementById(`reply-slot-${link.dataset.reply}`);

function insert(field, words) {
  field.setRangeText(`> ${words}\n\n`, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Opens the composer at `address`; what is being written in an open one stays.
export function openReply(link, address = link.getAttribute("href"), words = "") {
  const slot = slotOf(link);
  const field = slot?.querySelector("textarea");
  if (!field) {
    window.htmx.ajax("GET", address, { source: link, target: slot, swap: "innerHTML" });
    return;
  }
  const body = link.closest(".comment").querySelector(".comment__body");
  if (words) insert(field, words);
  else if (/[?]quote=/.test(address)) insert(field, firstOf(wordsOf(body.textContent), 2 * LONGEST));
  field.focus();
}

// Returns the words selected in the text of one comment that takes replies, and where they stand.
function selected() {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const within = (node) => (node.closest ? node : node.parentElement).closest(".comment__body");
  const body = within(range.startContainer);
  if (!body || body !== within(range.endContainer)) return null;
  const link = body.closest(".comment").querySelector("footer > [data-reply]");
  const words = wordsOf(selection.toString());
  return link && words ? { link, words, range } : null;
}

export function offerQuotes() {
  const status = document.getElementById("status");
  if (!status?.dataset.quote) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quote-it";
  button.textContent = status.dataset.quote;
  // A press on it must not end the selection.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const found = selected();
    button.remove();
    if (!found) return;
    const words = firstOf(found.words, LONGEST);
    const address = `${found.link.getAttribute("href")}&passage=${encodeURIComponent(words)}`;
    openReply(found.link, address, found.words);
    window.getSelection().removeAllRanges();
  });
  const show = () => {
    const found = selected();
    if (!found) {
      button.remove();
      return;
    }
    const box = found.range.getBoundingClientRect();
    document.body.append(button);
    button.style.left = `${window.scrollX + box.left + box.width / 2}px`;
    button.style.top = `${window.scrollY + box.top}px`;
  };
  document.addEventListener("selectionchange", show);
}
