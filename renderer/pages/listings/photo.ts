/** Photos made small and plain in the window: what is drawn on a canvas has no camera, time or place left. */

/** Longest edge of a kept photo, in pixels. */
const LONGEST = 1600;
const QUALITY = 0.84;

/** A JPEG in base64; undefined for a file that is no picture. Decoding and coding happen off the window's thread. */
export async function photoOf(file: Blob): Promise<string | undefined> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    // The decoder has no other way to say that this is no picture.
    return undefined;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('no canvas to draw on');
  // A JPEG has no transparency; paper is white.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  const bytes = new Uint8Array(
    await (await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })).arrayBuffer(),
  );
  let text = '';
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
