// Sends what is frozen, step by step, until the server's list equals the phone's. Every step may be repeated.

import { open, openBytes, sha256 } from "./vault.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The kind of a record that says why a visit was broken off; an inspection has none. */
export const STOP = "stop";

/** States in which a record waits for a person; it stops no other. */
export const HALTED = ["conflict", "refused", "damaged", "photo_lost"];

const RECEIVED = [200, 201, 202];
const QUICK_TRIES = 3; // of what was damaged on the way
const BYTES_A_MILLISECOND = 4; // the slowest network that is still waited for
const REFUSED = "AbortError"; // of a write whose guard found that another page was faster
const TOMB_LASTS = 30 * 24 * 3600 * 1000; // milliseconds

/** It is not known to have arrived: the same bytes go again, after `wait` milliseconds at least. */
class Retry extends Error {
  constructor(note, wait) {
    super(note);
    this.wait = wait;
  }
}

/** Sending again alone will not help: a person has to see it. */
class Halt extends Error {
  constructor(state, note = state) {
    super(note);
    this.state = state;
  }
}

/**
 * The way from the phone to the server.
 *
 * Ports: `store`, `key`, `tokenOf(visit)` (null: of this visit nothing is sent), `fetch`, `clock`, `random`,
 * `locks` (undefined: every page sends, and the server decides), `url` in front of `/sync/`, `app` (the
 * version), `base` and `cap` of the back-off and `limit` of a call in milliseconds.
 */
export class Outbox {
  constructor(store, key, ports) {
    const usual = {
      url: "",
      app: "",
      base: 2_000,
      cap: 300_000,
      limit: 30_000,
      clock: () => Date.now(),
      random: Math.random,
      fetch: (...request) => fetch(...request),
    };
    // What the server did not want to keep is not sent again and again; it is tried anew with the next change.
    Object.assign(this, { store, key, rested: 0, tries: 0, unkept: new Map() }, usual, ports);
  }

  /** Send all that is due, unless another page does; return whether anything moved. */
  drain() {
    return this.alone(() => this.pass());
  }

  /** Send what is filled in so far and its photos, as a spare copy on the server; nothing of it is scored. */
  share() {
    return this.alone(() => this.passEarly());
  }

  /** Make everything due at once: there is a network again, or a person asks. */
  async hurry() {
    this.rested = 0;
    for (const row of await this.store.all("frozen")) if (row.next) await this.save(row, { next: 0 });
  }

  /** Try a halted record once more. */
  async retry(submission) {
    const row = await this.store.get("frozen", submission);
    if (row) await this.save(row, { state: row.halted ?? row.state, halted: undefined, next: 0, tries: 0 });
  }

  /** Give one record up for good, by a person's own word; what remains is that it was. */
  async giveUp(submission) {
    const row = await this.store.get("frozen", submission);
    if (!row) return;
    const tomb = { submission, inspection: row.inspection, visit: row.visit, sha256: row.sha256 };
    await this.store.write([
      ["put", "tombs", { ...tomb, receipt: null, given_up: true, at: this.clock() }],
      ["del", "frozen", submission],
      ["del", "drafts", row.inspection],
      ...(await this.remains(row.inspection)),
    ]);
  }

  /** Give up for good what was filled in and not handed in. */
  async giveUpDraft(inspection) {
    await this.store.write([["del", "drafts", inspection], ...(await this.remains(inspection))]);
  }

  /** Take back what was not told yet: the visit goes on as it was. */
  takeBack(submission) {
    return this.store.write([["del", "frozen", submission]]);
  }

  /** Forget the receipts of what arrived a month ago. */
  async bury() {
    const old = (await this.store.all("tombs")).filter((tomb) => tomb.at < this.clock() - TOMB_LASTS);
    if (old.length) await this.store.write(old.map((tomb) => ["del", "tombs", tomb.submission]));
  }

  alone(work) {
    if (!this.locks) return work();
    return this.locks.request("outbox", { ifAvailable: true }, (lock) => (lock ? work() : false));
  }

  async pass() {
    let moved = false;
    for (const row of await this.store.all("frozen")) {
      if (this.isDue(row) && (await this.send(row))) moved = true;
    }
    return moved;
  }

  // A date far ahead was set before the phone's clock was turned back. What an older program could not send,
  // a newer one tries once.
  isDue(row) {
    if (HALTED.includes(row.state)) return row.state === "refused" && row.app !== this.app;
    const ahead = row.next - this.clock();
    return ahead <= 0 || ahead > 2 * this.cap;
  }

  async send(first) {
    let row = HALTED.includes(first.state) ? { ...first, state: first.halted ?? "frozen" } : first;
    let moved = false;
    for (let quick = 0; row; ) {
      try {
        const token = await this.tokenOf(row.visit);
        if (!token) throw new Halt("sign_in");
        await this.step(row, token);
        moved = true;
        row = await this.store.get("frozen", row.submission);
      } catch (error) {
        if (error.name === REFUSED) break;
        if (error instanceof Retry && error.wait === 0 && quick++ < QUICK_TRIES) continue;
        await this.note(row, error);
        break;
      }
    }
    return moved;
  }

