// Says where the work is: on this phone, on the server, and how many photos have got there. Always in words.

import * as db from "./db.js";
import { el } from "./dom.js";
import { HALTED, STOP } from "./outbox.js";
import { clock, say } from "./words.js";

export const PRACTICE = "practice"; // stands for a visit's id where the practice is filled in
const SPEAK = 10_000; // milliseconds between two spoken states
let lastSpoken = 0;

/**
 * Return where one visit's work stands:
 * `{savedAt, sharedAt, photos, photosThere, refused, row, tomb, stop, stopped, state}`; `stop` was not told yet.
 */
export async function standing(visit) {
  const drafts = (await db.all("drafts")).filter((draft) => draft.visit === visit);
  const draft = drafts.sort((one, other) => other.begun - one.begun)[0];
  const rows = (await db.all("frozen")).filter((one) => one.visit === visit);
  const row = rows.find(({ kind }) => kind !== STOP) ?? null;
  const stop = rows.find(({ kind }) => kind === STOP) ?? null;
  const tombs = (await db.all("tombs")).filter((one) => one.visit === visit).sort((one, other) => other.at - one.at);
  const tomb = tombs.find(({ kind }) => kind !== STOP) ?? null;
  const stopped = tombs.find(({ kind }) => kind === STOP) ?? null;
  const settled = { row, tomb, stop, stopped };
  if (!draft) return { savedAt: null, sharedAt: null, photos: 0, photosThere: 0, refused: [], ...settled, state: "none" };
  const photos = await db.all("photos", draft.inspection);
  const shared = await db.get("meta", `shared/${draft.inspection}`);
  const there = photos.filter((photo) => photo.state === "there" || (row?.missing && !row.missing.includes(photo.sha256)));
  return {
    savedAt: draft.begun,
    sharedAt: row?.receipt ? Date.parse(JSON.parse(row.receipt).received_at) : (shared?.at ?? null),
    sharedSeq: shared?.seq ?? 0,
    photos: photos.length,
    photosThere: there.length,
    refused: photos.filter((photo) => photo.state === "refused"),
    ...settled,
    state: draft.state,
    inspection: draft.inspection,
  };
}

/** Return everything on this phone that the server does not have in full; of a practice nothing is sent. */
export async function unsent() {
  const frozen = await db.all("frozen");
  const waiting = [];
  for (const draft of await db.all("drafts")) {
    if (draft.state !== "draft" || draft.visit === PRACTICE) continue;
    if (frozen.some(({ visit, kind }) => visit === draft.visit && kind === STOP)) continue; // it goes with its stop
    const photos = (await db.all("photos", draft.inspection)).filter((photo) => photo.state === "here");
    const shared = (await db.get("meta", `shared/${draft.inspection}`))?.seq ?? 0;
    const answers = await db.all("answers", draft.inspection);
    if (photos.length || answers.some((row) => row.seq > shared)) waiting.push(draft);
  }
  return { frozen, waiting, halted: frozen.filter((row) => HALTED.includes(row.state)) };
}

/** Return the bar that says it; `saved` is when this phone kept the last answer, in milliseconds. */
export function syncBar(saved, { sharedAt, photos, photosThere } = {}) {
  const marks = [];
  if (saved) marks.push(mark("", say("on_phone", { time: clock(saved) })));
  if (!saved) marks.push(mark("off", say("nothing_yet")));
  if (saved && sharedAt) marks.push(mark("", say("on_server", { time: clock(sharedAt) })));
  if (saved && !sharedAt) marks.push(mark("off", say("not_on_server")));
  if (photos) marks.push(mark(photosThere < photos ? "wait" : "", say("photos", { there: photosThere, all: photos })));
  return el("p", { class: "sync", id: "sync", "aria-hidden": "true" }, ...marks);
}

/** Return the sentence that replaces the bar where the phone could not keep an answer. */
export function lostBar(error) {
  const why = error?.name === "QuotaExceededError" ? say("phone_full") : say("not_saved");
  return el("p", { class: "sync lost", id: "sync", "aria-hidden": "true" }, mark("off", why));
}

/** Put a bar in place of the one that is shown, and speak it to who does not see it, not too often. */
export function put(barElement, isUrgent) {
  document.getElementById("sync")?.replaceWith(barElement);
  const spoken = document.getElementById("spoken");
  if (!spoken || (Date.now() - lastSpoken < SPEAK && !isUrgent)) return;
  spoken.textContent = barElement.textContent;
  lastSpoken = Date.now();
}

/** Return the place from which the state is spoken. */
export function voice() {
  return el("p", { class: "vh", role: "status", id: "spoken" });
}

function mark(look, words) {
  return el("i", { class: look }, words);
}
