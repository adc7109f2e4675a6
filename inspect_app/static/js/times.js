// The times that were marked in the hall: what each one was, the notes, and when the branch was left.

import * as db from "./db.js";
import { back, bar, el, fill, heading } from "./dom.js";
import { placeOf } from "./overview.js";
import { seal, open } from "./vault.js";
import { exactClock, say } from "./words.js";

/** What a mark can be, in the order of a visit. `none` is a slip of the finger. */
export const MARKS = ["in", "ticket", "called", "greeted", "served", "out"];

/** Return the marks of a visit in their order, each with what it was. */
export async function marksOf(visit) {
  const marks = (await db.all("marks", visit)).filter((mark) => !mark.ct);
  const usual = usualOrder(marks.length);
  return marks.map((mark, place) => ({ ...mark, what: mark.what ?? usual[place] ?? "none" }));
}

/** Return the marks as they are sent. */
export async function markedTimes(visit) {
  const marks = await marksOf(visit);
  return marks
    .filter(({ what }) => what !== "none")
    .map(({ what, wall, monotonic, page }) => ({ what, wall, monotonic, page }));
}

/** Return when the branch was left, in milliseconds; null where no mark says it. */
export async function leftAt(visit) {
  const marks = await marksOf(visit);
  return marks.findLast(({ what }) => what === "out")?.wall ?? null;
}

/** Keep one mark of the time, or a note. A note's words are sealed. */
export async function keepMark(key, visit, page, note) {
  const n = (await db.all("marks", visit)).reduce((most, mark) => Math.max(most, mark.n), 0) + 1;
  const sealed = note === undefined ? {} : await seal(key, note, `mark/${visit}/${n}`);
  const mark = { visit, n, wall: Date.now(), monotonic: Math.round(performance.now()), page, ...sealed };
  await db.write([["add", "marks", mark]]);
  return mark;
}

/** Return the notes of a visit, as they were written. */
export async function notesOf(key, visit) {
  const notes = (await db.all("marks", visit)).filter((mark) => mark.ct);
  return Promise.all(
    notes.map(async (mark) => ({ wall: mark.wall, words: await open(key, mark, `mark/${visit}/${mark.n}`) })),
  );
}

/** Show the times of an opened visit, if they are still wanted; each can be put right. */
export async function showTimes(visit, isWanted) {
  const { bundle } = visit;
  const address = `/m/v/${bundle.visit}`;
  const marks = await marksOf(bundle.visit);
  const notes = await notesOf(visit.key, bundle.visit);
  if (!isWanted()) return;
  const first = visit.firstOpen();
  const again = () => showTimes(visit, isWanted);
  const rows = marks.map((mark, place) => rowOf(mark, marks[place - 1], again));
  const words = notes.map(({ wall, words: said }) =>
    el("li", {}, el("p", { class: "w" }, el("span", {}, said), el("span", { class: "s13 ink2" }, exactClock(wall)))),
  );
  fill({
    head: [bar(back(`${address}/list`, say("contents")), el("span", { class: "todo" }, bundle.branch), "")],
    main: [
      el("h1", {}, say("times")),
      el("p", { class: "cue" }, marks.length ? say("times_more") : say("no_times")),
      marks.length ? el("ul", { class: "list marks" }, ...rows) : null,
      ...(words.length ? [heading(say("notes"), say("words_fade")), el("ul", { class: "list" }, ...words)] : []),
      heading(say("place"), say("may_be_left")),
      placeCard(visit),
    ],
    dock: [
      el("p", { class: "s13 ink2 hint" }, say("words_first")),
      el("a", { class: "btn pri wide", href: first ? placeOf(address, first) : `${address}/check` }, say("to_questions")),
    ],
  });
}

function rowOf(mark, before, again) {
  const choice = el("select", { "aria-label": say("mark_is", { num: mark.n }), class: "field" });
  for (const what of [...MARKS, "none"]) {
    choice.append(el("option", { value: what, selected: what === mark.what }, say(`mark_${what}`)));
  }
  choice.addEventListener("change", async () => {
    await db.write([["put", "marks", { ...mark, what: choice.value }]]);
    await again();
  });
  const since = before ? `+${span(mark, before)}` : "";
  return el(
    "li",
    {},
    el("div", { class: "w" }, el("b", {}, exactClock(mark.wall)), el("span", { class: "s14 ink2" }, since)),
    choice,
  );
}

/** Return the time between two marks as m:ss; by the page's own clock where one page made both. */
export function span(later, earlier) {
  const isSamePage = later.page === earlier.page;
  const length = isSamePage ? later.monotonic - earlier.monotonic : later.wall - earlier.wall;
  const seconds = Math.max(0, Math.round(length / 1000));
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

// Where the phone is, if its owner wants to say it: once, roughly, for reviewers alone.
function placeCard(visit) {
  const said = el("p", { class: "s14 ink2", role: "status" }, visit.place ? say("place_kept") : say("place_more"));
  const ask = () =>
    navigator.geolocation?.getCurrentPosition(
      async ({ coords }) => {
        await visit.keepPlace({ latitude: roughly(coords.latitude), longitude: roughly(coords.longitude), accuracy: Math.round(coords.accuracy) });
        said.textContent = say("place_kept");
      },
      () => (said.textContent = say("place_unknown")),
      { timeout: 20_000 },
    );
  return el("div", { class: "card stack" }, said, el("button", { class: "btn sm", type: "button", click: ask }, say("keep_place")));
}

// To a hundred metres: more than that is nobody's business, so it does not leave the phone.
function roughly(degrees) {
  return Math.round(degrees * 1000) / 1000;
}

// In, out, and between them the others in the order in which they happen.
function usualOrder(count) {
  if (count === 1) return ["in"];
  return ["in", ...MARKS.slice(1, -1).slice(0, count - 2), ...Array(Math.max(0, count - MARKS.length)).fill("none"), "out"];
}
