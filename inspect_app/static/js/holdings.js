// What the phone holds beside what was filled in: its key, its visits with their forms, and the words.

import * as db from "./db.js";
import { PRACTICE } from "./status.js";
import { makeKey, open, seal } from "./vault.js";

const INDEX = "/visits/all";
const ENDED = "/in/ended";

/** The server wants a sign-in before it tells anything; what is on the phone stays. */
export class SignedOutError extends Error {}

/** The office has ended this phone: what waits is sent, then everything is taken away. */
export class EndedError extends Error {}

/** There is no network, or no answer of our own server. */
export class UnreachableError extends Error {}

/**
 * Return this phone's key, made once; null where the browser keeps no keys, as in some private windows.
 *
 * A key that was stored is read back, since some browsers take it and give nothing.
 */
export async function openKey() {
  try {
    const known = await db.get("meta", "key");
    if (known?.key) return known.key;
    await db.write([["add", "meta", { k: "key", key: await makeKey() }]]).catch(unlessItIsThere);
    const key = (await db.get("meta", "key"))?.key;
    await open(key, await seal(key, 1, "try"), "try");
    return key;
  } catch {
    return null;
  }
}

/** Fetch from our own server what this phone's inspector may see. */
export async function fetchOwn(address) {
  const response = await fetch(address, { cache: "no-store" }).catch(() => {
    throw new UnreachableError(address);
  });
  if (response.redirected && new URL(response.url).pathname === ENDED) throw new EndedError(address);
  if (response.redirected || response.status === 401) throw new SignedOutError(address);
  const answer = response.ok ? await response.json().catch(() => null) : null;
  if (answer?.api !== 1) throw new UnreachableError(address);
  return answer;
}

/** The visits on this phone. Everything is sealed by the phone's key under its own name. */
export class Holdings {
  constructor(key) {
    this.key = key;
    this.rows = new Map();
  }

  /** Return who this phone is for, the list and the words, as the server last told them; or null. */
  async index() {
    const row = await db.get("meta", "index");
    return row ? open(this.key, row, "index") : null;
  }

  /** Ask the server for the list and keep it. */
  async refreshIndex() {
    const index = await fetchOwn(INDEX);
    const sealed = await seal(this.key, index, "index");
    await db.write([
      ["put", "meta", { k: "index", ...sealed }],
      ["put", "meta", { k: "contact", at: Date.now() }],
    ]);
    return index;
  }

  /** Return one visit: what is known of it and of its form; null where it is not on this phone. */
  async visit(visit) {
    const row = this.rows.get(visit) ?? (await db.get("visits", visit));
    if (!row) return null;
    this.rows.set(visit, row);
    return open(this.key, row, `visit/${visit}`);
  }

  /** Return the token with which a visit is sent; null where nothing is, as of the practice. */
  async tokenOf(visit) {
    return (await this.visit(visit))?.token ?? null;
  }

  /** Return the markup of one section, in the very bytes that the server drew. */
  async section(visit, code) {
    const row = this.rows.get(visit) ?? (await db.get("visits", visit));
    const sealed = row.sections.find((one) => one.code === code);
    return (await open(this.key, sealed, `visit/${visit}/${code}`)).html;
  }

  /** Fetch one visit's form and keep it sealed, section by section. */
  async fetchVisit(visit) {
    const { sections, card, ...rest } = await fetchOwn(`/visits/${visit}/bundle`);
    const sealed = [...sections, card].map(async (section) => ({
      code: section.code,
      ...(await seal(this.key, section, `visit/${visit}/${section.code}`)),
    }));
    const codes = sections.map((section) => section.code);
    const row = {
      visit,
      version: rest.version,
      ...(await seal(this.key, { ...rest, codes }, `visit/${visit}`)),
      sections: await Promise.all(sealed),
    };
    await db.write([["put", "visits", row]]);
    this.rows.set(visit, row);
    return this.visit(visit);
  }

  /** Bring the forms on the phone to where the list is; return how many are still missing. */
  async bringUpToDate(index) {
    const known = new Map((await db.all("visits")).map((row) => [row.visit, row.version]));
    const wanted = index.visits.filter((one) => one.is_fillable);
    const over = [...known.keys()].filter((visit) => visit !== PRACTICE && !wanted.some((one) => one.visit === visit));
    await this.drop(over);
    let missing = 0;
    for (const { visit, version } of wanted) {
      if (known.get(visit) === version) continue;
      await this.fetchVisit(visit).catch((error) => {
        if (!(error instanceof UnreachableError)) throw error;
        missing += known.has(visit) ? 0 : 1;
      });
    }
    return missing;
  }

  /** Take visits off the phone, unless something of theirs has not been sent. */
  async drop(visits) {
    const drafts = (await db.all("drafts")).filter((draft) => draft.state !== "complete");
    const kept = new Set([...drafts, ...(await db.all("frozen"))].map(({ visit }) => visit));
    const free = visits.filter((visit) => !kept.has(visit));
    for (const visit of free) this.rows.delete(visit);
    if (free.length) await db.write(free.map((visit) => ["del", "visits", visit]));
  }
}

function unlessItIsThere(error) {
  if (error.name !== "ConstraintError") throw error;
}
