import { FILE_KINDS, FileRefused, type FileKindName } from '../limits.ts'
import { inspectMovie, inspectMusic } from './media.ts'
import { inspectPdf } from './pdf.ts'
import { redraw } from './pictures.ts'
import { inspectText } from './text.ts'

/** What was found: the type of what is kept, whether it holds something that could run, and the copy that was made anew. */
export interface Found { mediaType: string, active: boolean, content?: AsyncIterable<Uint8Array> | Iterable<Uint8Array> }

/** What a content shows, in the words of the `file-type` package. `zip` may be a document of either kind; its own check tells. */
const SHOWN: Readonly<Record<FileKindName, RegExp>> = {
  jpg: /^image\/jpeg$/,
  png: /^image\/png$/,
  heic: /^image\/(heic|heif)(-sequence)?$/,
  pdf: /^application\/pdf$/,
  docx: /^application\/(vnd\.openxmlformats-officedocument\..*|zip|vnd\.ms-.*)$/,
  xlsx: /^application\/(vnd\.openxmlformats-officedocument\..*|zip|vnd\.ms-.*)$/,
  txt: /^$/,
  mp3: /^audio\/mpeg$/,
  m4a: /^(audio|video)\/(mp4|x-m4a|x-m4v|x-m4b)$/,
  mp4: /^(audio|video)\/(mp4|x-m4a|x-m4v)$/
}

/** Checks one file that claims to be of a kind and makes its copy, with pieces of a picture black where that is asked. Throws FileRefused. */
export async function inspect (content: Buffer, kind: FileKindName, black: readonly number[][] = []): Promise<Found> {
  if (content.length === 0) throw new FileRefused('empty')
  const shown = await recognise(content)
  if (shown === 'application/x-cfb' && (kind === 'docx' || kind === 'xlsx')) throw new FileRefused(isLocked(content) ? 'locked' : 'disguised')
  if (!SHOWN[kind].test(shown)) throw new FileRefused('disguised')
  return await LOOKS[kind](content, black)
}

type Look = (content: Buffer, black: readonly number[][]) => Promise<Found> | Found

const picture = (kind: 'jpg' | 'png' | 'heic'): Look => async (content, black) => {
  return { mediaType: FILE_KINDS[kind === 'heic' ? 'jpg' : kind].mediaType, active: false, content: [await redraw(content, kind, black)] }
}
const document = (kind: 'docx' | 'xlsx'): Look => async content => {
  const { inspectDocument } = await import('./office.ts')
  return { mediaType: FILE_KINDS[kind].mediaType, active: false, content: await inspectDocument(content, kind) }
}
/** Kept as it came, once nothing speaks against it. */
const asIs = (kind: FileKindName, look: (content: Buffer) => void): Look => content => {
  look(content)
  return { mediaType: FILE_KINDS[kind].mediaType, active: false }
}

const LOOKS: Readonly<Record<FileKindName, Look>> = {
  jpg: picture('jpg'),
  png: picture('png'),
  heic: picture('heic'),
  pdf: async content => ({ mediaType: FILE_KINDS.pdf.mediaType, active: await inspectPdf(content) }),
  docx: document('docx'),
  xlsx: document('xlsx'),
  txt: asIs('txt', inspectText),
  mp3: asIs('mp3', inspectMusic),
  m4a: asIs('m4a', inspectMovie),
  mp4: asIs('mp4', inspectMovie)
}

/** The media type that the content shows, '' for none. */
async function recognise (content: Buffer): Promise<string> {
  const { fileTypeFromBuffer } = await import('file-type')
  return (await fileTypeFromBuffer(content).catch(() => undefined))?.mime ?? ''
}

/** A document with a password is no zip but a container whose directory names the encrypted package in UTF-16. */
function isLocked (content: Buffer): boolean {
  return content.includes(Buffer.from('EncryptedPackage', 'utf16le'))
}
