// One inspection on the phone: its answers, its photos, and their freezing. Each change is one whole write.

import { open, seal, sealBytes, sha256 } from "./vault.js";

const encoder = new TextEncoder();
const PHOTOS = ".photos";

/** The record was frozen: what was sent is not changed any more. */
export class FrozenError extends Error {}

/** A photo's name stands in the answers, and its bytes are not on this phone. */
export class PhotoLostError extends Error {}

/**
 * What one visit's inspector has filled in. Memory changes only after the store has kept the change, so that
 * what is shown is what a dead battery leaves.
 *
 * Ports: `store` (get, all, write), `key`, `clock` in milliseconds.
 */
export class Record {
  constructor(store, key, visit, clock = () => Date.now()) {
    Object.assign(this, { store, key, visit, clock });
    this.epoch = null; // of the page that leads; null where nothing but this program writes
    this.base = { inspection: null, fields: [], photos: [] };
    this.clear();
  }

  /** Read what is stored of the newest draft that has not arrived; without one the record is empty. */
  async load() {
    const drafts = (await this.store.all("drafts")).filter(
      (draft) => draft.visit === this.visit && draft.state !== "complete",
    );
    const draft = drafts.sort((one, other) => other.begun - one.begun)[0];
    this.clear();
    if (!draft) return this.takeBase();
    const { inspection, state, submission, begun, kept = [] } = draft;
    Object.assign(this, { inspection, state, submission, begun, kept });
    const rows = await this.store.all("answers", inspection);
    await Promise.all(rows.map((row) => this.read(row)));
    return this;
  }

  /**
   * Begin, if nothing is stored, with what the server holds: a draft made elsewhere, or work that was returned.
   *
   * @param base `{inspection, seq, fields: [[name, value, at]], photos: [{sha256, size, name}]}`
   */
  from(base) {
    this.base = base;
    if (this.state === "none") this.takeBase();
    return this;
  }

  /** Return what stands in a field: a text, a list of texts, or undefined. */
  value(name) {
    return this.values.get(name)?.v;
  }

  /** Keep one field's value. */
  set(name, value) {
    return this.change([[name, value]]);
  }

  /** Keep the values of several fields in one step, and remember what stood there. */
  change(changes) {
    return this.queue(async () => {
      const before = changes.map(([name]) => [name, this.value(name) ?? ""]);
      await this.commit(changes);
      this.past.push(before);
    });
  }

  /** Put back what stood before the last change of this page's life; return its first field, or null. */
  undo() {
    return this.queue(async () => {
      const before = this.past.at(-1);
      if (!before) return null;
      await this.commit(before);
      this.past.pop();
      return before[0][0];
    });
  }

  /** Keep a photo with the question it belongs to; return its SHA-256. The same photo is kept once. */
  photo(question, bytes) {
    return this.queue(async () => {
      const name = question + PHOTOS;
      const digest = await sha256(bytes);
      const now = this.value(name) || [];
      if (now.includes(digest)) return digest;
      const sealed = await sealBytes(this.key, bytes, digest);
      await this.commit([[name, [...now, digest]]], (inspection) => [
        ["put", "photos", { inspection, sha256: digest, name, size: bytes.byteLength, state: "here", ...sealed }],
      ]);
      return digest;
    });
  }

  /** Take a photo away from its question. */
  removePhoto(question, digest) {
    return this.queue(() => {
      const name = question + PHOTOS;
      const rest = (this.value(name) || []).filter((one) => one !== digest);
      const isShared = [...this.values].some(([other, { v }]) => other !== name && isPhotoOf(other, v, digest));
      return this.commit([[name, rest]], (inspection) =>
        isShared ? [] : [["del", "photos", [inspection, digest]]],
      );
    });
  }

  /**
   * Freeze what is filled in: from here on the same bytes are sent, however often.
   *
   * @param extra what else the body says: marks, zone, left_at, app
   */
  freeze(checklist, extra = {}) {
    return this.queue(async () => {
      if (this.state !== "draft") return;
      const submission = crypto.randomUUID();
      const body = encoder.encode(JSON.stringify(await this.body(submission, checklist, extra)));
      const digest = await sha256(body);
      const { inspection, visit } = this;
      const sealed = await sealBytes(this.key, body, submission);
      const row = { submission, inspection, visit, sha256: digest, state: "frozen", tries: 0, next: 0, note: "" };
      await this.store.write(
        [
          ["put", "drafts", { ...this.row(), state: "frozen", submission }],
          ["add", "frozen", { ...row, frozen_at: this.clock(), ...sealed }],
        ],
        { guard: this.guard() },
      );
      Object.assign(this, { state: "frozen", submission });
    });
  }

