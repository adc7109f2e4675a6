// One visit opened on this phone: its form, what was filled in, and whether this page may change it.

import * as db from "./db.js";
import { progressOf } from "./progress.js";
import { Record } from "./record.js";
import { Lead } from "./tabs.js";
import { leftAt } from "./times.js";
import { open, openBytes, seal } from "./vault.js";
import { say } from "./words.js";

/** What all pages about one visit share, as long as one of them is on screen. */
export class OpenedVisit {
  /**
   * Open a visit that is on this phone; null where it is not.
   *
   * @param turned called when this page begins or ceases to lead
   */
  static async open({ holdings, key, policy }, visit, turned) {
    const bundle = await holdings.visit(visit);
    if (!bundle) return null;
    const record = new Record(db, key, visit);
    await record.load();
    record.from({ inspection: bundle.inspection, seq: bundle.seq, fields: bundle.fields, photos: bundle.photos });
    const lead = new Lead(db, visit, {});
    const opened = new OpenedVisit({ bundle, record, lead, holdings, key, policy });
    lead.turned = async (leads) => {
      record.epoch = leads ? lead.epoch : -1;
      if (leads) await record.load(); // another page may have gone on with it
      opened.forgetProgress();
      opened.isSettled && turned();
    };
    await lead.start();
    opened.leftAt = await leftAt(visit);
    const place = await db.get("meta", `place/${visit}`);
    opened.place = place ? await open(key, place, `place/${visit}`) : null;
    opened.isSettled = true;
    if (!lead.leads) record.epoch = -1;
    return opened;
  }

  /** Open a visit only to be looked at. */
  static async peek({ holdings, key, policy }, bundle) {
    const record = await new Record(db, key, bundle.visit).load();
    record.from({ inspection: bundle.inspection, seq: bundle.seq, fields: bundle.fields, photos: bundle.photos });
    return new OpenedVisit({ bundle, record, lead: { leads: false }, holdings, key, policy });
  }

  constructor(parts) {
    Object.assign(this, parts);
    this.isSettled = false;
    /** Keeps what was typed and not stored yet; the page on screen sets it. */
    this.leave = () => undefined;
    /** Called after each change that was stored. */
    this.changed = () => undefined;
  }

  /** This page leads, and the work has not been frozen. */
  get canWrite() {
    return this.lead.leads && ["none", "draft"].includes(this.record.state);
  }

  /** Return how far the form is. */
  progress() {
    const seq = `${this.record.seq} ${this.record.inspection}`;
    if (this.known?.seq !== seq) {
      this.known = { seq, progress: progressOf(this.bundle.asks, (name) => this.record.value(name)) };
    }
    return this.known.progress;
  }

  /** Return the screens in order, each `{code, name}`; of returned work those with something to do. */
  screens() {
    const { asks, returned } = this.bundle;
    const incomplete = new Set(this.progress().faults.map(({ section }) => section));
    const isOpen = (section) =>
      !returned || section.is_gate_open || section.items.some((item) => item.is_open) || incomplete.has(section.code);
    const sections = asks.sections.filter(isOpen).map(({ code, name }) => ({ code, name }));
    const isAsked = !returned || asks.deductions.some((one) => one.is_open) || incomplete.has("deduction");
    return asks.deductions.length && isAsked ? [...sections, { code: "deduction", name: "" }] : sections;
  }

  /** Return where to go on: `{code, question}`; of a form with nothing missing, null. */
  firstOpen() {
    const screens = this.screens();
    if (this.bundle.returned && this.record.state === "none") return { code: screens[0].code, question: null };
    const fault = this.progress().faults[0];
    return fault ? { code: fault.section, question: fault.question } : null;
  }

  /** Return how a question is called in lists, its number before it. */
  nameOf(question) {
    const [code, part] = question.split(".");
    const section = this.bundle.asks.sections.find((one) => one.code === code);
    if (!section) return this.bundle.asks.deductions.find((one) => one.code === part)?.name ?? say("conduct_title");
    const item = section.items.find((one) => one.code === question);
    if (item) return `${item.number} ${item.question}`;
    const name = `${section.situation} ${section.name}`;
    return part === "gate" ? say("gate_of", { name }) : part === "role" ? say("role_of", { name }) : name;
  }

  /** Return where a question stands: its flow, and of an item its situation. */
  whereIs(question) {
    const [code, part] = question.split(".");
    const section = this.bundle.asks.sections.find((one) => one.code === code);
    if (!section) return "";
    return ["gate", "role"].includes(part) ? section.flow : `${section.flow} · ${section.name}`;
  }

  /** Return the markup of a section, as it lies sealed. */
  section(code) {
    return this.holdings.section(this.bundle.visit, code);
  }

  /** Return when the last answer was stored, in milliseconds. */
  lastChange() {
    return Math.max(0, ...[...this.record.values.values()].map(({ at }) => at ?? 0)) || null;
  }

  /** Return a photo's bytes, or null where only the server has it. */
  async photoBytes(digest) {
    const row = this.record.inspection && (await db.get("photos", [this.record.inspection, digest]));
    return row ? openBytes(this.key, row, digest) : null;
  }

  /** Keep where the phone was, to be sent with the rest. */
  async keepPlace(place) {
    this.place = place;
    const sealed = await seal(this.key, place, `place/${this.bundle.visit}`);
    await db.write([["put", "meta", { k: `place/${this.bundle.visit}`, ...sealed }]]);
  }

  /** Go on with this visit on this page, which ends that elsewhere. */
  takeOver() {
    return this.lead.takeOver();
  }

  /** Leave the visit: keep what was typed, and let another page lead. */
  async close() {
    await this.leave();
    this.lead.end();
  }

  forgetProgress() {
    this.known = null;
  }
}
