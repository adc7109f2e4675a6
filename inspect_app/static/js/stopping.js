// Breaking a visit off: the reason is kept on this phone at once, and told to head office when there is a network.

import * as db from "./db.js";
import { back, bar, el, fill } from "./dom.js";
import { STOP } from "./outbox.js";
import { leadBanner } from "./question.js";
import { lostBar, put, standing, syncBar, voice } from "./status.js";
import { openBytes, sealBytes, sha256 } from "./vault.js";
import { moment, say } from "./words.js";

const WHYS = ["recognised", "closed", "unsafe", "ill", "other"];
const MOST_SIGNS = 300;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Show the form that asks why an opened visit is broken off; `drain` sends what waits. */
export function showStop(visit, drain) {
  const address = `/m/v/${visit.bundle.visit}`;
  const choices = WHYS.map((why) =>
    el("label", { class: "ra" }, el("input", { type: "radio", name: "why", value: why }), el("span", {}, el("b", {}, say(`stop_${why}`)))),
  );
  const words = el("textarea", { class: "field", id: "words", rows: 3, maxlength: MOST_SIGNS });
  const fault = el("p", { class: "fault", role: "alert", hidden: true }, say("stop_choose"));
  const form = el(
    "form",
    { id: "stopping", class: "stack", autocomplete: "off", novalidate: true },
    el("fieldset", { class: "gap" }, el("legend", { class: "lbl" }, say("stop_why")), el("div", { class: "gate3" }, ...choices), fault),
    el("label", { class: "lbl", for: "words" }, say("stop_words")),
    words,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const why = form.elements.why.value;
    fault.hidden = Boolean(why);
    if (why) await press(visit, { why, words: words.value.trim() }, drain);
  });
  form.inert = !visit.canWrite;
  fill({
    head: [bar(back(address, say("stop_go_on")))],
    main: [leadBanner(visit), el("p", { class: "eyebrow" }, visit.bundle.branch), el("h1", {}, say("stop_title")), el("p", { class: "cue" }, say("stop_more")), form, voice()],
    dock: [
      el("span", { id: "sync" }),
      el("button", { class: "btn pri wide", form: "stopping", disabled: !visit.canWrite }, say("stop_press")),
    ],
  });
}

/** Show what has become of a visit that was broken off; `home` sends, and takes back what has not been told. */
export async function showStopped(home, visit, { stop, stopped }) {
  const said = stop ? await reasonOf(home.key, stop) : "";
  const takeBack = async () => {
    await home.outbox.takeBack(stop.submission);
    await home.go(`/m/v/${visit}`, true);
  };
  fill({
    head: [bar(back("/m/", say("list")), el("span", { class: "todo" }, await home.branchOf(visit)), "")],
    main: [
      el("h1", {}, stop ? say("stop_waits") : say("stop_told")),
      el("p", { class: "cue" }, stop ? say("stop_waits_more") : stopped.status === "kept" ? say("kept_for_office") : say("stop_told_more")),
      stop ? el("p", { class: "note back" }, said) : null,
      stop ? el("p", { class: "s14" }, el("button", { class: "link", type: "button", click: takeBack }, say("stop_take_back"))) : null,
      voice(),
    ],
    dock: [
      stop ? syncBar(stop.frozen_at, await standing(visit)) : null,
      stop ? el("button", { class: "btn wide", type: "button", click: () => home.sendNow() }, say("try_now")) : null,
      el("a", { class: stop ? "btn wide" : "btn pri wide", href: "/m/" }, say("back_to_list")),
    ].filter(Boolean),
  });
}

/** Return why a visit was broken off, in words. */
export async function reasonOf(key, row) {
  const { why, words } = JSON.parse(decoder.decode(await openBytes(key, row, row.submission)));
  return [say(`stop_${why}`), words].filter(Boolean).join(" · ");
}

/** Say when a visit was broken off. */
export function stoppedAt({ frozen_at: at }) {
  return say("stop_at", { time: moment(at) });
}

async function press(visit, said, drain) {
  try {
    await visit.leave();
    await keepStop(visit, said);
  } catch (error) {
    return put(lostBar(error), true);
  }
  return drain();
}

// Frozen like an inspection: the same bytes go until they have been told, however often that takes.
async function keepStop({ key, record, bundle }, { why, words }) {
  const submission = crypto.randomUUID();
  const body = encoder.encode(JSON.stringify({ v: 1, visit: bundle.visit, stop: submission, why, words }));
  const row = { submission, inspection: record.inspection, visit: bundle.visit, kind: STOP, sha256: await sha256(body) };
  const sealed = await sealBytes(key, body, submission);
  const state = { state: "frozen", tries: 0, next: 0, note: "", frozen_at: Date.now() };
  await db.write([["add", "frozen", { ...row, ...state, ...sealed }]], { guard: record.guard() });
}
