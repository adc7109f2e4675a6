// Starts the phone's half: the key, the worker, the page that is asked for, and the sending.

import * as db from "./db.js";
import { el, fill } from "./dom.js";
import { readEarly } from "./form.js";
import { EndedError, Holdings, SignedOutError, UnreachableError, openKey } from "./holdings.js";
import { Outbox } from "./outbox.js";
import { lostBar, PRACTICE, put, standing, syncBar, unsent } from "./status.js";
import { markedTimes, leftAt } from "./times.js";
import { OpenedVisit } from "./visit.js";
import { ago, say, speak } from "./words.js";

const SHARE = 10_000; // milliseconds between two spare copies of what is filled in
const UPDATE = 3_600_000; // milliseconds between two questions for a newer version
const LONG_UNSEEN = 5 * 24 * 3_600_000; // Safari forgets after seven days
const APP = new URL(import.meta.url).pathname.split("/")[2]; // the digest of all static files
const COUNT = "m.drafts"; // how many drafts there are, told to a store that is emptied in another way

// Only what the vault opens becomes markup, and only our own worker is a script.
const policy = globalThis.trustedTypes?.createPolicy("form", {
  createHTML: (markup) => markup,
  createScriptURL: (address) => {
    if (address !== "/m/sw.js") throw new TypeError(address);
    return address;
  },
}) ?? { createHTML: (markup) => markup, createScriptURL: (address) => address };

class App {
  constructor(key) {
    this.key = key;
    this.policy = policy;
    this.holdings = new Holdings(key);
    this.notes = {};
    this.turn = 0; // how many pages were asked for
    this.isInstalled = Boolean(navigator.serviceWorker?.controller);
    this.outbox = new Outbox(db, key, {
      app: APP,
      locks: navigator.locks,
      tokenOf: (visit) => this.holdings.tokenOf(visit),
    });
  }

