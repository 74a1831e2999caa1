// Marks comments to which a reply is being written with a link that opens it.

const marked = new Map();

const linkIn = (parent) =>
  document.querySelector(`#comment-${CSS.escape(parent)} .your-draft`);

function draw() {
  const words = document.getElementById("status").dataset.draft;
  for (const [parent, address] of marked) {
    const foot = document.querySelector(`#comment-${CSS.escape(parent)} > footer`);
    if (!foot || linkIn(parent)) continue;
    const link = document.createElement("a");
    link.className = "your-draft";
    link.href = address;
    link.dataset.reply = parent;
    link.textContent = words;
    foot.append(link);
  }
}

export function mark(action, parent) {
  marked.set(parent, `${action}?parent=${parent}`);
  draw();
}

export function unmark(parent) {
  marked.delete(parent);
  linkIn(parent)?.remove();
}

document.addEventListener("htmx:load", draw);
