// Follows a thread, or ends that, from its menu: the button of the other state takes its place.

export default function follow(button) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  button.addEventListener(
    "htmx:afterRequest",
    ({ detail }) => {
      if (!detail.successful) button.ariaBusy = null;
    },
    { once: true },
  );
  window.htmx.ajax("POST", button.formAction, {
    source: button,
    target: button,
    swap: "outerHTML",
    values: { follow: button.value, in_menu: "1" },
  });
}
