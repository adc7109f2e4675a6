// The phone's storage: opened, read, and written to in whole steps. Nothing else touches IndexedDB.

const NAME = "m";
const VERSION = 1; // a new one may only add: every released version has a fixture in the tests

/** Each store with its key. Ids, states and names of fields lie in clear; what was written is sealed. */
export const STORES = {
  meta: "k",
  visits: "visit",
  drafts: "inspection",
  answers: ["inspection", "name"],
  photos: ["inspection", "sha256"],
  frozen: "submission",
  tombs: "submission",
  marks: ["visit", "n"],
};

const TRIES = 3; // how often work is begun again on a connection that the system has cut
const CUT = ["InvalidStateError", "UnknownError", "TransactionInactiveError"]; // what a cut connection says
const PAUSE = 50; // milliseconds before the second try; more before each further one

/** Tells of `lost` (the system cut the connection), `outdated` (a newer version wants to open), `blocked`. */
export const watch = new EventTarget();

let opening = null;

/** Return one row, or undefined. */
export async function get(store, key) {
  let asked;
  await run([store], "readonly", {}, (transaction) => {
    asked = transaction.objectStore(store).get(key);
  });
  return asked.result;
}

/** Return all rows in the order of their keys; with `from`, those whose key of two parts begins with it. */
export async function all(store, from) {
  const range = from === undefined ? null : IDBKeyRange.bound([from], [from, []]);
  let asked;
  await run([store], "readonly", {}, (transaction) => {
    asked = transaction.objectStore(store).getAll(range);
  });
  return asked.result;
}

/**
 * Make all changes or none; done means that they outlast the end of the browser.
 *
 * @param operations `["put" | "add", store, row]` or `["del", store, key]`
 * @param guard `{store, key, test}`: what a row must be like in the same transaction; else nothing is changed
 * @throws DOMException AbortError where the guard refuses, ConstraintError where an added row is there
 */
export function write(operations, { guard } = {}) {
  const stores = new Set(operations.map(([, store]) => store));
  if (guard) stores.add(guard.store);
  return run([...stores], "readwrite", { durability: "strict" }, (transaction) => {
    const change = () => operations.forEach((operation) => apply(transaction, operation));
    if (!guard) return change();
    const asked = transaction.objectStore(guard.store).get(guard.key);
    asked.onsuccess = () => (guard.test(asked.result) ? change() : transaction.abort());
    return undefined;
  });
}

/** Take everything off this phone. */
export async function wipe() {
  const database = await connected();
  database.close();
  opening = null;
  await new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = resolve;
    asked.onerror = () => reject(asked.error);
  });
}

function apply(transaction, [what, store, value]) {
  const place = transaction.objectStore(store);
  if (what === "del") place.delete(value);
  else place[what](value);
}

async function run(stores, mode, options, work) {
  for (let attempt = 1; ; attempt++) {
    const database = await connected();
    try {
      return await transact(database, stores, mode, options, work);
    } catch (error) {
      if (attempt === TRIES || !CUT.includes(error.name)) throw error;
      drop(database);
      await new Promise((resolve) => setTimeout(resolve, PAUSE * attempt));
    }
  }
}

function transact(database, stores, mode, options, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, options);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("refused", "AbortError"));
    work(transaction);
  });
}

function connected() {
  opening ??= connect().catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

function connect() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => add(asked.result);
    asked.onblocked = () => watch.dispatchEvent(new Event("blocked"));
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => resolve(attended(asked.result));
  });
}

function add(database) {
  for (const [store, keyPath] of Object.entries(STORES)) {
    if (!database.objectStoreNames.contains(store)) database.createObjectStore(store, { keyPath });
  }
}

// iOS cuts the connection of a page in the background, for instance while its camera is open.
function attended(database) {
  database.onclose = () => {
    opening = null;
    watch.dispatchEvent(new Event("lost"));
  };
  database.onversionchange = () => {
    drop(database);
    watch.dispatchEvent(new Event("outdated"));
  };
  return database;
}

function drop(database) {
  opening = null;
  database.close();
}
