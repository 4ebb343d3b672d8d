(() => {
  if (document.readyState === "loading") return "nothing";
  // A frame that has the focus would take the keys.
  let active = document.activeElement ?? document.body;
  if (active instanceof HTMLIFrameElement) {
    active.blur();
    active = document.body;
  }
  if (document.hasFocus()) {
    return "keys";
  }
  // Real keys would pass the page by. Most pages take made ones as well.
  const keys = { key: "s", code: "KeyS", keyCode: 83, ctrlKey: true, bubbles: true, cancelable: true, composed: true };
  active.dispatchEvent(new KeyboardEvent("keydown", keys));
  active.dispatchEvent(new KeyboardEvent("keyup", keys));
  return "made";
})()
