// The table of contents: every situation with how far it is, in any order.

import { back, bar, el, fill, tick } from "./dom.js";
import { leadBanner, todoWords } from "./question.js";
import { standing, syncBar, voice } from "./status.js";
import { say } from "./words.js";

/** Show all screens of an opened visit. */
export async function showOverview(visit) {
  const { bundle } = visit;
  const address = `/m/v/${bundle.visit}`;
  const progress = visit.progress();
  const done = progress.sections.filter((section) => section.is_complete).length;
  const first = visit.firstOpen();
  const title = bundle.returned ? say("returned", { num: bundle.returned_questions }) : todoWords(progress);
  const under = bundle.returned ? bundle.returned : say("sections_done", { all: progress.sections.length, done });
  fill({
    head: [bar(back("/m/", say("list")), el("span", { class: "todo" }, bundle.branch), el("a", { href: `${address}/check` }, say("check_all")))],
    main: [leadBanner(visit), el("h1", {}, title), el("p", { class: "cue" }, under), ...flows(visit, progress, first?.code)],
    dock: [
      syncBar(visit.record.state === "none" ? null : visit.lastChange(), await standing(bundle.visit)),
      voice(),
      first
        ? el("a", { class: "btn pri wide", href: placeOf(address, first) }, say("to_first_open", { name: visit.nameOf(first.question ?? first.code) }))
        : el("a", { class: "btn pri wide", href: `${address}/check` }, say("check_and_send")),
    ],
  });
}

/** Return the address of a question on its screen. */
export function placeOf(address, { code, question }) {
  const isPlain = !question || question.endsWith(".gate");
  return `${address}/${code}${isPlain ? "" : `#${question}`}`;
}

function flows(visit, progress, here) {
  const { asks } = visit.bundle;
  const groups = new Map();
  for (const screen of visit.screens()) {
    const section = asks.sections.find(({ code }) => code === screen.code);
    const flow = section?.flow ?? say("last_question_title");
    groups.set(flow, [...(groups.get(flow) ?? []), rowOf(visit, screen, section, progress, here)]);
  }
  return [...groups].flatMap(([flow, rows]) => [
    el("h2", { class: "grp" }, flow),
    el("ul", { class: "list jump" }, ...rows),
  ]);
}

function rowOf(visit, screen, section, progress, here) {
  const own = progress.sections.find(({ code }) => code === screen.code);
  const isDone = own?.is_complete && !visit.bundle.returned;
  const link = el(
    "a",
    { href: `/m/v/${visit.bundle.visit}/${screen.code}` },
    el("span", { class: "tick" }, ...(isDone ? [tick(), el("span", { class: "vh" }, say("answered"))] : [])),
    el("span", { class: "name" }, section ? `${section.situation} ${section.name}` : say("conduct_title")),
    how(visit, section, own),
  );
  return el("li", { class: screen.code === here ? "here" : null }, link);
}

function how(visit, section, own) {
  const plain = (text) => el("span", { class: "s14 how" }, text);
  const wants = (text) => el("span", { class: "s14 how wants" }, text);
  if (!section) {
    const met = visit.bundle.asks.deductions.some(({ code }) => visit.record.value(`deduction.${code}`) === "yes");
    return plain(met ? say("met_with") : say("not_met_with"));
  }
  const returned = section.items.filter((item) => item.is_open).length;
  if (visit.bundle.returned && returned) return wants(say("returned", { num: returned }));
  if (own.is_complete) return plain(own.gate === "occurred" ? "" : say(`gate_${own.gate}`));
  if (!own.open) return wants(say("contradicts"));
  return own.is_begun ? wants(say("lacking", { num: own.open })) : plain(say("not_begun"));
}