  async step(row, token) {
    const body = new Uint8Array(await openBytes(this.key, row, row.submission));
    if ((await sha256(body)) !== row.sha256) throw new Halt("damaged");
    if (row.kind === STOP) return this.sendStop(row, body, token);
    if (row.state === "frozen") return this.sendBody(row, body, token);
    const lacks = new Set(row.missing);
    const photos = await this.store.all("photos", row.inspection);
    const next = photos.find((photo) => photo.state === "here" && lacks.has(photo.sha256));
    if (next) return this.sendPhoto(next, token);
    return this.askForList(row, body, token);
  }

  async sendBody(row, body, token) {
    const answer = await this.putBody(row, body, token);
    await this.save(row, { state: "received", ...found(answer), tries: 0, next: 0, note: "" });
  }

  // What was filled in goes first, as long as the visit takes it: it is kept for whoever asks about the stop.
  async sendStop(row, body, token) {
    const draft = row.inspection && (await this.store.get("drafts", row.inspection));
    if (draft?.state === "draft") await this.shareDraft(draft).catch(passOverRefused);
    const { status } = await this.put(`visits/${row.visit}/stop`, token, body.slice(), row.sha256, "application/json");
    const { submission, inspection, visit, sha256: digest, kind } = row;
    const over = draft ? [["put", "drafts", { ...draft, state: "complete" }], ...(await this.remains(inspection))] : [];
    await this.store.write(
      [
        ["put", "tombs", { submission, inspection, visit, sha256: digest, kind, receipt: null, status, at: this.clock() }],
        ["del", "frozen", submission],
        ...over,
      ],
      { guard: stillThere(row) },
    );
  }

  // The same bytes once more ask how much has arrived. Done is only what the server lists as the phone does.
  async askForList(row, body, token) {
    const answer = await this.putBody(row, body, token);
    if (answer.receipt !== row.receipt) throw new Retry("receipt_changed");
    if (answer.missing_photos.length) return this.sendAgain(row, answer.missing_photos);
    const wanted = [...new Set(JSON.parse(decoder.decode(body)).photos.map((photo) => photo.sha256))];
    if (wanted.sort().join() !== [...answer.photos].sort().join()) throw new Retry("list_differs");
    const draft = await this.store.get("drafts", row.inspection);
    const { submission, inspection, visit, sha256: digest } = row;
    const { status, receipt } = answer;
    const operations = [
      ["put", "tombs", { submission, inspection, visit, sha256: digest, receipt, status, at: this.clock() }],
      ["del", "frozen", submission],
      ["put", "drafts", { ...draft, state: "complete" }],
      ...(await this.remains(inspection)),
    ];
    await this.store.write(operations, { guard: stillThere(row) });
  }

  async sendAgain(row, missing) {
    const photos = await this.store.all("photos", row.inspection);
    const mine = photos.filter((photo) => missing.includes(photo.sha256));
    const again = mine.map((photo) => ["put", "photos", { ...photo, state: "here" }]);
    await this.store.write([...again, ["put", "frozen", { ...row, missing }]], { guard: stillThere(row) });
    if (!mine.length) throw new Halt("photo_lost");
  }

  async sendPhoto(photo, token) {
    const bytes = new Uint8Array(await openBytes(this.key, photo, photo.sha256));
    const path = `inspections/${photo.inspection}/photos/${photo.sha256}`;
    await this.put(path, token, bytes, photo.sha256, "image/jpeg");
    await this.store.write([["put", "photos", { ...photo, state: "there" }]], { guard: stillTaken(photo) });
  }

  async putBody(row, body, token) {
    const path = `submissions/${row.submission}`;
    const answer = await this.put(path, token, body.slice(), row.sha256, "application/json");
    if (!isReceiptOf(row, answer)) throw new Retry("not_our_server");
    return answer;
  }

  /**
   * Call the server once, with bytes that are made afresh for each try: Safari sends stored ones empty.
   *
   * Anything that is not an answer of our own server to these very bytes counts as not known.
   */
  async put(path, token, bytes, digest, type) {
    const [response, text] = await this.exchange(path, token, bytes, digest, type);
    const answer = jsonOf(response, text);
    if (RECEIVED.includes(response.status)) {
      if (answer?.api !== 1 || answer.sha256 !== digest) throw new Retry("not_our_server");
      return answer;
    }
    const wait = Number(response.headers.get("Retry-After")) * 1000 || undefined;
    if (answer?.api !== 1) throw new Retry("not_our_server", wait);
    if (response.status === 409) throw new Halt("conflict");
    if (response.status === 422 && answer.error === "hash_mismatch") throw new Retry("damaged_on_the_way", 0);
    if (response.status === 422) throw new Halt("refused", JSON.stringify(answer.fields ?? answer.error));
    if (response.status === 401 || response.status === 403) throw new Halt("sign_in");
    throw new Retry(`server_${response.status}`, wait);
  }

