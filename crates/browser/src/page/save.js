(() => {
  if (document.readyState === "loading") return "nothing";
  // A frame that has the focus would take the keys.
  let active = document.activeElement ?? document.body;
  if (active instanceof HTMLIFrameElement) {
    active.blur();
    active = document.body;
  }
  if (document.hasFocus()) {
    // Behind the page's own listeners, which were there before: what none of them has taken, the browser is not to take
    // either, for it would ask where to save the page.
    addEventListener("keydown", event => event.preventDefault(), { once: true });
    return "keys";
  }
  // Real keys would pass the page by and go to the browser. Most pages take made ones as well.
  const keys = { key: "s", code: "KeyS", keyCode: 83, ctrlKey: true, bubbles: true, cancelable: true, composed: true };
  active.dispatchEvent(new KeyboardEvent("keydown", keys));
  active.dispatchEvent(new KeyboardEvent("keyup", keys));
  return "made";
})()
