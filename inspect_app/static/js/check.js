// The last look: everything that is missing or contradicts itself, each one tap away; then it can be sent.

import { back, bar, el, fill, heading } from "./dom.js";
import { placeOf } from "./overview.js";
import { isGap } from "./progress.js";
import { leadBanner } from "./question.js";
import { PRACTICE, lostBar, put, standing, syncBar, voice } from "./status.js";
import { ago, say } from "./words.js";

/** Show the check of an opened visit; `send` freezes and sends it. */
export async function showCheck(visit, send) {
  const { bundle } = visit;
  const address = `/m/v/${bundle.visit}`;
  const progress = visit.progress();
  const places = placesOf(visit, progress);
  const gaps = places.filter(({ isMissing }) => isMissing);
  const wrong = places.filter(({ isMissing }) => !isMissing);
  const hidden = progress.open > gaps.length;
  fill({
    head: [bar(back(`${address}/list`, say("contents")), el("span", { class: "todo" }, bundle.branch), el("a", { href: `${address}/card` }, say("card")))],
    main: [
      leadBanner(visit),
      el("h1", {}, hidden ? say("todo", { num: progress.open }) : places.length ? say("places_left", { num: places.length }) : say("ready")),
      el("p", { class: "cue" }, hidden ? say("answer_these_first", { num: gaps.length }) : told(visit, progress)),
      ...group(say("unanswered"), say("questions", { num: gaps.length }), gaps, say("answer_it"), address),
      ...group(say("disagreeing"), say("places", { num: wrong.length }), wrong, say("look_at_it"), address),
      ...group(say("without_words"), say("may_stay"), bare(visit, progress), say("write_it"), address),
      heading(say("this_visit")),
      await summary(visit, progress),
    ],
    dock: [syncBar(visit.record.state === "none" ? null : visit.lastChange(), await standing(bundle.visit)), voice(), button(visit, places, address, send)],
  });
}

function told(visit, { asked, answered }) {
  const parts = [say("answered_of", { items: asked, answered })];
  if (visit.leftAt) parts.push(say("left_ago", { time: ago(Date.now() - visit.leftAt) }));
  return parts.join(" ");
}

function button(visit, places, address, send) {
  const [first] = places;
  if (first) {
    return el("a", { class: "btn pri wide", href: placeOf(address, first) }, say("mend_first", { name: first.name }));
  }
  const isPractice = visit.bundle.visit === PRACTICE;
  const press = async ({ target }) => {
    target.disabled = true;
    try {
      await send();
    } catch (error) {
      target.disabled = false;
      put(lostBar(error), true);
    }
  };
  return el(
    "button",
    { class: "btn pri wide", type: "button", disabled: !visit.canWrite, click: press },
    isPractice ? say("end_practice") : say("hand_in"),
  );
}

// Each question once, with what is the matter if it is more than unanswered.
function placesOf(visit, progress) {
  const byQuestion = new Map();
  for (const fault of progress.faults) {
    byQuestion.set(fault.question, [...(byQuestion.get(fault.question) ?? []), fault]);
  }
  return [...byQuestion].map(([question, faults]) => ({
    code: faults[0].section,
    question,
    name: visit.nameOf(question),
    matter: [visit.whereIs(question), ...faults.filter(({ code }) => code !== "missing").map(({ code }) => say(`fault_${code}`))].join(" · "),
    isMissing: faults.every(isGap),
  }));
}

// What was not met without a word about it: it may stay so, but a reviewer will ask.
function bare(visit, progress) {
  const { record, bundle } = visit;
  const open = new Set(progress.sections.filter(({ gate }) => gate === "occurred").map(({ code }) => code));
  const items = bundle.asks.sections.filter(({ code }) => open.has(code)).flatMap((section) => section.items);
  return items
    .filter(({ code }) => record.value(code) === "not" && !record.value(`${code}.words`) && !record.value(`${code}.why`)?.length)
    .map(({ code }) => ({ code: code.split(".")[0], question: code, name: visit.nameOf(code), matter: visit.whereIs(code) }));
}

function group(name, beside, places, way, address) {
  if (!places.length) return [];
  const rows = places.map((place) =>
    el(
      "li",
      {},
      el(
        "a",
        { href: placeOf(address, place) },
        el("span", {}, el("b", {}, place.name), place.matter ? el("span", { class: "s14 ink2 matter" }, place.matter) : null),
        el("span", { class: "go" }, `${way} ›`),
      ),
    ),
  );
  return [heading(name, beside), el("ul", { class: "list fix" }, ...rows)];
}

async function summary(visit, progress) {
  const gates = ["occurred", "nobody_acted", "did_not_occur"]
    .map((gate) => [gate, progress.sections.filter((section) => section.gate === gate).length])
    .filter(([, count]) => count)
    .map(([gate, count]) => `${say(`gate_${gate}`)} ${count}`);
  const leftOut = [...visit.record.values].filter(([, { v }]) => v === "left_out").length;
  const { photos } = await standing(visit.bundle.visit);
  const rows = [
    [say("situations"), gates.join(" · ") || "–"],
    [say("not_seen"), say("questions", { num: leftOut })],
    ...(photos ? [[say("photos_title"), say("pieces", { num: photos })]] : []),
    ...visit.bundle.asks.deductions.map(({ code, name }) => [
      name,
      visit.record.value(`deduction.${code}`) === "yes" ? say("met_with") : say("not_met_with"),
    ]),
  ];
  return el(
    "dl",
    { class: "sumry card" },
    ...rows.flatMap(([name, value]) => [el("dt", { class: "ink2" }, name), el("dd", {}, value)]),
  );
}
