// Draws the boxes that cover a photo: what is drawn stands in the form's own number fields, and nowhere else.

const SIDES = ["left", "top", "width", "height"];
const SMALLEST = 8; // pixels of the photo; less is a slip of the hand
const SVG = "http://www.w3.org/2000/svg";

const canvas = document.querySelector("[data-boxes]");
const form = document.querySelector("#release");
if (canvas && form) begin();

function begin() {
  const { width, height } = canvas.dataset;
  const layer = document.createElementNS(SVG, "svg");
  layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
  layer.setAttribute("aria-hidden", "true");
  canvas.append(layer);
  document.querySelector("[data-drawn]").hidden = false;
  for (const button of form.querySelectorAll("[data-remove]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      fill(button.closest("tr"), ["", "", "", ""]);
      draw(layer);
    });
  }
  form.addEventListener("input", () => draw(layer));
  follow(layer, Number(width), Number(height));
  draw(layer);
}

// One box at a time, from where the pointer went down to where it is let go.
function follow(layer, width, height) {
  let from = null;
  layer.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    layer.setPointerCapture(event.pointerId);
    from = place(layer, event, width, height);
  });
  layer.addEventListener("pointermove", (event) => {
    if (from) draw(layer, between(from, place(layer, event, width, height)));
  });
  layer.addEventListener("pointerup", (event) => {
    const box = from && between(from, place(layer, event, width, height));
    from = null;
    if (box && box[2] >= SMALLEST && box[3] >= SMALLEST) fill(blankRow(), box);
    draw(layer);
  });
  layer.addEventListener("pointercancel", () => {
    from = null;
    draw(layer);
  });
}

function place(layer, event, width, height) {
  const seen = layer.getBoundingClientRect();
  const x = ((event.clientX - seen.left) / seen.width) * width;
  const y = ((event.clientY - seen.top) / seen.height) * height;
  return [Math.min(Math.max(Math.round(x), 0), width), Math.min(Math.max(Math.round(y), 0), height)];
}

function between([x1, y1], [x2, y2]) {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x1 - x2), Math.abs(y1 - y2)];
}

function blankRow() {
  const rows = [...form.querySelectorAll("tbody tr")];
  const blank = rows.find((row) => values(row).every((value) => value === ""));
  if (blank) return blank;
  const copy = rows.at(-1).cloneNode(true);
  rows.at(-1).after(copy);
  copy.querySelector("[data-remove]").addEventListener("click", () => copy.remove());
  return copy;
}

function values(row) {
  return SIDES.map((side) => row.querySelector(`[name=${side}]`).value.trim());
}

function fill(row, box) {
  SIDES.forEach((side, at) => {
    row.querySelector(`[name=${side}]`).value = box[at];
  });
}

function draw(layer, drawing = null) {
  const typed = [...form.querySelectorAll("tbody tr")].map(values).filter((box) => box.every((side) => /^\d+$/.test(side)));
  layer.replaceChildren(...[...typed, ...(drawing ? [drawing] : [])].map(rectangle));
}

function rectangle([left, top, width, height]) {
  const drawn = document.createElementNS(SVG, "rect");
  const shape = { x: left, y: top, width, height };
  for (const [name, value] of Object.entries(shape)) drawn.setAttribute(name, value);
  return drawn;
}
