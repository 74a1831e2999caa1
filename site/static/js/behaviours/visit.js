// Tells the server that a discussion was seen, so that what is new is known on every device.

import { handedOver, send, slugOf } from "../visits.js";

// Milliseconds between two messages about one page: a visit ends long after (limits.VISIT_ENDS).
const PAUSE = 60_000;

// Shows the discussion again if what the browser handed over tells what is new in it.
async function renew(section) {
  const changed = await handedOver;
  const isWriting = [...section.querySelectorAll("textarea")].some((field) => field.value);
  if (!changed.includes(slugOf(location.pathname)) || isWriting || !section.isConnected) return;
  changed.length = 0;
  const page = { source: section, target: section, select: "#discussion", swap: "outerHTML" };
  await window.htmx?.ajax("GET", location.pathname + location.search, page);
}

export default function visit(section) {
  let sentAt = 0;
  const tell = () => {
    sentAt = Date.now();
    const { visit: address, version } = section.dataset;
    send(address, { version }, { keepalive: true })?.catch(() => {
      // What was new in this visit is new in the next one, too.
    });
  };
  const watch = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watch.disconnect();
    tell();
  });
  renew(section).then(() => section.isConnected && watch.observe(section));
  document.addEventListener("visibilitychange", () => {
    const isLeft = document.visibilityState === "hidden" && section.isConnected;
    if (isLeft && sentAt && Date.now() - sentAt > PAUSE) tell();
  });
}
