// What is on its way, in words for each part; what can be done about it; and the receipt when all has arrived.

import * as db from "./db.js";
import { back, bar, el, fill, heading, tick } from "./dom.js";
import { HALTED, STOP } from "./outbox.js";
import { offer, rescueFile } from "./rescue.js";
import { standing, syncBar, unsent, voice } from "./status.js";
import { open } from "./vault.js";
import { clock, exactClock, moment, say } from "./words.js";

/** Show how far one visit's sending is. */
export async function showSending(home, visit) {
  const stands = await standing(visit);
  if (!stands.row) return stands.tomb ? showReceipt(home, visit) : home.turnTo("/m/");
  const { row } = stands;
  const isHalted = HALTED.includes(row.state);
  const title = isHalted ? say(`halt_${row.state}`) : row.receipt ? say("photos_on_way", { there: stands.photosThere, all: stands.photos }) : say("answers_on_way");
  const under = isHalted ? say(`halt_${row.state}_more`) : row.receipt ? say("answers_arrived") : noteWords(row);
  return fill({
    head: [bar(back("/m/", say("list")), el("span", { class: "todo" }, await home.branchOf(visit)), "")],
    main: [
      el("h1", {}, title),
      el("p", { class: "cue" }, under),
      await parts(home, stands),
      el("p", { class: "note back" }, say("keep_browser_data", { num: stands.photos - stands.photosThere })),
      heading(say("does_not_go")),
      ways(home, row, stands),
      voice(),
    ],
    dock: [syncBar(row.frozen_at, stands), el("a", { class: "btn wide", href: "/m/" }, say("back_to_list"))],
  });
}

/** Show the receipt of what has arrived. */
export async function showReceipt(home, visit) {
  const { tomb } = await standing(visit);
  const entry = home.index.visits.find((one) => one.visit === visit);
  if (!tomb?.receipt && !entry?.receipt) return home.turnTo("/m/");
  const receipt = tomb?.receipt ? JSON.parse(tomb.receipt) : null;
  const number = receipt?.receipt ?? entry.receipt;
  const rows = receipt
    ? [
        [say("answers"), say("checked_same")],
        [say("photos_title"), say("photos_checked", { num: receipt.photos })],
        [say("server_received"), moment(Date.parse(receipt.received_at))],
        [say("check_code"), receipt.payload_sha256.slice(0, 16).replace(/(.{4})(?=.)/g, "$1 ")],
      ]
    : [[say("server_received"), moment(entry.received_at)]];
  rows.push([say("now"), tomb && entry?.is_fillable !== false ? say("under_review") : (entry?.state ?? say("under_review"))]);
  if (entry?.so_far && number === entry.receipt) {
    rows.push([say("so_far"), say("so_far_score", { score: entry.so_far, time: clock(entry.received_at) })]);
  }
  const next = home.index.visits.find((one) => one.is_fillable && !one.is_begun && one.visit !== visit);
  return fill({
    head: [bar(back("/m/", say("list")))],
    main: [
      el(
        "div",
        { class: "arrived" },
        el("span", { class: "disc" }, tick("m6 12.5 4 4 8-9")),
        el("h1", {}, say("all_arrived")),
        el("p", { class: "cue" }, say("may_be_closed")),
      ),
      ["late", "conflict", "revoked"].includes(tomb?.status) ? el("p", { class: "note back" }, say("kept_for_office")) : null,
      el(
        "div",
        { class: "card" },
        el("p", { class: "s13 ink2" }, say("receipt_number")),
        el("p", { class: "receipt-number" }, number),
        el("dl", { class: "sumry" }, ...rows.flatMap(([name, value]) => [el("dt", { class: "ink2" }, name), el("dd", {}, value)])),
      ),
      receipt ? el("p", { class: "after center" }, el("button", { class: "btn sm", type: "button", click: () => keepReceipt(tomb, number) }, say("keep_receipt"))) : null,
      voice(),
    ],
    dock: [
      el("a", { class: "btn pri wide", href: next ? `/m/v/${next.visit}` : "/m/" }, next ? say("next_visit", { branch: next.branch }) : say("back_to_list")),
    ],
  });
}

