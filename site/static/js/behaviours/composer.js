// Prevents a second submission while the first is sent, and posts with Ctrl or Cmd and Enter.

export default function composer(form) {
  let sending = false;

  const setSending = (state) => {
    sending = state;
    for (const button of form.querySelectorAll("button[type=submit]")) {
      if (state) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  };

  // Captures the event to run before htmx. The form key makes a double post harmless, but slow.
  form.addEventListener(
    "submit",
    (event) => {
      if (sending) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else {
        setSending(true);
      }
    },
    { capture: true },
  );
  form.addEventListener("htmx:afterRequest", () => setSending(false));
  window.addEventListener("pageshow", () => setSending(false));

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=post]"));
    }
  });
}
