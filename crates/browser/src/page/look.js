(() => {
  const line = (text, most) => String(text).replace(/\s+/g, " ").trim().slice(0, most);
  const asks = "dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true],mwc-dialog[open],md-dialog[open],paper-dialog";
  const seen = element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0 &&
      box.top < innerHeight && box.left < innerWidth &&
      (!element.checkVisibility || element.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  };
  const inside = node => node.shadowRoot ? node.shadowRoot.childNodes
    : node.localName === "slot" && node.assignedNodes().length ? node.assignedNodes() : node.childNodes;
  const words = root => {
    let text = "", left = 3000;
    const todo = [root];
    while (todo.length && left-- > 0 && text.length < 600) {
      const node = todo.pop();
      if (node.nodeType === 3) text += " " + node.data.slice(0, 600);
      else if (node.nodeType !== 1 || /^(style|script|template)$/.test(node.localName)) continue;
      for (const child of Array.from(inside(node)).reverse()) todo.push(child);
    }
    return line(text, 500);
  };
  const dialogs = [], frames = [];
  let left = 20000;
  const todo = [document.documentElement];
  while (todo.length && left-- > 0) {
    const node = todo.pop();
    if (!node || node.nodeType !== 1) continue;
    if (node.matches(asks) && dialogs.length < 5) {
      // What a component draws may be larger than the component's own box.
      const text = Array.from(node.shadowRoot ? node.shadowRoot.querySelectorAll("*") : [node]).some(seen) ? words(node) : "";
      if (text && !dialogs.some(other => other.includes(text))) dialogs.push(text);
    } else if (node.localName === "iframe" && frames.length < 5 && /captcha|challenge/i.test(node.src) && seen(node)) {
      frames.push(line(node.src, 200));
    }
    const children = node.shadowRoot ? [...node.shadowRoot.children, ...node.children] : node.children;
    for (let at = children.length - 1; at >= 0; at--) todo.push(children[at]);
  }
  return { url: location.href.slice(0, 4096), title: line(document.title, 200), dialogs, frames };
})()
