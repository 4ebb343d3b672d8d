(() => {
  if (document.readyState === "loading") return false;
  // A frame that has the focus would take the keys.
  const active = document.activeElement;
  if (active instanceof HTMLIFrameElement) active.blur();
  // Behind the page's own listeners, which were there before: what none of them has taken, the browser is not to take
  // either, for it would ask where to save the page.
  addEventListener("keydown", event => event.preventDefault(), { once: true });
  return true;
})()
