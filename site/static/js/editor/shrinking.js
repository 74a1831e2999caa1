// Makes a photograph small enough to be sent: phones take them with many times the pixels shown.

// Pixels of the longer side, as the server stores them (pictures/frames.py).
const SIDE = 1_600;
const QUALITY = 0.85;
const KINDS = new Set(["image/jpeg", "image/png", "image/webp"]);

// Returns `file`, or if it has more than `most` bytes a smaller picture, where the browser can.
export async function shrunk(file, most) {
  if (file.size <= most || !KINDS.has(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const kind = file.type === "image/png" ? "image/webp" : "image/jpeg";
    const smaller = await new Promise((take) => canvas.toBlob(take, kind, QUALITY));
    return smaller ?? file;
  } catch {
    return file;
  }
}