  async start() {
    const early = readEarlyTaps();
    this.index = await this.holdings.index();
    if (this.index) speak(this.index);
    else await this.first();
    this.demo = document.body.dataset.demo;
    addEventListener("popstate", () => this.show());
    document.addEventListener("click", (event) => this.follow(event));
    for (const moment of ["pagehide", "visibilitychange"]) addEventListener(moment, () => this.opened?.leave());
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault(); // it is said on the page
      this.fail(event.reason);
    });
    db.watch.addEventListener("lost", () => put(lostBar(), true));
    db.watch.addEventListener("outdated", () => location.reload());
    await this.show(early);
    document.body.dataset.ready = "";
    this.keepSending();
    await Promise.all([this.install(), this.refresh()]);
    document.body.dataset.fresh = "";
  }

  // Only an active worker opens this phone without a network; before that nothing is promised.
  async install() {
    if (!navigator.serviceWorker || !(await registerWorker())) return;
    await navigator.serviceWorker.ready;
    this.isInstalled = true;
    await this.redrawList();
  }

  // Nothing is on this phone yet: the list and the words, and the form that is on screen.
  async first() {
    const visit = routeOf().visit;
    const [index] = await Promise.all([this.holdings.refreshIndex(), visit && this.holdings.fetchVisit(visit)]);
    this.index = index;
    speak(index);
    await db.write([["put", "meta", { k: "owner", user: index.me.id }]]);
    await askToKeep();
  }

  /** Show the page of the present address; done when that of the last address asked for is shown. */
  show(early = []) {
    this.turn += 1;
    this.hasTurned?.();
    this.drawing ??= this.drawLast(early);
    return this.drawing;
  }

  // One page after the other: who taps twice gets the second one, and a slow first one never lies over it.
  async drawLast(early) {
    try {
      for (let turn, taps = early; turn !== this.turn; taps = []) {
        turn = this.turn;
        await this.draw(taps).catch((error) => this.failUnlessLeft(error, turn));
      }
    } finally {
      this.drawing = null;
    }
  }

  // What went wrong on a page that was left before it was shown is nobody's business.
  failUnlessLeft(error, turn) {
    if (this.turn === turn) throw error;
  }

  async draw(early) {
    const { turn } = this;
    const { visit, page } = routeOf();
    if (this.opened && (this.isOutdated || this.opened.bundle.visit !== visit)) await this.close();
    await this.opened?.leave();
    if (this.opened) this.opened.leave = () => undefined;
    if (await this.isInHall()) return location.replace("/m/clock");
    this.page = page;
    if (!visit) return page === "sync" ? (await import("./sending.js")).showOutbox(this) : this.showList();
    if (["sent", "receipt"].includes(page)) return this.showSending(visit, page);
    if (await this.isBrokenOff(visit, page)) return undefined;
    const isHere = await this.open(visit);
    if (early.length && this.opened?.canWrite) await this.opened.record.change(early);
    if (this.turn !== turn) return undefined;
    if (!isHere) return this.goInstead(visit);
    await this.showPage(page);
    scrollTo(0, 0);
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
    return undefined;
  }

  // A visit that is not filled in here: it was sent, or it is nobody's business any more.
  goInstead(visit) {
    const entry = this.index.visits.find((one) => one.visit === visit);
    this.turnTo(entry?.receipt ? `/m/v/${visit}/receipt` : "/m/");
  }

  // As long as it has not been told that a visit was broken off, that is all there is to see of it.
  async isBrokenOff(visit, page) {
    const stands = await standing(visit);
    if (!stands.stop && (page !== "stop" || !stands.stopped)) return false;
    if (page === "stop") await (await import("./stopping.js")).showStopped(this, visit, stands);
    else this.turnTo(`/m/v/${visit}/stop`);
    return true;
  }

  async showPage(page) {
    const { opened, turn } = this;
    const known = {
      card: async () => (await import("./card.js")).showCard(opened, () => this.openClock()),
      list: async () => (await import("./overview.js")).showOverview(opened),
      check: async () => (await import("./check.js")).showCheck(opened, () => this.send()),
      times: async () => (await import("./times.js")).showTimes(opened, () => this.turn === turn),
      stop: async () => (await import("./stopping.js")).showStop(opened, () => this.sendNow()),
    };
    const isFrozen = opened.record.state === "frozen";
    if (known[page] && !(isFrozen && page === "stop")) return known[page]();
    if (isFrozen) return this.turnTo(`/m/v/${opened.bundle.visit}/sent`);
    const screens = opened.screens();
    if (screens.some(({ code }) => code === page)) return (await import("./question.js")).showQuestion(opened, page);
    return this.begin();
  }

  // A visit's own address: the card before the first answer, afterwards where to go on.
  async begin() {
    const { record, bundle } = this.opened;
    if (record.state === "none" && !record.values.size) return (await import("./card.js")).showCard(this.opened, () => this.openClock());
    const first = this.opened.firstOpen();
    const { placeOf } = await import("./overview.js");
    return this.turnTo(first ? placeOf(`/m/v/${bundle.visit}`, first) : `/m/v/${bundle.visit}/check`);
  }

  // It is put together from many places; who has asked for another page meanwhile keeps that one.
  async showList(isWanted = () => true) {
    const { turn } = this;
    const { showList } = await import("./list.js");
    return showList(this, await this.banners(), () => this.turn === turn && isWanted());
  }

  // What is new appears by itself, but not under a finger.
  async redrawList() {
    const isOnScreen = !routeOf().visit && this.page === "home";
    const isFree = () => !document.querySelector(".more[open]");
    if (isOnScreen && isFree()) await this.showList(isFree);
  }

  async showSending(visit, page) {
    const { showReceipt, showSending } = await import("./sending.js");
    return page === "sent" ? showSending(this, visit) : showReceipt(this, visit);
  }

  async open(visit) {
    if (this.opened) return true;
    if (!(await this.holdings.visit(visit))) await this.unlessLeft(this.holdings.fetchVisit(visit).catch(unlessUnreachable));
    this.opened = await OpenedVisit.open(this, visit, () => this.show());
    if (this.opened) this.opened.changed = () => this.noticeChange();
    return Boolean(this.opened);
  }

  async close() {
    const { opened } = this;
    this.opened = null;
    this.isOutdated = false;
    await opened.close();
  }

  // A network that does not answer keeps nobody on a page that they have left.
  unlessLeft(work) {
    return Promise.race([work, new Promise((resolve) => (this.hasTurned = resolve))]);
  }

  /** Open a visit only to look at it, beside what is on screen. */
  async peek(visit) {
    const bundle = await this.holdings.visit(visit);
    if (!bundle) return null;
    if (this.opened?.bundle.visit === visit) return this.opened;
    return OpenedVisit.peek(this, bundle);
  }

  async branchOf(visit) {
    const entry = this.index.visits.find((one) => one.visit === visit);
    return entry?.branch ?? (await this.holdings.visit(visit))?.branch ?? "";
  }

  /** While a page is drawn: let another one come in its place. Not waited for, since it comes after this one. */
  turnTo(address) {
    history.replaceState(null, "", address);
    this.show();
  }

  /** Go to another page of this phone. */
  go(address, isInstead = false) {
    history[isInstead ? "replaceState" : "pushState"](null, "", address);
    return this.show();
  }

  follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || !address.pathname.startsWith("/m/")) return;
    if (address.pathname === location.pathname && address.hash) return;
    event.preventDefault();
    this.go(address.pathname + address.hash);
  }

  /** Freeze the form and send it; a practice ends without a trace. */
  async send() {
    const { record, bundle } = this.opened;
    await this.opened.leave();
    if (bundle.is_practice) {
      await record.discard();
      this.notes.practice = true;
      return this.go("/m/", true);
    }
    await record.freeze(bundle.checklist, {
      marks: await markedTimes(bundle.visit),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      left_at: await leftAt(bundle.visit),
      app: APP,
      ...(this.opened.place ? { place: this.opened.place } : {}),
    });
    this.countDrafts();
    await this.go(`/m/v/${bundle.visit}/sent`, true);
    return this.drain();
  }

  async openClock() {
    await db.write([["put", "meta", { k: "hall", visit: this.opened.bundle.visit, is_over: false }]]);
    location.replace("/m/clock");
  }

  // As long as the hall has not been left, every way in leads to the clock.
  async isInHall() {
    const hall = await db.get("meta", "hall");
    return Boolean(hall?.visit && !hall.is_over);
  }

  noticeChange() {
    this.countDrafts();
    this.isChanged = true;
  }

  keepSending() {
    const due = async () => {
      await this.outbox.hurry();
      await this.drain();
    };
    addEventListener("online", due);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && due());
    setInterval(() => this.drain(), SHARE);
    due();
  }

  async drain() {
    const moved = await this.outbox.drain();
    const shared = await this.outbox.share();
    if (moved || shared) await this.tellState();
    if (moved && this.hasEnded) return this.end();
    if (moved && ["sent", "sync", "stop"].includes(this.page)) await this.show();
    if (moved && this.page === "sent") await this.refresh().then(() => this.page === "sent" && this.show());
    if (moved && !routeOf().visit && this.page !== "sync") await this.refresh();
  }

  async tellState() {
    if (!this.opened || !document.getElementById("sync")) return;
    const at = this.opened.record.state === "none" ? null : this.opened.lastChange();
    if (!document.querySelector(".sync.lost")) put(syncBar(at, await standing(this.opened.bundle.visit)));
  }

  /** Send what waits, now. */
  async sendNow() {
    await this.outbox.hurry();
    await this.drain();
    return this.show();
  }

  async retry(submission) {
    await this.outbox.retry(submission);
    return this.sendNow();
  }

  giveUp(submission) {
    return this.outbox.giveUp(submission);
  }

  /** Give up what was not handed in; the last of it on a phone that the office ended ends that. */
  async giveUpDraft(inspection) {
    await this.outbox.giveUpDraft(inspection);
    this.countDrafts();
    return this.hasEnded ? this.end() : this.show();
  }

  /** Ask the server what is new: visits, words, tokens. Without it everything goes on as it is. */
  async refresh() {
    try {
      const index = await this.holdings.refreshIndex();
      if (await this.isSomebodyElse(index)) return this.refuse();
      const isOtherLanguage = index.language !== this.index.language;
      this.index = index;
      speak(index);
      const missing = await this.holdings.bringUpToDate(index);
      await this.renewTokens();
      await this.holdings.fetchVisit(PRACTICE).catch(unlessUnreachable);
      this.notes.missing = missing;
      this.notes.signedOut = false;
      if (isOtherLanguage) await this.showAnew();
    } catch (error) {
      if (error instanceof EndedError) return this.end();
      if (error instanceof SignedOutError) this.notes.signedOut = true;
      else if (!(error instanceof UnreachableError)) throw error;
    }
    await this.outbox.bury();
    await this.redrawList();
    return this.takeNewVersion();
  }

  // What was refused for its token goes out with a new one, now that somebody is signed in.
  async renewTokens() {
    const refused = (await db.all("frozen")).filter((row) => row.note === "sign_in");
    if (!refused.length) return;
    for (const { visit } of refused) await this.holdings.fetchVisit(visit).catch(unlessUnreachable);
    await this.outbox.hurry();
    if (await this.outbox.drain()) await this.tellState();
  }

  showAnew() {
    this.isOutdated = Boolean(this.opened);
    return this.show();
  }

  async isSomebodyElse(index) {
    const owner = await db.get("meta", "owner");
    if (owner && owner.user !== index.me.id) return true;
    if (!owner) await db.write([["put", "meta", { k: "owner", user: index.me.id }]]);
    return false;
  }

  // The office ended this phone: what waits still goes, then nothing stays. What the server does not take
  // unless it is handed in, such as answers without the rest, waits for its owner to do so or to give it up.
  async end() {
    this.hasEnded = false; // or what moves meanwhile would lead here again
    await this.outbox.hurry();
    await this.drain();
    const { frozen, waiting } = await unsent();
    this.hasEnded = true;
    if (frozen.length || waiting.length) return routeOf().visit ? undefined : this.go("/m/sync");
    await wipeAll();
    return location.replace("/in/ended");
  }

  // Another person signed in on this phone: first what is here goes out, then all of it goes away.
  async refuse() {
    await this.outbox.hurry();
    await this.outbox.drain();
    const { frozen, waiting } = await unsent();
    if (!frozen.length && !waiting.length) return wipeAll().then(() => location.reload());
    await this.go("/m/sync", true);
    document.getElementById("main").prepend(el("div", { class: "alert" }, say("somebody_elses")));
    return undefined;
  }

  /** Leave this phone: refused while something on it has not arrived; then nothing stays. */
  async signOut() {
    await this.drain();
    const { frozen, waiting } = await unsent();
    if (frozen.length || waiting.length) {
      this.notes.unsent = frozen.length + waiting.length;
      return this.showList();
    }
    return leaveFor(this.index, async () => {
      await wipeAll();
    });
  }

  async chooseLanguage(code) {
    await post("/language", { language: code, csrf_token: this.index.csrf });
    return this.refresh();
  }

  async banners() {
    const said = [];
    const { frozen, waiting } = await unsent();
    const contact = (await db.get("meta", "contact"))?.at ?? Date.now();
    const alert = (words, ...more) => said.push(el("div", { class: "alert stack", role: "alert" }, el("p", {}, words), ...more));
    if (this.notes.unsent) alert(say("sign_out_refused", { num: this.notes.unsent }), el("a", { class: "btn", href: "/m/sync" }, say("see_what_waits")));
    if (this.notes.signedOut) alert(say("signed_out"), el("a", { class: "btn", href: "/login" }, say("sign_in_again")));
    if ((frozen.length || waiting.length) && Date.now() - contact > LONG_UNSEEN) alert(say("long_unseen", { time: ago(Date.now() - contact) }));
    if (await this.wereDraftsLost()) alert(say("drafts_lost"));
    if (frozen.some((row) => row.note === "sign_in")) alert(say("note_sign_in"), el("a", { class: "btn", href: "/login" }, say("sign_in_again")));
    if ((await db.get("meta", "persist"))?.granted === false) said.push(el("p", { class: "note back" }, say("storage_may_go")));
    if (this.notes.practice) said.push(el("p", { class: "note back", role: "status" }, say("practice_done")));
    this.notes = { ...this.notes, practice: false, unsent: 0 };
    return said;
  }

  async countDrafts() {
    const drafts = (await db.all("drafts")).filter((draft) => draft.state === "draft");
    try {
      localStorage.setItem(COUNT, String(drafts.length));
    } catch {
      // Nothing depends on it: it only tells a browser that has thrown our store away.
    }
  }

  async wereDraftsLost() {
    try {
      const before = Number(localStorage.getItem(COUNT));
      const now = (await db.all("drafts")).length;
      return before > 0 && now === 0;
    } catch {
      return false;
    }
  }

  // A newer version takes over between two visits, never during one.
  async takeNewVersion() {
    const registration = await navigator.serviceWorker?.getRegistration("/m/");
    const drafts = (await db.all("drafts")).filter((draft) => draft.state === "draft");
    if (!registration?.waiting || this.page !== "home" || drafts.length) return;
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting.postMessage("activate");
  }

  fail(error) {
    if (error?.name === "AbortError") return;
    put(lostBar(error), true);
  }
}

