import { ATTACHMENTS, FileRefused } from '../limits.ts'

/**
 * Draws a picture anew, so that position, device, author and whatever hides behind the picture are gone (EXIF, XMP, IPTC, trailing data);
 * its orientation is applied first. HEIC becomes JPEG. `black`: pieces (x, y, width, height in thousandths) that are painted over, of pictures drawn by us. Throws FileRefused.
 */
export async function redraw (content: Buffer, kind: 'jpg' | 'png' | 'heic', black: readonly number[][] = []): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  try {
    if (kind === 'heic') {
      const { data, ...raw } = await unpackHeic(content)
      return await sharp(data, { raw: { ...raw, channels: 4 } }).flatten({ background: '#ffffff' }).jpeg({ quality: 90 }).toBuffer()
    }
    const { width, height } = await sharp(content, { limitInputPixels: false }).metadata()
    limitPixels(width, height)
    const picture = sharp(content, { limitInputPixels: ATTACHMENTS.pixels, failOn: 'error' }).autoOrient().composite(black.map(piece => blackPiece(piece, width, height)))
    return kind === 'jpg' ? await picture.jpeg({ quality: 90 }).toBuffer() : await picture.png().toBuffer()
  } catch (error) {
    throw error instanceof FileRefused ? error : new FileRefused('broken')
  }
}

/** Rounded outwards: what a piece touches is gone. */
function blackPiece ([x = 0, y = 0, w = 0, h = 0]: readonly number[], width: number, height: number) {
  const [left, top] = [Math.min(width - 1, Math.floor(x * width / 1000)), Math.min(height - 1, Math.floor(y * height / 1000))]
  const [right, bottom] = [Math.min(width, Math.ceil((x + w) * width / 1000)), Math.min(height, Math.ceil((y + h) * height / 1000))]
  return { input: { create: { width: Math.max(1, right - left), height: Math.max(1, bottom - top), channels: 3 as const, background: '#000000' } }, left, top }
}

function limitPixels (width: number, height: number): void {
  if (width * height > ATTACHMENTS.pixels) throw new FileRefused('too_many_pixels')
}

/** sharp's own library has no HEVC; libheif as WebAssembly has, and turns the picture the way it was taken. */
async function unpackHeic (content: Buffer): Promise<{ data: Buffer, width: number, height: number }> {
  const { default: decode } = await import('heic-decode')
  const pictures = await decode.all({ buffer: content })
  try {
    const [first] = pictures
    if (first === undefined) throw new FileRefused('broken')
    limitPixels(first.width, first.height)
    const { width, height, data } = await first.decode()
    return { width, height, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
  } finally {
    pictures.dispose()
  }
}
