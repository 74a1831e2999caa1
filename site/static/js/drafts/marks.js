// Marks where something is being written: comments to which a reply is, with a link that opens it,
// what leads to another form that was begun, such as a report, with a link beside it, and the
// paragraph of the article that a change of mind is about.

import { decoded } from "./fields.js";

const replies = new Map();
const forms = new Set();

const words = () => document.getElementById("status").dataset.draft;

const linkIn = (parent) =>
  document.querySelector(`#comment-${CSS.escape(parent)} .your-draft[data-reply]`);

function markLink(href, text) {
  const link = document.createElement("a");
  link.className = "your-draft";
  link.href = href;
  link.textContent = text;
  return link;
}

function drawReply(parent, address) {
  const foot = document.querySelector(`#comment-${CSS.escape(parent)} > footer`);
  if (!foot || linkIn(parent)) return;
  const link = markLink(address, words());
  link.dataset.reply = parent;
  foot.append(link);
}

// In the foot of a comment, since what leads there may be in its closed menu; else beside that.
function drawForm(link) {
  const foot = link.closest("article.comment > footer");
  const path = link.getAttribute("href");
  if ((foot ?? link.parentElement).querySelector(`.your-draft[href="${CSS.escape(path)}"]`)) return;
  const mark = markLink(path, `${words()}: ${link.textContent.trim()}`);
  if (foot) foot.append(mark);
  else link.after(" ", mark);
}

function draw() {
  for (const [parent, address] of replies) drawReply(parent, address);
  if (!forms.size) return;
  for (const link of document.querySelectorAll("main a[href]:not(.your-draft)")) {
    if (forms.has(decoded(link.pathname)) && !link.hash) drawForm(link);
  }
}

// Returns the paragraph with this number, as the form counts them; null for none.
function paragraphOf(prose, number) {
  const texts = [...prose.querySelectorAll("p")].filter(
    (text) => !text.closest("[role=note]") && text.textContent.trim(),
  );
  return texts[Number(number) - 1] ?? null;
}

// Marks the paragraph that the change of mind at `path` is about; the end of the article while none
// is chosen.
export function markParagraph(path, number) {
  const prose = document.querySelector(".post .prose");
  if (!prose || prose.querySelector(".your-draft")) return;
  const { draft, change } = document.getElementById("status").dataset;
  const link = markLink(path, `${draft}: ${change}`);
  (paragraphOf(prose, number) ?? prose).append(" ", link);
}

export function mark(action, parent) {
  replies.set(parent, `${action}?parent=${parent}`);
  draw();
}

export function markForms(paths) {
  for (const path of paths) forms.add(path);
  draw();
}

export function unmark(parent) {
  replies.delete(parent);
  linkIn(parent)?.remove();
}

document.addEventListener("htmx:load", draw);