  /** Return what is filled in as `[name, value, at]`, sorted by name, without what is empty. */
  fields() {
    return [...this.values]
      .filter(([, { v }]) => v.length)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { v, at }]) => [name, v, at]);
  }

  /** Forget all of it: of a practice nothing is kept. */
  discard() {
    return this.queue(async () => {
      const { inspection } = this;
      const answers = await this.store.all("answers", inspection);
      const photos = await this.store.all("photos", inspection);
      await this.store.write(
        [
          ["del", "drafts", inspection],
          ...answers.map(({ name }) => ["del", "answers", [inspection, name]]),
          ...photos.map(({ sha256: digest }) => ["del", "photos", [inspection, digest]]),
        ],
        { guard: this.guard() },
      );
      this.clear();
      this.takeBase();
    });
  }

  // One change after the other: the order of taps is the order of writes, and one first answer makes the draft.
  queue(work) {
    const done = (this.tail ?? Promise.resolve()).then(work);
    this.tail = done.catch(() => {});
    return done;
  }

  async commit(changes, more = () => []) {
    if (this.state !== "none" && this.state !== "draft") throw new FrozenError("frozen");
    const isFirst = this.state === "none";
    const inspection = isFirst ? (this.base.inspection ?? crypto.randomUUID()) : this.inspection;
    const begun = isFirst ? this.clock() : this.begun;
    const fresh = this.stamped(changes);
    const kept = isFirst ? [...this.values].filter(([name]) => !fresh.some(([other]) => other === name)) : [];
    const sealed = [...kept, ...fresh].map(async ([name, value]) => {
      const closed = await seal(this.key, value, `${inspection}/${name}`);
      return ["put", "answers", { inspection, name, seq: value.seq, ...closed }];
    });
    const draft = { ...this.row(), inspection, state: "draft", begun };
    const operations = [...(isFirst ? [["put", "drafts", draft]] : []), ...(await Promise.all(sealed))];
    await this.store.write([...operations, ...more(inspection)], { guard: this.guard() });
    Object.assign(this, { inspection, state: "draft", begun });
    for (const [name, value] of fresh) {
      this.values.set(name, value);
      this.seq = value.seq;
    }
  }

  stamped(changes) {
    const at = this.clock();
    return changes.map(([name, v], place) => [name, { v, at, seq: this.seq + 1 + place }]);
  }

  async body(submission, checklist, extra) {
    return {
      v: 1,
      visit: this.visit,
      inspection: this.inspection,
      submission,
      checklist,
      fields: this.fields(),
      photos: await this.manifest(),
      phone_time: this.clock(),
      ...extra,
    };
  }

  // The photos that the answers name, each once; a name without bytes is never sent.
  async manifest() {
    const rows = await this.store.all("photos", this.inspection);
    const held = new Map([...this.kept, ...rows].map(({ sha256: digest, size }) => [digest, size]));
    const found = new Map();
    for (const [name, { v }] of this.values) {
      for (const digest of name.endsWith(PHOTOS) ? v : []) {
        if (!held.has(digest)) throw new PhotoLostError(name);
        if (!found.has(digest)) found.set(digest, { sha256: digest, size: held.get(digest), name });
      }
    }
    return [...found.values()].sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1));
  }

  async read(row) {
    const value = await open(this.key, row, `${row.inspection}/${row.name}`);
    this.values.set(row.name, value);
    this.seq = Math.max(this.seq, value.seq);
  }

  takeBase() {
    this.kept = this.base.photos;
    // Saves of a second round come after those of the first, or the server takes them for late copies.
    this.seq = Math.max(this.seq, this.base.seq ?? 0);
    for (const [name, v, at = null] of this.base.fields) this.values.set(name, { v, at, seq: 0 });
    return this;
  }

  clear() {
    const empty = { inspection: null, submission: null, begun: null, state: "none", seq: 0, kept: [] };
    Object.assign(this, empty, { values: new Map(), past: [] });
  }

  row() {
    const { inspection, visit, state, submission, begun, kept } = this;
    return { inspection, visit, state, submission, begun, kept };
  }

  // A page that slept while another took over must not write: its epoch has passed.
  guard() {
    if (this.epoch === null) return undefined;
    return { store: "meta", key: `lead/${this.visit}`, test: (row) => row?.epoch === this.epoch };
  }
}

function isPhotoOf(name, value, digest) {
  return name.endsWith(PHOTOS) && value.includes(digest);
}
