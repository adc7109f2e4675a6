// A file of what has not been sent, to be handed in by another way. The visit's token in it is its proof.

import * as db from "./db.js";
import { STOP } from "./outbox.js";
import { open, openBytes } from "./vault.js";

const decoder = new TextDecoder();
const AT_ONCE = 0x8000; // bytes that are turned into text in one go

/**
 * Return what is frozen and not received in full, as a file `clock-<date>.json`.
 *
 * @param submission one alone; without it all of them
 */
export async function rescueFile(key, submission) {
  const rows = (await db.all("frozen")).filter((row) => !submission || row.submission === submission);
  const submissions = [];
  const stops = [];
  for (const row of rows) (row.kind === STOP ? stops : submissions).push(await told(key, row));
  const made = new Date();
  const text = JSON.stringify({ rescue: 1, made_at: made.getTime(), submissions, stops });
  return new File([text], `clock-${made.toISOString().slice(0, 10)}.json`, { type: "application/json" });
}

/** Offer a file to be kept or handed on. */
export async function offer(file) {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function told(key, { submission, inspection, visit, sha256, kind, ...sealed }) {
  const body = decoder.decode(await openBytes(key, sealed, submission));
  const meta = await db.get("visits", visit);
  const token = meta ? (await open(key, meta, `visit/${visit}`)).token : "";
  if (kind === STOP) return { visit, sha256, token, body };
  const photos = [];
  for (const photo of await db.all("photos", inspection)) {
    const bytes = new Uint8Array(await openBytes(key, photo, photo.sha256));
    photos.push({ sha256: photo.sha256, name: photo.name, data: base64(bytes) });
  }
  return { submission, inspection, visit, sha256, token, body, photos };
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  }
  return btoa(text);
}
