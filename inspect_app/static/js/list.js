// The inspector's list by what to do next, from what is on the phone.

import * as db from "./db.js";
import { el, fill, heading, segments } from "./dom.js";
import { segmentClasses } from "./progress.js";
import { todoWords } from "./question.js";
import { PRACTICE, standing, voice } from "./status.js";
import { reasonOf, stoppedAt } from "./stopping.js";
import { ago, clock, day, moment, say, today } from "./words.js";

const MOST_SENT = 10;

/**
 * Show the list, if it is still wanted when it is ready.
 *
 * @param home what the phone holds
 * @param banners what is to be said above it
 * @param isWanted says whether it is
 */
export async function showList(home, banners, isWanted) {
  const rows = await Promise.all(home.index.visits.map((entry) => rowOf(home, entry)));
  if (!isWanted()) return;
  const stopped = rows.filter((row) => row.isStopped);
  const begun = rows.filter((row) => row.isOpen && row.isBegun);
  begun.sort((one, other) => Boolean(other.entry.questions.length) - Boolean(one.entry.questions.length));
  const ahead = rows.filter((row) => row.isOpen && !row.isBegun);
  const sent = rows.filter((row) => !row.isOpen && (row.entry.receipt || row.standing.tomb));
  sent.sort((one, other) => (sentAt(other) ?? 0) - (sentAt(one) ?? 0));
  const dropped = home.index.visits.filter((entry) => entry.is_dropped);
  const open = begun.length + ahead.length;
  const isHere = home.isInstalled && [...ahead, ...begun].every((row) => row.isHere);
  const under = !navigator.serviceWorker ? "needs_network" : !open ? "nothing_assigned" : isHere ? "all_on_phone" : "fetching";
  fill({
    head: [el("div", { class: "bar" }, el("b", {}, day(Date.now())), menu(home))],
    main: [
      ...banners,
      el("h1", {}, open ? say("visits_to_make", { num: open }) : say("no_visits")),
      el("p", { class: "cue" }, say(under)),
      ...group(say("go_on"), "", begun.map((row) => begunRow(row))),
      ...group(say("ahead"), say("by_time"), ahead.map((row, place) => aheadRow(row, place === 0))),
      ...group(say("sent"), "", sent.slice(0, MOST_SENT).map(sentRow)),
      ...group(say("not_to_make"), "", [...stopped.map(stoppedRow), ...dropped.map(droppedRow)]),
      practice(),
      home.demo ? el("p", { class: "sec s14" }, el("a", { href: home.demo }, say("demo_home"))) : null,
      voice(),
    ],
  });
}

async function rowOf(home, entry) {
  const stands = await standing(entry.visit);
  const opened = ["draft", "frozen"].includes(stands.state) ? await home.peek(entry.visit) : null;
  const isSending = stands.state === "frozen";
  const isStopped = entry.is_fillable && isOver(stands);
  return {
    entry,
    standing: stands,
    isSending,
    progress: opened?.progress(),
    lastChange: opened?.lastChange(),
    isHere: Boolean(await db.get("visits", entry.visit)) || isSending,
    isStopped,
    reason: isStopped && stands.stop ? await reasonOf(home.key, stands.stop) : "",
    isOpen: isSending || (entry.is_fillable && !isStopped && !isSettled(entry, stands)),
    isBegun: ["draft", "frozen"].includes(stands.state) || entry.questions.length > 0 || entry.is_begun,
  };
}

// The server has it in full, and the list that this phone was told is older than that.
function isSettled(entry, { state, tomb }) {
  return state === "complete" && tomb && !entry.questions.length;
}

// Broken off here; the list that this phone was told may be older than that.
function isOver({ stop, stopped }) {
  return Boolean(stop) || stopped?.status === "called_off";
}

function group(name, beside, rows) {
  return rows.length ? [heading(name, beside), el("ul", { class: "list" }, ...rows)] : [];
}

function begunRow({ entry, standing: stands, isSending, progress, lastChange }) {
  const asked = entry.questions.length && stands.state !== "draft" && !isSending;
  const address = isSending ? `/m/v/${entry.visit}/sent` : `/m/v/${entry.visit}`;
  const tag = asked
    ? el("span", { class: "tag part" }, say("returned", { num: entry.questions.length }))
    : el("span", { class: "tag acc" }, isSending ? say("sending") : progress ? todoWords(progress) : say("begun_elsewhere"));
  const beside = entry.answer_by
    ? say("answer_within", { time: ago(entry.answer_by - Date.now()) })
    : lastChange
      ? say("last_kept", { time: moment(lastChange) })
      : timeFrame(entry);
  return el(
    "li",
    {},
    el(
      "a",
      { class: "visit", href: address },
      el("p", { class: "w" }, tag, el("span", { class: "s13 ink2" }, beside)),
      el("h3", {}, entry.branch),
      asked ? el("p", { class: "s14 ink2" }, say("reviewer_asks", { question: entry.questions[0] })) : null,
      progress && !asked ? segments(segmentClasses(progress)) : null,
    ),
  );
}