  async exchange(path, token, bytes, digest, type) {
    try {
      const response = await this.fetch(`${this.url}/sync/v1/${path}`, {
        method: "PUT",
        body: bytes,
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(Math.ceil(this.limit + bytes.byteLength / BYTES_A_MILLISECOND)),
        headers: {
          Authorization: `Visit ${token}`,
          "Content-Type": type,
          "X-Content-SHA256": digest,
          "X-Phone-Time": String(this.clock()),
        },
      });
      return [response, await response.text()];
    } catch {
      throw new Retry("no_network");
    }
  }

  async note(row, error) {
    if (error instanceof Halt && error.state === "sign_in") {
      return this.save(row, { note: "sign_in", next: this.clock() + this.cap });
    }
    if (error instanceof Halt) {
      return this.save(row, { halted: row.state, state: error.state, note: error.message, app: this.app });
    }
    if (!(error instanceof Retry)) throw error;
    const next = this.clock() + Math.max(error.wait ?? 0, this.backOff(row.tries));
    return this.save(row, { tries: row.tries + 1, note: error.message, next });
  }

  backOff(tries) {
    return Math.round(Math.min(this.cap, this.base * 2 ** Math.min(tries, 20)) * (0.5 + this.random() / 2));
  }

  async save(row, change) {
    Object.assign(row, change);
    await this.store.write([["put", "frozen", row]], { guard: stillThere(row) }).catch(passOver);
  }

  async remains(inspection) {
    const answers = await this.store.all("answers", inspection);
    const photos = await this.store.all("photos", inspection);
    return [
      ...answers.map(({ name }) => ["del", "answers", [inspection, name]]),
      ...photos.map(({ sha256: digest }) => ["del", "photos", [inspection, digest]]),
    ];
  }

  async passEarly() {
    if (this.rested > this.clock() && this.rested - this.clock() <= 2 * this.cap) return false;
    try {
      let moved = false;
      for (const draft of await this.store.all("drafts")) {
        if (draft.state === "draft" && (await this.shareDraft(draft))) moved = true;
      }
      this.tries = 0;
      return moved;
    } catch (error) {
      if (!(error instanceof Retry || error instanceof Halt)) throw error;
      this.rested = this.clock() + Math.max(error.wait ?? 0, this.backOff(this.tries++));
      return false;
    }
  }

  async shareDraft({ inspection, visit }) {
    const token = await this.tokenOf(visit);
    if (!token) return false;
    const moved = await this.shareAnswers(inspection, token);
    const photos = (await this.store.all("photos", inspection)).filter((photo) => photo.state === "here");
    for (const photo of photos) await this.sharePhoto(photo, token);
    return moved || photos.length > 0;
  }

  async shareAnswers(inspection, token) {
    const rows = await this.store.all("answers", inspection);
    const known = (await this.store.get("meta", `shared/${inspection}`))?.seq ?? 0;
    const seq = Math.max(0, ...rows.map((row) => row.seq));
    if (seq <= known || seq === this.unkept.get(inspection)) return false;
    const answers = await Promise.all(
      rows.map(async (row) => [row.name, await open(this.key, row, `${inspection}/${row.name}`)]),
    );
    const fields = answers.filter(([, { v }]) => v.length).map(([name, { v, at }]) => [name, v, at]);
    const body = encoder.encode(JSON.stringify({ seq, fields }));
    const answer = await this.put(`inspections/${inspection}/answers`, token, body, await sha256(body), "application/json");
    if (answer.seq < seq) {
      this.unkept.set(inspection, seq); // its visit is over, or this phone was ended: it is on this phone alone
      return false;
    }
    await this.store.write([["put", "meta", { k: `shared/${inspection}`, seq, at: this.clock() }]]);
    return true;
  }

  // A photo that the server cannot use is told of beside its answer; the others go on.
  async sharePhoto(photo, token) {
    try {
      await this.sendPhoto(photo, token);
    } catch (error) {
      if (error.name === REFUSED) return;
      if (!(error instanceof Halt) || error.state !== "refused") throw error;
      const refused = { ...photo, state: "refused", note: error.message };
      await this.store.write([["put", "photos", refused]], { guard: stillTaken(photo) }).catch(passOver);
    }
  }
}

// Another page may have finished the record, or given it up: what is gone must not come back.
function stillThere(row) {
  return { store: "frozen", key: row.submission, test: Boolean };
}

// Nor is a photo brought back that was taken away while it was on its way.
function stillTaken(photo) {
  return { store: "photos", key: [photo.inspection, photo.sha256], test: Boolean };
}

function passOver(error) {
  if (error.name !== REFUSED) throw error;
}

// What the server does not want of a draft keeps nothing else from being told.
function passOverRefused(error) {
  if (!(error instanceof Halt) || error.state === "sign_in") throw error;
}

function found(answer) {
  return { receipt: answer.receipt, missing: answer.missing_photos, status: answer.status };
}

function jsonOf(response, text) {
  if (!(response.headers.get("Content-Type") ?? "").startsWith("application/json")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isReceiptOf(row, answer) {
  if (!Array.isArray(answer.missing_photos) || !Array.isArray(answer.photos)) return false;
  try {
    const receipt = JSON.parse(answer.receipt);
    return receipt.submission === row.submission && receipt.payload_sha256 === row.sha256;
  } catch {
    return false;
  }
}
