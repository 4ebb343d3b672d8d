// What is wrong with the page that is shown, as lines of text by kind. It looks, and changes nothing.
(expected => {
  const wrong = { structure: [], language: [], layout: [], contrast: [] };
  const all = selector => [...document.querySelectorAll(selector)];
  const brief = element => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const seen = element =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest(".unseen, datalist, option");

  // Every piece of text that can be seen, with the element that it is in.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const [node, element] = [walker.currentNode, walker.currentNode.parentElement];
    if (node.data.trim() && seen(element) && element.tagName !== "TEXTAREA") texts.push([node, element, node.data.trim()]);
  }
  const fields = all("input:not([type=hidden]), select, textarea");

  // Structure.
  const must = (well, what) => well || wrong.structure.push(what);
  must(document.documentElement.lang === expected.language, `lang is ${document.documentElement.lang}`);
  must(all("h1").length === 1 && all("h1")[0].innerText.trim(), "not one heading");
  must(document.title.includes("Colab Keeper"), `title: ${document.title}`);
  must(all("main").length === 1, "not one main");
  if (expected.step) {
    const here = all("nav.way [aria-current=step]");
    must(here.length === 1 && seen(here[0]), "nobody knows where one is");
    must(all(".primary").filter(seen).length === 1, "not one main button");
  }
  for (const field of fields) {
    const named = [...(field.labels ?? [])].some(label => label.innerText.trim()) || field.getAttribute("aria-label");
    must(named, `no label: ${brief(field)}`);
  }
  for (const button of all("button, a.button").filter(seen)) must(button.innerText.trim(), `says nothing: ${brief(button)}`);
  const ids = all("[id]").map(element => element.id);
  must(new Set(ids).size === ids.length, `an id twice: ${ids}`);
  for (const element of all("[aria-describedby]"))
    for (const id of element.getAttribute("aria-describedby").split(" "))
      must(document.getElementById(id)?.innerText.trim(), `described by nothing: ${id}`);
  for (const element of all("*")) {
    const own = [...element.attributes].filter(({ name }) => name.startsWith("on") || name === "style");
    must(!["SCRIPT", "STYLE", "IFRAME"].includes(element.tagName) && !own.length, `not ours: ${brief(element)}`);
  }

  // Language. What people and networks are called, and what is code, is in none.
  const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
  const english = /[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}/;
  const names = /^(Google Colab|SSH|Wi-Fi|SSID|Colab Keeper|English|日本語)$/;
  for (const [, element, text] of texts) {
    if (element.closest("[lang]").lang !== expected.language || element.closest("code, dd, .networks .card strong, .log")) continue;
    const foreign = expected.language === "en" ? japanese.test(text) : english.test(text);
    if (foreign && !names.test(text)) wrong.language.push(`${expected.language}: ${text}`);
  }
  if (expected.language === "ja") {
    for (const element of all("h1, h2, label, legend, .hint, .fault, .lead, button, a.button, dt").filter(seen)) {
      const text = element.innerText.trim();
      if (!japanese.test(text) && !names.test(text) && !element.closest("[lang=en], .networks .card"))
        wrong.language.push(`no Japanese: ${text}`);
    }
  }

  // Layout.
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.layout.push(`it scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  for (const element of all("body *").filter(seen)) {
    const box = element.getBoundingClientRect();
    if (box.width && (box.left < -1 || box.right > root.clientWidth + 1)) wrong.layout.push(`sticks out: ${brief(element)}`);
  }
  for (const [node, element, text] of texts) {
    let block = element;
    while (getComputedStyle(block).display.startsWith("inline") && block.parentElement) block = block.parentElement;
    const [outer, range] = [block.getBoundingClientRect(), document.createRange()];
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.right > outer.right + 1 || box.left < outer.left - 1) wrong.layout.push(`longer than its place: ${text}`);
    if (parseFloat(getComputedStyle(element).fontSize) < 12) wrong.layout.push(`too small to read: ${text}`);
  }
  const primary = all(".actions .primary")[0];
  if (primary) {
    const box = primary.getBoundingClientRect();
    if (box.top < 0 || box.bottom > root.clientHeight + 1) wrong.layout.push("the main button is out of sight");
  }

  // Contrast, by WCAG 2.2: 4.5 to 1, and 3 to 1 where the type is large.
  const colour = text => {
    const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [];
    if (!/^rgba?\(/.test(text)) throw new Error(`a colour that is not known: ${text}`);
    return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
  };
  const over = (front, back, opacity = 1) => {
    const alpha = front[3] * opacity;
    return [0, 1, 2].map(at => front[at] * alpha + back[at] * (1 - alpha)).concat(1);
  };
  const behind = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.push(colour(getComputedStyle(at).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 1]);
  };
  const light = ([red, green, blue]) => {
    const linear = value => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const opaque = element => {
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= parseFloat(getComputedStyle(at).opacity);
    return opacity;
  };
  const read = (element, style, text, opacity) => {
    const back = behind(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    const ratio = contrast(over(colour(style.color), back, opacity), back);
    if (ratio < (large ? 3 : 4.5)) wrong.contrast.push(`${ratio.toFixed(2)} to 1: ${text} (${brief(element)})`);
  };
  for (const [, element, text] of texts) read(element, getComputedStyle(element), text, opaque(element));
  for (const field of fields.filter(seen)) {
    if (["radio", "checkbox"].includes(field.type)) continue;
    read(field, getComputedStyle(field), field.value || field.name, opaque(field));
    const style = getComputedStyle(field, "::placeholder");
    if (field.placeholder && !field.value) read(field, style, field.placeholder, opaque(field) * parseFloat(style.opacity));
  }
  return wrong;
})