/** Show everything on this phone that has not arrived, record by record. */
export async function showOutbox(home) {
  const { frozen, waiting } = await unsent();
  const contact = (await db.get("meta", "contact"))?.at;
  const rows = await Promise.all(frozen.map((row) => recordRow(home, row)));
  const drafts = await Promise.all(
    waiting.map(async (draft) =>
      el(
        "li",
        {},
        el("a", { class: "visit", href: `/m/v/${draft.visit}` }, el("h3", {}, await home.branchOf(draft.visit)), el("p", { class: "s14 ink2" }, say("draft_here_only"))),
        mayGiveUp(home, draft) ? el("p", { class: "cluster ways" }, giveUpButton(home, draft, () => home.giveUpDraft(draft.inspection))) : null,
      ),
    ),
  );
  const count = frozen.length + waiting.length;
  fill({
    head: [bar(back("/m/", say("list")), el("span", { class: "todo" }, say("on_this_phone")), "")],
    main: [
      home.hasEnded ? el("p", { class: "alert", role: "alert" }, say("phone_ended")) : null,
      el("h1", {}, count ? say("not_arrived", { num: count }) : say("nothing_waits")),
      el("p", { class: "cue" }, contact ? say("last_contact", { time: moment(contact) }) : say("no_contact")),
      rows.length ? el("ul", { class: "list" }, ...rows) : null,
      ...(drafts.length ? [heading(say("not_handed_in")), el("ul", { class: "list" }, ...drafts)] : []),
      await storageNote(),
      await appCode(),
      voice(),
    ],
    dock: count
      ? [el("div", { class: "row" }, rescueButton(home), el("button", { class: "btn pri", type: "button", click: () => home.sendNow() }, say("try_now")))]
      : [el("a", { class: "btn pri wide", href: "/m/" }, say("back_to_list"))],
  });
}

async function recordRow(home, row) {
  const isHalted = HALTED.includes(row.state);
  const giveUp = row.kind === STOP ? takeBack(home, row) : giveUpButton(home, row, () => home.giveUp(row.submission).then(() => home.show()));
  const retry = el("button", { class: "link", type: "button", click: () => home.retry(row.submission) }, say("retry"));
  const file = el("button", { class: "link", type: "button", click: () => saveFile(home, row.submission) }, say("keep_file"));
  return el(
    "li",
    { class: "stack" },
    el("p", { class: "w" }, el("b", {}, await home.branchOf(row.visit)), el("span", { class: "s13 ink2" }, say(row.kind === STOP ? "stop_at" : "handed_in_at", { time: moment(row.frozen_at) }))),
    el("p", { class: isHalted ? "s14 fault" : "s14 ink2" }, isHalted ? say(`halt_${row.state}_more`) : noteWords(row)),
    el("p", { class: "cluster ways" }, retry, file, giveUp),
  );
}

// Nothing is lost by it: the visit goes on where it was.
function takeBack(home, row) {
  const press = async () => {
    await home.outbox.takeBack(row.submission);
    return home.show();
  };
  return el("button", { class: "link", type: "button", click: press }, say("stop_take_back"));
}

// A draft whose visit is still open is simply gone on with; another one the server may not want.
function mayGiveUp(home, { visit }) {
  return home.hasEnded || !home.index.visits.some((one) => one.visit === visit && one.is_fillable);
}

function giveUpButton(home, row, giveUp) {
  return el("button", { class: "link", type: "button", click: (event) => askBeforeGivingUp(home, row, event.target, giveUp) }, say("give_up"));
}

// Not undone by anything: so the name has to be typed.
async function askBeforeGivingUp(home, row, button, giveUp) {
  const branch = await home.branchOf(row.visit);
  const field = el("input", { class: "field", id: `give-up-${row.inspection}`, autocomplete: "off" });
  const sure = el("button", { class: "btn", type: "button" }, say("give_up"));
  sure.addEventListener("click", () => (field.value.trim() === branch ? giveUp() : field.focus()));
  const label = el("label", { class: "lbl", for: field.id }, say("type_to_give_up", { branch }));
  button.closest("li").append(el("div", { class: "stack" }, label, field, sure));
  button.remove();
  field.focus();
}

