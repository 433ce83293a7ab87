// ipywidgets leaves slider handles and images without names: give them theirs, for screen readers.

export function renderNames({ model, el }) {
  const name = () => {
    const box = el.parentElement;
    if (!box) return;
    for (const slider of box.querySelectorAll(".widget-slider")) {
      const words = slider.querySelector(".widget-label")?.textContent;
      for (const handle of slider.querySelectorAll("[role=slider]")) handle.setAttribute("aria-label", words);
      for (const shown of slider.querySelectorAll(".widget-readout")) {
        shown.setAttribute("aria-label", `${words}, as text`);
        shown.setAttribute("role", "textbox");
      }
    }
    for (const image of box.querySelectorAll("img")) image.alt = model.get("alt");
  };
  const watcher = new MutationObserver(name);
  const start = () => {
    if (!el.parentElement) return requestAnimationFrame(start); // not yet in the page
    name();
    watcher.observe(el.parentElement, { childList: true, subtree: true });
  };
  start();
  model.on("change:alt", name);
  return () => watcher.disconnect();
}
