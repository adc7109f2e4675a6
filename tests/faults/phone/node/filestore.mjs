// The phone's storage as a file that only grows: a process that is killed leaves what it had written, like a phone.

import { createHash } from "node:crypto";
import fs from "node:fs";
import v8 from "node:v8";

import { STORES } from "../../../../inspect_app/static/js/db.js";

const PARTED = "\0";

/**
 * Return the functions of `db.js` on a file.
 *
 * @param step called with `write` before each write, `torn` in the middle and `written` behind it
 */
export function openStore(file, step) {
  const rows = Object.fromEntries(Object.keys(STORES).map((store) => [store, new Map()]));
  for (const operations of read(file)) change(rows, operations);
  const opened = fs.openSync(file, "a");
  fs.writeSync(opened, "\n"); // ends a line that a killed process left half written
  return {
    async get(store, key) {
      await turn();
      return structuredClone(rows[store].get(flat(key)));
    },
    async all(store, from) {
      await turn();
      const kept = [...rows[store]].filter(([key]) => from === undefined || key.startsWith(from + PARTED));
      return kept.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => structuredClone(row));
    },
    async write(operations, { guard } = {}) {
      step("write");
      await turn();
      if (guard && !guard.test(structuredClone(rows[guard.store].get(flat(guard.key))))) {
        throw new DOMException("refused", "AbortError");
      }
      for (const [what, store, row] of operations) {
        if (what === "add" && rows[store].has(keyOf(store, row))) throw new DOMException("there", "ConstraintError");
      }
      const line = lineOf(operations);
      const half = line.length >> 1;
      fs.writeSync(opened, line.slice(0, half));
      step("torn");
      fs.writeSync(opened, line.slice(half));
      change(rows, structuredClone(operations));
      step("written");
    },
  };
}

// IndexedDB answers later, never at once.
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

function* read(file) {
  const text = fs.existsSync(file) ? fs.readFileSync(file, "latin1") : "";
  for (const line of text.split("\n")) {
    const [digest, operations] = line.split(" ");
    if (operations && digestOf(operations) === digest) yield v8.deserialize(Buffer.from(operations, "base64"));
  }
}

function lineOf(operations) {
  const text = v8.serialize(operations).toString("base64");
  return `${digestOf(text)} ${text}\n`;
}

function digestOf(text) {
  return createHash("sha256").update(text).digest("hex");
}

function change(rows, operations) {
  for (const [what, store, value] of operations) {
    if (what === "del") rows[store].delete(flat(value));
    else rows[store].set(keyOf(store, value), value);
  }
}

function keyOf(store, row) {
  const path = STORES[store];
  return flat(Array.isArray(path) ? path.map((part) => row[part]) : row[path]);
}

function flat(key) {
  return Array.isArray(key) ? key.join(PARTED) : String(key);
}
