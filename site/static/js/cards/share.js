// Copies the address of a link (data-copy), and offers to share it where the browser can.
// The words are those of the status line: they are needed once for a page, not for each card.

const words = () => document.getElementById("status").dataset;

// Milliseconds for which a link says that it is copied.
const SAID_FOR = 3000;

function say(link, sentence) {
  link.textContent = sentence;
  document.getElementById("status").textContent = sentence;
  window.setTimeout(() => {
    link.textContent = words().copy;
  }, SAID_FOR);
}

export async function copy(link) {
  try {
    await navigator.clipboard.writeText(link.href);
    say(link, words().copied);
  } catch {
    window.location.assign(link.href);
  }
}

function offerShare(link) {
  if (!navigator.share || link.nextElementSibling?.matches("[data-share]")) return;
  const share = document.createElement("button");
  share.type = "button";
  share.dataset.share = "";
  share.textContent = words().share;
  share.className = link.className;
  share.addEventListener("click", () => {
    // Rejected where the reader thinks better of it.
    navigator.share({ title: document.title, url: link.href }).catch(() => {});
  });
  link.after(share);
}

// Says on links what a press will do, now that there are scripts to do it.
export function offerCopies(root) {
  if (!navigator.clipboard || !words().copy) return;
  for (const link of root.querySelectorAll("[data-copy]")) {
    link.textContent = words().copy;
    offerShare(link);
  }
}