async function parts(home, { row, photos, photosThere, inspection }) {
  const body = await openBody(home, row);
  const count = body.fields.length;
  const answers = el(
    "div",
    {},
    el("p", { class: "w" }, el("b", {}, say("answers")), row.receipt ? el("span", { class: "c-met" }, say("entries_there", { num: count })) : el("span", { class: "c-part" }, say("entries_waiting", { num: count }))),
    el("p", { class: "s14 ink2" }, row.receipt ? say("times_of_both", { phone: exactClock(row.frozen_at), server: exactClock(Date.parse(JSON.parse(row.receipt).received_at)) }) : say("phone_time", { phone: exactClock(row.frozen_at) })),
  );
  if (!photos) return el("div", { class: "card stack parts" }, answers);
  const rows = await db.all("photos", inspection);
  const opened = await home.peek(row.visit);
  const list = rows.map((photo) =>
    el("li", { class: "w" }, el("span", {}, opened ? opened.nameOf(photo.name.replace(/\.photos$/, "")) : say("photo")), photoState(photo, row)),
  );
  const meter = el("progress", { value: photosThere, max: photos, "aria-label": say("photos_title") });
  return el(
    "div",
    { class: "card stack parts" },
    answers,
    el("div", { class: "rule" }, el("p", { class: "w" }, el("b", {}, say("photos_title")), el("span", { class: "c-part" }, `${photosThere} / ${photos}`)), meter, el("ul", { class: "s14" }, ...list)),
  );
}

function photoState(photo, row) {
  if (photo.state === "there") return el("span", { class: "c-met" }, say("there"));
  if (photo.state === "refused") return el("span", { class: "c-miss" }, say("photo_refused"));
  return el("span", { class: "ink2" }, row.next > Date.now() ? say("waits_until", { time: clock(row.next) }) : say("in_line"));
}

function noteWords(row) {
  if (row.note === "sign_in") return say("note_sign_in");
  if (row.next > Date.now()) return say("note_tried", { num: row.tries, time: clock(row.next) });
  return say("note_in_line");
}

function ways(home, row, { photos, photosThere }) {
  const left = photos - photosThere;
  const entry = (name, more, way, press) =>
    el("li", {}, el("button", { class: "r", type: "button", click: press }, el("span", {}, name, el("span", { class: "s14 ink2 matter" }, more)), el("span", { class: "go" }, `${way} ›`)));
  const signIn = row.note === "sign_in" ? [el("li", {}, el("a", { class: "r", href: "/login" }, el("span", {}, say("sign_in_again"), el("span", { class: "s14 ink2 matter" }, say("nothing_lost"))), el("span", { class: "go" }, "›")))] : [];
  return el(
    "ul",
    { class: "list fix" },
    ...signIn,
    entry(say("rescue_file"), say("rescue_more", { num: left }), say("keep"), () => saveFile(home, row.submission)),
    entry(say("other_network"), row.tries ? say("tried", { num: row.tries }) : say("not_tried"), say("try_now"), () => home.retry(row.submission)),
  );
}

function rescueButton(home) {
  return el("button", { class: "btn", type: "button", click: () => saveFile(home) }, say("rescue_file"));
}

async function saveFile(home, submission) {
  await offer(await rescueFile(home.key, submission));
}

async function keepReceipt(tomb, number) {
  await offer(new File([tomb.receipt], `receipt-${number}.json`, { type: "application/json" }));
}

async function openBody(home, row) {
  return open(home.key, row, row.submission);
}

async function storageNote() {
  const isKept = (await db.get("meta", "persist"))?.granted;
  return el("p", { class: "note back" }, isKept ? say("storage_kept") : say("storage_may_go"));
}

// An app on the home screen of an iPhone has a store of its own; a short code lets it in.
async function appCode() {
  if (!/iPhone|iPad/.test(navigator.userAgent) || navigator.standalone) return null;
  return el("p", { class: "s14 ink2" }, say("install_first"));
}
