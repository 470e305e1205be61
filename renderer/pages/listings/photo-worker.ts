/** The thread that makes photos small and plain: what is drawn on a canvas has no camera, time or place left. */
import type { PhotoMade, PhotoWanted } from './photo-maker.ts';

/** Longest edge of a kept photo, in pixels. */
const LONGEST = 1600;
const QUALITY = 0.84;

/** A JPEG; undefined for a file that is no picture. */
async function jpegOf(file: Blob): Promise<ArrayBuffer | undefined> {
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
  return (await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })).arrayBuffer();
}

self.onmessage = async ({ data: { id, file } }: MessageEvent<PhotoWanted>) => {
  let made: PhotoMade;
  try {
    made = { id, jpeg: await jpegOf(file) };
  } catch (error) {
    made = { id, problem: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(made, { transfer: 'jpeg' in made && made.jpeg !== undefined ? [made.jpeg] : [] });
};