function routeOf(path = location.pathname) {
  const [, , kind, visit, page] = path.split("/");
  if (kind === "v") return { visit, page: page ?? "" };
  return { visit: null, page: kind || "home" };
}

function readEarlyTaps() {
  const form = document.getElementById("filling");
  return form ? readEarly(form) : [];
}

async function registerWorker() {
  const registration = await navigator.serviceWorker
    .register(policy.createScriptURL("/m/sw.js"), { scope: "/m/", updateViaCache: "none" })
    .catch(() => null);
  if (registration) setInterval(() => registration.update().catch(() => null), UPDATE);
  return registration;
}

async function askToKeep() {
  const granted = (await navigator.storage?.persist?.().catch(() => false)) ?? null;
  await db.write([["put", "meta", { k: "persist", granted }]]);
}

/** Take everything off this phone: records, forms, files, the worker. */
async function wipeAll() {
  await db.wipe();
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) await registration.unregister();
  localStorage.clear();
  sessionStorage.clear();
}

async function leaveFor({ csrf }, wipe) {
  const form = el("form", { method: "post", action: "/logout" }, el("input", { type: "hidden", name: "csrf_token", value: csrf }));
  document.body.append(form);
  await wipe();
  form.submit();
}

function post(address, fields) {
  return fetch(address, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" }).catch(() => null);
}

function unlessUnreachable(error) {
  if (!(error instanceof UnreachableError || error instanceof SignedOutError)) throw error;
}

// In a private window nothing can be kept: the page as the server drew it works, as long as there is a network.
async function goOnline() {
  const registration = await navigator.serviceWorker?.getRegistration("/m/");
  if (document.body.dataset.shell !== undefined && registration) {
    await registration.unregister();
    return location.reload();
  }
  document.getElementById("private")?.removeAttribute("hidden");
  if (document.getElementById("filling")) return import("./online.js");
  return undefined;
}

async function begin() {
  const key = document.body.dataset.offline === "off" ? null : await openKey();
  if (!key) return goOnline();
  try {
    return await new App(key).start();
  } catch (error) {
    if (!(error instanceof UnreachableError || error instanceof SignedOutError)) throw error;
    return say("x") || sayUnreachable();
  }
}

// The very first visit needs a network; the page as the server drew it stays, and saves as it is left.
function sayUnreachable() {
  if (document.body.dataset.shell === undefined) return goOnline();
  const words = document.body.dataset.unreachable;
  return fill({ main: [el("p", { class: "cue" }, words), el("p", {}, el("a", { class: "btn", href: "/login" }, document.body.dataset.login))] });
}

begin();
