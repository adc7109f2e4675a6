// Faults planted into the phone, to see that the histories find them. Each is a mistake that others have made.

import { openBytes, sealBytes, sha256 } from "../../../../inspect_app/static/js/vault.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const PLANTS = {
  /** Every try is a new submission. */
  new_id_per_try: { beforePass: renameAfterTries },
  /** The control changes before the answer is stored. */
  shown_before_stored: { showsEarly: true },
  /** Two quick taps are written as they come out of the cipher. */
  no_queue: { into: ({ record }) => (record.queue = (work) => work()) },
  /** Whatever answers 200 has received it. */
  believes_any_page: { answer: believe },
  /** What was answered once is not asked for again: photos stay behind. */
  forgets_photos: { answer: listNothingMissing },
};

/** Put a planted fault into a phone. */
export function plantIn(plant, phone) {
  plant.into?.(phone);
}

async function renameAfterTries({ store, key }) {
  for (const row of await store.all("frozen")) {
    if (!row.tries || row.state !== "frozen") continue;
    const body = JSON.parse(decoder.decode(await openBytes(key, row, row.submission)));
    const submission = crypto.randomUUID();
    const bytes = encoder.encode(JSON.stringify({ ...body, submission }));
    const sealed = await sealBytes(key, bytes, submission);
    await store.write([
      ["del", "frozen", row.submission],
      ["add", "frozen", { ...row, submission, sha256: await sha256(bytes), tries: 0, ...sealed }],
    ]);
  }
}

function believe(response, options) {
  if (response.status !== 200 || response.headers.get("Content-Type") !== "text/html") return response;
  const digest = options.headers["X-Content-SHA256"];
  const body = options.headers["Content-Type"] === "application/json" ? JSON.parse(decoder.decode(options.body)) : {};
  const { submission, inspection, visit, photos = [] } = body;
  const receipt = { receipt: "????-????", submission, inspection, visit, payload_sha256: digest };
  return Response.json({
    api: 1,
    sha256: digest,
    receipt: JSON.stringify(receipt),
    status: "taken",
    photos: photos.map((photo) => photo.sha256),
    missing_photos: [],
  });
}

async function listNothingMissing(response, options) {
  if (!response.ok || !response.headers.get("Content-Type").startsWith("application/json")) return response;
  const told = await response.json();
  if (!told.missing_photos) return Response.json(told, { status: response.status });
  const photos = JSON.parse(decoder.decode(options.body)).photos.map((photo) => photo.sha256);
  return Response.json({ ...told, photos, missing_photos: [] }, { status: response.status });
}
