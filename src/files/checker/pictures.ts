import { ATTACHMENTS, FileRefused } from '../limits.ts'

/**
 * Draws a picture anew, so that position, device, author and whatever hides behind the picture are gone (EXIF, XMP, IPTC, trailing data);
 * its orientation is applied first. HEIC becomes JPEG. Throws FileRefused.
 */
export async function redraw (content: Buffer, kind: 'jpg' | 'png' | 'heic'): Promise<Buffer> {
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
    const picture = sharp(content, { limitInputPixels: ATTACHMENTS.pixels, failOn: 'error' }).autoOrient()
    return kind === 'jpg' ? await picture.jpeg({ quality: 90 }).toBuffer() : await picture.png().toBuffer()
  } catch (error) {
    throw error instanceof FileRefused ? error : new FileRefused('broken')
  }
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
