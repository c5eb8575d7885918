// What only a browser can do: put the focus where the server asked, show toasts, "/" for the filter, Ctrl+Enter to send,
// and allow drops. Everything else on these pages is the server's. Works without it, only less comfortably.

const find = (selector) => (typeof selector === "string" ? document.querySelector(selector) : null);

document.addEventListener("cairn:focus", ({ detail }) => {
  const element = find(detail?.selector);
  element?.focus({ preventScroll: true });
  if (detail?.select === true && element instanceof HTMLInputElement) element.select();
});

document.addEventListener("cairn:reveal", ({ detail }) => find(detail?.selector)?.scrollIntoView({ block: "nearest" }));

document.addEventListener("vango:toast", ({ detail }) => {
  let box = document.querySelector(".toasts");
  if (box === null) {
    box = document.createElement("div");
    box.className = "toasts";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  const toast = document.createElement("div");
  toast.className = `toast ${detail?.level ?? "info"}`;
  toast.textContent = detail?.message ?? "";
  box.append(toast);
  setTimeout(() => toast.remove(), 4000);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const filter = document.getElementById("filter");
    if (filter !== null) {
      event.preventDefault();
      filter.focus();
    }
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement && event.target.dataset.submit === "ctrl-enter") {
    event.target.form?.requestSubmit();
  }
});

document.addEventListener("dragstart", (event) => {
  if (!(event.target instanceof HTMLElement) || !event.target.draggable) return;
  event.dataTransfer?.setData("text/plain", event.target.textContent ?? "");
  event.target.classList.add("dragged");
});
document.addEventListener("dragend", (event) => {
  if (event.target instanceof HTMLElement) event.target.classList.remove("dragged");
  over(null);
});
document.addEventListener("dragover", (event) => {
  const target = event.target instanceof Element ? event.target.closest("[data-drop]") : null;
  if (target !== null) event.preventDefault();
  over(target);
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  over(null);
});

// On a phone the navigation is a strip that scrolls: the page one is on is in sight, also after a change of page.
const nav = document.querySelector(".nav");
function showCurrent() {
  const link = nav?.querySelector(".current");
  if (link instanceof HTMLElement) nav.scrollLeft = link.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
}
if (nav !== null) {
  showCurrent();
  new MutationObserver(showCurrent).observe(nav, { subtree: true, attributes: true, attributeFilter: ["class"] });
}

let current = null;
function over(target) {
  if (target === current) return;
  current?.classList.remove("over");
  target?.classList.add("over");
  current = target;
}
