// Unfolds a folded comment when its permalink is opened: on loading the page, or later on it.

export default function unfold(link) {
  const body = link.closest(".comment__body");
  const address = `#${link.closest(".comment").id}`;

  const open = () => {
    if (window.location.hash !== address || !link.isConnected) return;
    window.htmx.ajax("GET", link.getAttribute("hx-get"), { target: body, swap: "outerHTML" });
  };

  window.addEventListener("hashchange", open);
  if (document.readyState === "complete") open();
  else window.addEventListener("load", open, { once: true });
}
