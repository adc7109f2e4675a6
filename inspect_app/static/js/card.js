// The card to read before a visit: where, what to do, at most seven things to remember. Drawn by the server.

import { back, bar, el, fill } from "./dom.js";
import { placeOf } from "./overview.js";
import { say } from "./words.js";

/** Show the card of an opened visit; `openClock` leads to the plain screen for the hall. */
export async function showCard(visit, openClock) {
  const { bundle, record } = visit;
  const address = `/m/v/${bundle.visit}`;
  const main = el("div");
  main.innerHTML = visit.policy.createHTML(await visit.section("card"));
  const first = visit.firstOpen();
  const start = first ? placeOf(address, first) : `${address}/check`;
  const isBegun = record.state !== "none" || bundle.returned || record.values.size > 0;
  fill({
    head: [bar(back("/m/", say("list")), el("span", { class: "s13 ink2" }, say("all_kept")), "")],
    main: [main],
    dock: bundle.is_announced || isBegun ? [plainStart(start, isBegun)] : inDisguise(visit, start, openClock),
  });
}

function plainStart(start, isBegun) {
  return el("a", { class: "btn pri wide", href: start }, isBegun ? say("go_on_filling") : say("begin_filling"));
}

function inDisguise(visit, start, openClock) {
  return [
    el("p", { class: "s13 ink2 hint" }, say("clock_hint")),
    el("button", { class: "btn pri wide", type: "button", click: openClock }, say("open_clock")),
    el("p", { class: "s14 after-btn" }, el("a", { href: start }, say("fill_at_once"))),
  ];
}
