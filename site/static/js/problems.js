// Shows the reason of a failed htmx request above the page; typed text stays in its form.

const region = () => document.getElementById("problems");

function show(sentence) {
  const notice = document.createElement("p");
  notice.className = "notice notice--error";
  notice.textContent = sentence;
  region().replaceChildren(notice);
}

// Returns the sentence of an error page: a whole page must not be swapped into a form.
function sentenceOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const sentence = page.querySelector("[data-problem]");
  if (sentence) return sentence.textContent.trim();
  const problem = page.getElementById("problem");
  if (!problem) return region().dataset.failed;
  const heading = problem.querySelector("h1")?.textContent ?? "";
  const explanation = problem.querySelector("header + p")?.textContent ?? "";
  return `${heading.trim()}. ${explanation.trim()}`;
}

export const clearProblems = () => region()?.replaceChildren();
export const showOffline = () => show(region().dataset.offline);
export const showProblem = (html) => show(sentenceOf(html));

export function reportProblems() {
  if (!region()) return;
  document.addEventListener("htmx:beforeRequest", clearProblems);
  document.addEventListener("htmx:sendError", showOffline);
  document.addEventListener("htmx:timeout", showOffline);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400 || !/^\s*<!doctype/i.test(xhr.responseText)) return;
    event.detail.shouldSwap = false;
    showProblem(xhr.responseText);
  });
}
