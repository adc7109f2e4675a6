// A picture from camera or gallery becomes a small upright JPEG that holds nothing but its pixels.

const LONGEST_EDGE = 1600; // pixels
const MOST_BYTES = 400_000;
const QUALITIES = [0.8, 0.68, 0.56];
const SHRINKS = [0.8, 0.64, 0.51];

/** The browser cannot read the picture, for instance HEIC where it is unknown. */
export class UnreadableError extends Error {}

/**
 * Return a picture as JPEG bytes, at most 1600 pixels and 400 kB.
 *
 * @throws UnreadableError
 */
export async function shrink(file) {
  const picture = await decode(file);
  try {
    const fit = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
    for (const [scale, quality] of steps(fit)) {
      const blob = await draw(picture, scale, quality);
      if (blob && blob.size <= MOST_BYTES) return await blob.arrayBuffer();
    }
  } finally {
    picture.close();
  }
  throw new UnreadableError(file.type);
}

function steps(fit) {
  const softer = QUALITIES.map((quality) => [fit, quality]);
  return [...softer, ...SHRINKS.map((scale) => [fit * scale, QUALITIES.at(-1)])];
}

async function decode(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { width, height } = bitmap;
    return { source: bitmap, width, height, close: () => bitmap.close() };
  } catch {
    return decodeAsElement(file);
  }
}

async function decodeAsElement(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  const close = () => URL.revokeObjectURL(image.src);
  try {
    await image.decode();
  } catch {
    close();
    throw new UnreadableError(file.type);
  }
  return { source: image, width: image.naturalWidth, height: image.naturalHeight, close };
}

async function draw(picture, scale, quality) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture.source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  canvas.width = canvas.height = 0; // gives the memory back at once on iOS
  return blob;
}
