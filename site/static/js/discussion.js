// Remembers in this browser in which order it last read a discussion, and, for somebody signed out,
// up to which version; with an account the server remembers that (behaviours/visit.js).
//
// Runs while the page is parsed, before the first comment: comments in another order are never seen.
// What an address names wins. Nothing is sent to the server.

(() => {
  const ORDER = "discussion-order";
  const SEEN = "discussions-seen";
  // Discussions whose last visit is remembered, and the milliseconds to wait for the other order.
  const SEEN_MOST = 200;
  const PATIENCE = 4000;

  const params = new URLSearchParams(location.search);
  const names = (...all) => all.some((name) => params.has(name));
  const orderOf = (link) => new URL(link.href).searchParams.get("sort") ?? "";
  // The link to what is new since this page was made names its version.
  const newsOf = (discussion) => discussion.querySelector(".returning a");
  const versionOf = (discussion) =>
    Number(new URL(newsOf(discussion).href).searchParams.get("since"));
  const section = document.currentScript.closest("#discussion");
  const isSignedIn = "visit" in section.dataset;

  // A browser may refuse to keep anything.
  const read = (store, key) => {
    try {
      return window[store].getItem(key);
    } catch {
      return null;
    }
  };
  const write = (store, key, value) => {
    try {
      if (value) window[store].setItem(key, value);
      else window[store].removeItem(key);
    } catch {
      // Then the default order is shown, and nothing is new.
    }
  };

  const rememberOrder = (event) => {
    const link = event.target.closest?.(".order__menu a");
    if (link) write("localStorage", ORDER, orderOf(link));
  };

  const rememberedLink = () => {
    const order = read("localStorage", ORDER);
    const isNamed = names("sort", "after", "thread", "since", "totals");
    // The address of a comment leads to the page that has it, which is in the order it names.
    if (!order || isNamed || location.hash.startsWith("#comment-")) return null;
    const links = [...section.querySelectorAll(".order__menu a:not([aria-current])")];
    return links.find((link) => orderOf(link) === order);
  };

  const parsed = new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", resolve, { once: true });
  });

  async function reorder(link) {
    section.classList.add("discussion--reordering");
    try {
      const answer = await fetch(link.href, { signal: AbortSignal.timeout(PATIENCE) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      await parsed;
      const other = page.querySelector("#discussion");
      if (!answer.ok || !other) return;
      const address = new URL(link.href);
      history.replaceState(history.state, "", address.pathname + address.search + location.hash);
      section.replaceWith(document.adoptNode(other));
      offerNews(other);
      window.htmx?.process(other);
      window.htmx?.trigger(other, "htmx:load", { elt: other });
    } catch {
      // The default order, rather than none.
    } finally {
      section.classList.remove("discussion--reordering");
    }
  }

  // What was seen at the end of the last visit; a visit lasts as long as the tab.
  const lastSeen = (() => {
    if (isSignedIn) return 0;
    const path = location.pathname;
    let seen = {};
    try {
      // Somebody else's words may be under our name: only numbers count.
      const kept = Object.entries(JSON.parse(read("localStorage", SEEN)) ?? {});
      seen = Object.fromEntries(kept.filter(([_path, version]) => Number.isFinite(version)));
    } catch {
      // None of ours.
    }
    const before = read("sessionStorage", path) ?? String(seen[path] ?? "");
    write("sessionStorage", path, before || "none");
    delete seen[path];
    const others = Object.entries(seen).slice(1 - SEEN_MOST);
    const all = Object.fromEntries([...others, [path, versionOf(section)]]);
    write("localStorage", SEEN, JSON.stringify(all));
    return Number(before) || 0;
  })();

  function offerNews(discussion) {
    if (!lastSeen || lastSeen >= versionOf(discussion) || names("since")) return;
    const link = newsOf(discussion);
    const address = new URL(link.href);
    address.searchParams.set("since", lastSeen);
    link.href = address.href;
    link.parentElement.hidden = false;
    parsed.then(() => markNews(discussion, link));
  }

  // Marks the comments that the list of what is new names, and leads from each to the next.
  async function markNews(discussion, { href, parentElement: words }) {
    try {
      const answer = await fetch(href, { signal: AbortSignal.timeout(PATIENCE) });
      const list = new DOMParser().parseFromString(await answer.text(), "text/html");
      const isNew = (card) => list.getElementById(card.id) && card.querySelector(":scope > footer");
      const cards = [...discussion.querySelectorAll("article.comment")].filter(isNew);
      cards.forEach((card, place) => {
        const mark = Object.assign(document.createElement("span"), { className: "new" });
        const dot = Object.assign(document.createElement("span"), { className: "dot" });
        mark.append(dot, words.dataset.new);
        card.querySelector(".who").after(mark);
        const next = cards[place + 1];
        if (!next) return;
        const link = document.createElement("a");
        Object.assign(link, { className: "next-new", href: `#${next.id}` });
        link.textContent = words.dataset.next;
        card.querySelector(":scope > footer").append(link);
      });
    } catch {
      // The link leads to them.
    }
  }

  document.addEventListener("click", rememberOrder);
  const link = rememberedLink();
  if (link) reorder(link);
  else offerNews(section);
})();
