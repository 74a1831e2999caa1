// Marks a notification as read when its link is followed, by the form beside it.

export default function markRead(link) {
  const form = link.closest("article").querySelector("form");
  const mark = (event) => {
    if (event.type === "auxclick" && event.button !== 1) return;
    fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      keepalive: true,
      redirect: "manual",
    }).catch(() => {});
  };
  link.addEventListener("click", mark);
  link.addEventListener("auxclick", mark);
}
