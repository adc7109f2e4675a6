// Where a browser keeps nothing, such as in a private window: saves a form's page on the server as it is answered.
// What is kept, missing or wrong is decided by the server alone; here is only what was tapped.

import { draw, stepped } from "./counts.js";

const PATIENCE = 10_000; // milliseconds until a save that is not answered counts as lost
const PAUSE = 400; // milliseconds after the last key
const SPEAK = 10_000; // milliseconds between two spoken "saved"

const form = document.getElementById("filling");
const line = document.getElementById("sync");
const spoken = document.getElementById("spoken");
const undo = document.getElementById("undo");
let running = null; // the save under way; saves go one after the other, so that none overtakes another
let again = false; // something changed since it left
let timer = 0;
let lastSpoken = 0;
let leaving = false;
let isLost = false; // the last save did not reach the server: the page stays, so that nothing is gone

document.documentElement.classList.add("js");
const isUnsaved = "unsaved" in form.dataset; // the server refused this page: all that stands on it is new
const touched = new Set(); // questions; what else stands here may be older than what is saved
for (const count of form.querySelectorAll(".count")) {
  for (const button of count.querySelectorAll(".pm button")) button.addEventListener("click", () => step(count, button));
  count.addEventListener("input", () => draw(count));
  draw(count);
}
form.addEventListener("formdata", (event) => {
  if (!isUnsaved) for (const question of ["", ...touched]) event.formData.append("touched", question);
});
form.addEventListener("change", (event) => {
  touch(event.target);
  settle(event.target);
  save();
});
form.addEventListener("input", (event) => {
  if (!event.target.matches("textarea, input[type=number]")) return;
  touch(event.target);
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});
form.addEventListener("submit", leave);
addEventListener("online", () => isLost && save());
for (const moment of ["pagehide", "visibilitychange"]) {
  addEventListener(moment, () => document.visibilityState === "hidden" && timer && save());
}

takeOver();

// What was tapped before this script had come.
function takeOver() {
  const early = [...form.querySelectorAll("textarea, input:not([type=hidden])")].filter((input) =>
    input.matches("[type=radio], [type=checkbox]")
      ? input.checked !== input.defaultChecked
      : input.value !== input.defaultValue,
  );
  early.forEach(touch);
  if (early.length) save();
}

function step(count, button) {
  for (const [name, value] of stepped(count, button)) form.elements[name].value = value;
  const out = count.closest(".item").querySelector(".opt.o input");
  if (out) out.checked = false;
  draw(count);
  touch(count.querySelector("input"));
  save();
}

function touch(input) {
  touched.add(input.name.split(".").slice(0, 2).join("."));
}

// "Not heard" and an answer cannot both stand: the later tap holds.
function settle(input) {
  const item = input.closest(".phrase, .counted");
  const out = item?.querySelector(".opt.o input");
  if (!out || input === out || !input.closest(".el, .count")) return;
  if (input.checked || input.type === "number") out.checked = false;
}

function save() {
  clearTimeout(timer);
  timer = 0;
  again = true;
  running ??= saveAll().finally(() => (running = null));
  return running;
}

async function saveAll() {
  while (again) {
    again = false;
    say("saving", "wait");
    await saveOnce();
  }
}

async function saveOnce() {
  try {
    const answer = await fetch(form.action || location.href, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Saves": "1" },
      redirect: "error",
      cache: "no-store",
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return show(await answer.json());
    if (answer.status === 422) return blame((await answer.json()).faults);
    lose(answer.status === 409 ? "closed" : "failed");
  } catch {
    lose("failed");
  }
}

function show(state) {
  isLost = false;
  blame({}, state);
  document.getElementById("todo").textContent = state.todo;
  const marks = document.getElementById("segments").children;
  state.segments.forEach((name, place) => marks[place] && (marks[place].className = name));
  const silent = state.silent.some((code) => location.pathname.endsWith(`/${code}`));
  document.querySelector(".group.delivery")?.classList.toggle("silent", silent);
  undo.hidden = !state.undo;
  const words = say("saved", "", state.saved);
  if (Date.now() - lastSpoken > SPEAK) {
    spoken.textContent = words;
    lastSpoken = Date.now();
  }
}

function blame(faults, saved) {
  for (const place of form.querySelectorAll("[data-fault]")) {
    const code = place.dataset.fault;
    const own = Object.entries(faults).filter(([name]) => name === code || name.startsWith(`${code}.`));
    place.textContent = own.flatMap(([, words]) => words).join(" ");
    place.hidden = !own.length;
  }
  if (saved) return;
  lose("wrong");
  isLost = false; // the server says what is wrong, on the page that it answers with
}

function lose(kind) {
  spoken.textContent = say(kind, "off");
  line.classList.add("lost");
  lastSpoken = 0;
  isLost = kind === "failed";
}

function say(kind, mark, time = "") {
  const words = line.dataset[kind].replace("{time}", time);
  const word = document.createElement("i");
  word.className = mark;
  word.textContent = words;
  line.replaceChildren(word);
  line.classList.remove("lost");
  return words;
}

// The page is left through the form, so that the last save is always the one that leaves.
async function leave(event) {
  if (leaving) return;
  clearTimeout(timer);
  if (!running && !isLost) return;
  event.preventDefault();
  await (isLost ? save() : running);
  if (isLost) return;
  leaving = true;
  form.requestSubmit(event.submitter);
  leaving = false;
}
