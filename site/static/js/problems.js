// When a swap cannot be made, the reason is shown above the page and what was typed stays in place.

const region = () => document.getElementById("problems");

function show(sentence) {
  const notice = document.createElement("p");
  notice.className = "notice notice--error";
  notice.textContent = sentence;
  region().replaceChildren(notice);
}

// A whole page as an answer (an expired form, a refusal) must not land inside the form it answers.
function sentenceOf(page) {
  const answer = new DOMParser().parseFromString(page, "text/html");
  const told = answer.querySelector("[data-problem]");
  if (told) return told.textContent.trim();
  const problem = answer.getElementById("problem");
  if (!problem) return region().dataset.failed;
  const heading = problem.querySelector("h1")?.textContent ?? "";
  const words = problem.querySelector("header + p")?.textContent ?? "";
  return `${heading.trim()}. ${words.trim()}`;
}

export function reportProblems() {
  if (!region()) return;
  document.addEventListener("htmx:beforeRequest", () => region().replaceChildren());
  document.addEventListener("htmx:sendError", () => show(region().dataset.offline));
  document.addEventListener("htmx:timeout", () => show(region().dataset.offline));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400 || !/^\s*<!doctype/i.test(xhr.responseText)) return;
    event.detail.shouldSwap = false;
    show(sentenceOf(xhr.responseText));
  });
}
