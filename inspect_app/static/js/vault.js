// Seals what is stored and opens it again. Script cannot take the key out of the browser.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const CIPHER = "AES-GCM";

/** Return a new key for one phone; `extractable` only where a program other than a browser keeps it. */
export function makeKey(extractable = false) {
  return crypto.subtle.generateKey({ name: CIPHER, length: 256 }, extractable, ["encrypt", "decrypt"]);
}

/** Return bytes sealed as `{iv, ct}`; they open again only under the same name `about`. */
export async function sealBytes(key, bytes, about) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const ct = await crypto.subtle.encrypt({ name: CIPHER, iv, additionalData: encoder.encode(about) }, key, bytes);
  return { iv, ct };
}

/** Return the bytes that were sealed under the name `about`. */
export function openBytes(key, sealed, about) {
  const how = { name: CIPHER, iv: sealed.iv, additionalData: encoder.encode(about) };
  return crypto.subtle.decrypt(how, key, sealed.ct);
}

/** Return a value sealed as JSON. */
export function seal(key, value, about) {
  return sealBytes(key, encoder.encode(JSON.stringify(value)), about);
}

/** Return the value that was sealed under the name `about`. */
export async function open(key, sealed, about) {
  return JSON.parse(decoder.decode(await openBytes(key, sealed, about)));
}

/** Return the SHA-256 of bytes, as 64 hexadecimal digits. */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
