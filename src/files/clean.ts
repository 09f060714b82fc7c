import { ATTACHMENTS, FileRefused, type FileKindName } from './limits.ts'

/** What is stored: `cleaned` says that nothing but the picture is left. */
export interface CleanFile { content: Buffer, cleaned: boolean }

/**
 * Draws a picture anew, so that position, device, author and whatever hides behind the picture are gone (EXIF, XMP, IPTC, trailing data);
 * its orientation is applied first. A PDF is kept as it is and is not `cleaned`. Throws FileRefused.
 */
export async function clean (content: Buffer, kind: FileKindName): Promise<CleanFile> {
  if (kind === 'pdf') return { content, cleaned: false }
  return { content: await inTurn(async () => await redraw(content, kind)), cleaned: true }
}

/** libvips decodes on its own thread, outside the event loop. It stops at the pixel limit before unpacking and after the time limit. */
async function redraw (content: Buffer, kind: 'jpg' | 'png'): Promise<Buffer> {
  const sharp = await loadSharp()
  try {
    const { width, height } = await sharp(content, { limitInputPixels: false }).metadata()
    if (width * height > ATTACHMENTS.pixels) throw new FileRefused('too_many_pixels')
    const picture = sharp(content, { limitInputPixels: ATTACHMENTS.pixels, failOn: 'error' }).autoOrient().timeout({ seconds: ATTACHMENTS.seconds })
    return kind === 'jpg' ? await picture.jpeg({ quality: 90 }).toBuffer() : await picture.png().toBuffer()
  } catch (error) {
    throw error instanceof FileRefused ? error : new FileRefused('broken')
  }
}

/** Loaded with the first picture: it costs memory that an idle portal does not need. */
async function loadSharp () {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  return sharp
}

let last: Promise<unknown> = Promise.resolve()

/** One picture at a time: forty million pixels unpack to 160 MB. */
async function inTurn<T> (work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => undefined)
  return await mine
}
