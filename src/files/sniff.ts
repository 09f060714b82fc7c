import { FILE_KINDS, FileRefused, type FileKind, type FileKindName } from './limits.ts'

/** Any client may send no type, or say that it does not know. */
const UNDECLARED = new Set(['', 'application/octet-stream'])

const NAMES = Object.keys(FILE_KINDS) as FileKindName[]
const kindOf = (fits: (kind: FileKind) => boolean): FileKindName | undefined => NAMES.find(name => fits(FILE_KINDS[name]))

/** The kind that a file's content shows. Throws FileRefused when it is empty, of no accepted kind, or not what name and declared type say. */
export async function sniff (content: Buffer, fileName: string, declared: string): Promise<FileKindName> {
  if (content.length === 0) throw new FileRefused('empty')
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase()
  const named = kindOf(kind => kind.extensions.includes(extension ?? ''))
  const shown = await recognise(content)
  if (shown === undefined) throw new FileRefused(named === undefined ? 'wrong_type' : 'disguised')
  const said = UNDECLARED.has(declared) ? shown : kindOf(kind => kind.declared.includes(declared.toLowerCase()))
  if (named !== shown || said !== shown) throw new FileRefused('disguised')
  return shown
}

/** Loaded with the first upload: most processes never see one. */
async function recognise (content: Buffer): Promise<FileKindName | undefined> {
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(content).catch(() => undefined)
  return kindOf(kind => kind.mediaType === found?.mime)
}

/** A file's name as it is kept: no directories, no control or bidi characters, at most 120 characters with its extension. */
export function cleanFileName (given: string): string {
  const base = given.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = base.replace(/[\p{Cc}\p{Cf}\p{Surrogate}]/gu, '').trim()
  const extension = /\.[^.]{1,8}$/.exec(plain)?.[0] ?? ''
  const stem = Array.from(plain.slice(0, plain.length - extension.length)).slice(0, 120 - extension.length).join('')
  if (stem === '') throw new FileRefused('nameless')
  return stem + extension
}