function aheadRow({ entry }, isFirst) {
  const minutes = entry.minutes ? el("span", { class: "s13 ink2" }, say("about_minutes", { num: entry.minutes })) : null;
  const more = [entry.address, entry.briefing].filter(Boolean).join(" · ");
  return el(
    "li",
    {},
    el(
      "a",
      { class: "visit", href: `/m/v/${entry.visit}` },
      el("p", { class: "w" }, el("b", {}, timeFrame(entry)), minutes),
      el("h3", {}, entry.branch),
      el("p", { class: "s14 ink2" }, more),
      entry.ordinal > 1 ? el("p", {}, el("span", { class: "tag line" }, say("visited_before", { ordinal: entry.ordinal }))) : null,
      isFirst ? el("span", { class: "btn pri wide" }, say("get_ready")) : null,
    ),
  );
}

function sentRow({ entry, standing: stands }) {
  const own = stands.tomb?.receipt && JSON.parse(stands.tomb.receipt);
  const number = own ? own.receipt : entry.receipt;
  return el(
    "li",
    {},
    el(
      "a",
      { class: "visit", href: `/m/v/${entry.visit}/receipt` },
      el("p", { class: "w" }, el("span", {}, entry.branch), el("span", { class: "s14 c-met" }, own && entry.is_fillable ? say("arrived") : entry.state)),
      el("p", { class: "s13 ink3" }, `${day(sentAt({ entry, standing: stands }))} · ${say("receipt", { number })}`),
    ),
  );
}

function stoppedRow({ entry, standing: stands, reason }) {
  const beside = stands.stop ? say("stop_waits") : say("stop_told");
  return el(
    "li",
    {},
    el(
      "a",
      { class: "visit", href: `/m/v/${entry.visit}/stop` },
      el("p", { class: "w" }, el("span", {}, entry.branch), el("span", { class: "s14 ink2" }, beside)),
      stands.stop ? el("p", { class: "s13 ink3" }, `${reason} · ${stoppedAt(stands.stop)}`) : null,
    ),
  );
}

function droppedRow(entry) {
  return el(
    "li",
    {},
    el("p", { class: "w" }, el("span", {}, entry.branch), el("span", { class: "s14 ink2" }, entry.state)),
    entry.reason ? el("p", { class: "s13 ink3" }, entry.reason) : null,
  );
}

function sentAt({ entry, standing: stands }) {
  return stands.tomb?.at ?? entry.received_at;
}

function timeFrame({ window_from: from, window_to: to }) {
  const now = today();
  const [first, last] = [from, to].map((date) => day(Date.parse(`${date}T12:00:00Z`)));
  if (to < now) return say("should_have_gone", { day: last });
  if (to === now) return say("today_at_last");
  return from === to ? first : `${first} – ${last}`;
}

function practice() {
  return el(
    "ul",
    { class: "list apart" },
    el(
      "li",
      {},
      el(
        "a",
        { class: "visit", href: `/m/v/${PRACTICE}` },
        el("p", { class: "w" }, el("b", {}, say("practice")), el("span", { class: "tag line" }, say("counts_nowhere"))),
        el("p", { class: "s14 ink2" }, say("practice_more")),
      ),
    ),
  );
}

function menu(home) {
  const links = [
    el("span", { class: "s14 ink2" }, home.index.me.name),
    el("a", { href: "/m/sync" }, say("on_this_phone")),
    el("a", { href: "/account" }, say("own_account")),
    ...home.index.languages.map(({ code, name }) =>
      el("button", { class: "link", type: "button", lang: code, click: () => home.chooseLanguage(code) }, name),
    ),
    el("button", { class: "link", type: "button", click: () => home.signOut() }, say("sign_out")),
  ];
  return el("details", { class: "more" }, el("summary", {}, say("mine")), el("div", { class: "menu" }, ...links));
}

/** Say when something was, for a banner. */
export function lastContact(at) {
  return at ? `${day(at)} ${clock(at)}` : "";
}
