// Makes elements. Text goes in as text, so that nothing that was written becomes markup.

const SVG = "http://www.w3.org/2000/svg";
const LINE = {
  fill: "none",
  stroke: "currentColor",
  "stroke-width": 2.4,
  "stroke-linecap": "round",
  "stroke-linejoin": "round",
};

/** Return an element with attributes (a function listens, `true` stands for itself) and children. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Return a tick drawn as a line. */
export function tick(path = "m5 12.5 4.5 4.5L19 7") {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", ...LINE })) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Fill the page's frame: what stands above, what is read, and the one primary action below. */
export function fill({ head = [], main = [], dock = null }) {
  document.querySelector(".ph > header").replaceChildren(...head);
  document.getElementById("main").replaceChildren(...main.filter(Boolean));
  document.querySelector(".ph > .dock")?.remove();
  if (dock) document.querySelector(".ph").append(el("footer", { class: "dock" }, el("div", {}, ...dock)));
}

/** Return the bar at the top: where it leads back to, what stands in the middle, and what at the end. */
export function bar(before, middle = "", after = "") {
  return el("div", { class: "bar three" }, before || el("span"), middle || el("span"), after || el("span"));
}

/** Return a link back. */
export function back(address, name) {
  return el("a", { href: address }, `‹ ${name}`);
}

/** Return a group's heading, with a word at its end. */
export function heading(name, beside = "") {
  return el("div", { class: "sec" }, el("h2", {}, name), beside && el("span", { class: "ink2" }, beside));
}

/** Return the segments of a form, one for each situation. */
export function segments(classes, described) {
  const marks = classes.map((name) => el("span", { class: name }));
  return el("div", { class: "segs", ...(described ? { role: "img", "aria-label": described } : {}) }, ...marks);
}
