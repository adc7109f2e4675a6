// One life of a phone: it goes on where the last one ended, until everything has arrived or it is killed.
//
// It runs the product's own record and outbox; around them a person who taps, a file for a store and a clock
// that may be wrong. What the person saw as stored is written into `shown`, and held against what is there in
// the next life.

import fs from "node:fs";

import { Outbox } from "../../../../inspect_app/static/js/outbox.js";
import { Record } from "../../../../inspect_app/static/js/record.js";
import { openStore } from "./filestore.mjs";
import { PLANTS, plantIn } from "./plants.mjs";

const ARRIVED = 0;
const STILL_SENDING = 3;
const ANSWER_LOST = 9;
const PAUSE = 3; // milliseconds between two passes of the outbox
const DOUBTS = 0.4; // of the taps are made twice, the second at once behind the first
const SHARES = 0.2; // of the pauses between taps send what there is so far
const LONG = "x".repeat(20_000); // sealing it takes longer than sealing what is tapped next

const life = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const plant = PLANTS[life.plant] ?? {};
const place = (name) => `${life.folder}/${name}`;
const random = randomFrom(life.seed);
let doing = "filling";
const step = countSteps();
const store = openStore(place("phone.log"), step);
const key = await keyOfPhone();
const clock = clockOfPhone();
const record = await new Record(store, key, life.visit, clock).load();

if (!(await hasArrived())) {
  refuseLostAnswers();
  plantIn(plant, { record, store, key });
  await fillIn();
  await sendAll();
}
await tell();
process.exit((await hasArrived()) ? ARRIVED : STILL_SENDING);

// Each write and each request has a beginning, a middle or an end at which the battery can die.
function countSteps() {
  let steps = 0;
  return () => {
    if (doing === life.killWhile && ++steps === life.killAt) process.kill(process.pid, "SIGKILL");
  };
}

// The browser keeps a key that no script can take; here it lies in a file.
async function keyOfPhone() {
  if (!fs.existsSync(place("key"))) fs.writeFileSync(place("key"), crypto.getRandomValues(new Uint8Array(32)));
  return crypto.subtle.importKey("raw", fs.readFileSync(place("key")), "AES-GCM", false, ["encrypt", "decrypt"]);
}

// Wrong by so much, and wrong by something else after so many looks at it.
function clockOfPhone() {
  let looks = 0;
  return () => Date.now() + (++looks < life.jumpsAt ? life.skew : life.skewLater);
}

function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

async function hasArrived() {
  return (await store.all("tombs")).length > 0;
}

function refuseLostAnswers() {
  if (!fs.existsSync(place("shown"))) return;
  for (const line of fs.readFileSync(place("shown"), "utf8").split("\n")) {
    if (!line.endsWith("]")) continue;
    const [name, value] = JSON.parse(line);
    if (JSON.stringify(record.value(name)) !== JSON.stringify(value)) {
      process.stderr.write(`LOST ${name}\n`);
      process.exit(ANSWER_LOST);
    }
  }
}

// A fast thumb: up to three fields at once, some of them tapped twice, none waited for.
async function fillIn() {
  if (record.state !== "none" && record.state !== "draft") return;
  const early = outboxOf(undefined);
  for (let from = 0; from < life.fields.length; ) {
    const upTo = from + 1 + Math.floor(random() * 3);
    const taps = life.fields.slice(from, upTo).filter(([name, value]) => !isThere(name, value));
    from = upTo;
    await tapAll(taps);
    if (life.shares && random() < SHARES) await early.share();
  }
  for (const { question, file } of life.photos) await record.photo(question, fs.readFileSync(file));
  doing = "freezing";
  await record.freeze(life.checklist, { zone: "Asia/Shanghai", app: "histories", marks: [], left_at: null });
}

function isThere(name, value) {
  return JSON.stringify(record.value(name)) === JSON.stringify(value);
}

async function tapAll(taps) {
  const show = () => taps.forEach((tap) => fs.appendFileSync(place("shown"), `${JSON.stringify(tap)}\n`));
  const tapped = taps.flatMap(([name, value]) => {
    const again = random() < DOUBTS;
    return [...(again ? [record.set(name, `${value}?${LONG}`)] : []), record.set(name, value)];
  });
  if (plant.showsEarly) show();
  await Promise.all(tapped);
  if (!plant.showsEarly) show();
}

// Several pages of one browser: they share the store, and the lock where the browser knows locks.
async function sendAll() {
  doing = "sending";
  const end = Date.now() + life.milliseconds;
  const locks = life.hasLocks ? oneLock() : undefined;
  await Promise.all(
    Array.from({ length: life.tabs }, async () => {
      const outbox = outboxOf(locks);
      while (Date.now() < end && !(await hasArrived())) {
        await plant.beforePass?.({ store, key });
        await outbox.drain();
        await signIn(outbox);
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }),
  );
}

// The person is told to sign in, does so some time later, and the page sends on.
async function signIn(outbox) {
  const rows = await store.all("frozen");
  if (!rows.some((row) => row.note === "sign_in")) return;
  fs.writeFileSync(place("sign_in"), "");
  await outbox.hurry();
}

function outboxOf(locks) {
  return new Outbox(store, key, {
    url: life.url,
    app: "histories",
    base: 4,
    cap: 60,
    limit: life.patience,
    random,
    clock,
    locks,
    tokenOf: async () => fs.readFileSync(place("token"), "utf8"),
    fetch: async (url, options) => {
      step();
      const response = await fetch(url, options);
      step();
      return plant.answer ? plant.answer(response, options) : response;
    },
  });
}

function oneLock() {
  const held = new Set();
  return {
    async request(name, _options, work) {
      if (held.has(name)) return work(null);
      held.add(name);
      try {
        return await work({});
      } finally {
        held.delete(name);
      }
    },
  };
}

async function tell() {
  const told = {
    tombs: await store.all("tombs"),
    frozen: (await store.all("frozen")).map(({ submission, state, note, tries, receipt }) => {
      return { submission, state, note, tries, receipt: receipt ?? null };
    }),
    answers: (await store.all("answers")).length,
    photos: (await store.all("photos")).length,
  };
  fs.writeFileSync(place("end"), JSON.stringify(told));
}
