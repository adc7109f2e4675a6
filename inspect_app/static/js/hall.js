// The plain screen for the hall: a stopwatch. Nothing on it says what it is for.

import * as db from "./db.js";
import { openKey } from "./holdings.js";
import { keepMark, span } from "./times.js";

const PAGE = crypto.randomUUID();
const place = (id) => document.getElementById(id);
let visit = null;

function tell() {
  const now = new Date();
  const parts = [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, "0"));
  place("time").textContent = `${parts[0]}:${parts[1]}`;
  place("seconds").textContent = `:${parts[2]}`;
  place("date").textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
    month: "long",
    day: "numeric",
    weekday: "long",
  }).format(now);
  setTimeout(tell, 1000 - (Date.now() % 1000));
}

async function list() {
  const marks = (await db.all("marks", visit)).filter((mark) => !mark.ct);
  const rows = marks.map((mark, at) => {
    const row = document.createElement("li");
    const parts = [
      place("laps").dataset.lap.replace("{n}", at + 1),
      at ? `+${span(mark, marks[at - 1])}` : "",
      new Date(mark.wall).toTimeString().slice(0, 8),
    ];
    for (const part of parts) {
      const cell = document.createElement("span");
      cell.textContent = part;
      row.append(cell);
    }
    return row;
  });
  place("laps").replaceChildren(...rows.reverse());
}

async function lap() {
  try {
    await keepMark(null, visit, PAGE);
    place("failed").hidden = true;
    await list();
  } catch {
    place("failed").hidden = false;
  }
}

async function keepNote(event) {
  event.preventDefault();
  const field = place("note");
  if (field.value.trim()) await keepMark(await openKey(), visit, PAGE, field.value.trim());
  field.value = "";
  place("notes").hidden = true;
}

function hide(isHidden) {
  document.body.classList.toggle("bare", isHidden);
  place("show").hidden = !isHidden;
  if (isHidden) place("show").focus();
}

function stop(isStopped) {
  document.body.classList.toggle("stopped", isStopped);
  place("lap").hidden = isStopped;
  place("stopped").hidden = !isStopped;
}

async function leave() {
  const { visit: of } = (await db.get("meta", "hall")) ?? {};
  await db.write([["put", "meta", { k: "hall", visit: of, is_over: true }]]);
  location.replace(of ? `/m/v/${of}/times` : "/m/");
}

tell();
visit = (await db.get("meta", "hall"))?.visit ?? "clock";
await list();
place("lap").addEventListener("click", lap);
place("write").addEventListener("click", () => {
  place("notes").hidden = !place("notes").hidden;
  place("note").focus();
});
place("notes").addEventListener("submit", keepNote);
place("hide").addEventListener("click", () => hide(true));
place("show").addEventListener("click", () => hide(false));
place("stop").addEventListener("click", () => stop(true));
place("go-on").addEventListener("click", () => stop(false));
place("leave").addEventListener("click", leave);
document.body.dataset.ready = "";
document.body.dataset.fresh = "";
