import { FILE_KINDS, FileRefused, KIND_NAMES, type FileKindName } from './limits.ts'

/** Any client may send no type, or say that it does not know. */
const UNDECLARED = new Set(['', 'application/octet-stream'])
const LONGEST = 120

/** The kind that a file's extension names. Throws FileRefused for one that is not taken, or when the declared type says another. */
export function kindByName (name: string, declared: string): FileKindName {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const kind = KIND_NAMES.find(kind => (FILE_KINDS[kind].extensions as readonly string[]).includes(extension))
  if (kind === undefined) throw new FileRefused('wrong_type')
  const said = declared.toLowerCase().replace(/;.*/s, '').trim()
  if (!UNDECLARED.has(said) && !(FILE_KINDS[kind].declared as readonly string[]).includes(said)) throw new FileRefused('disguised')
  return kind
}

/** A file's name as it is kept: no directories, no control or bidi characters, at most 120 characters with its extension. Throws FileRefused. */
export function cleanFileName (given: string): string {
  const base = given.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = base.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu, '').trim()
  const extension = /\.[^.]{1,8}$/.exec(plain)?.[0] ?? ''
  const stem = Array.from(plain.slice(0, plain.length - extension.length)).slice(0, LONGEST - extension.length).join('').trim()
  if (/^[.\s]*$/.test(stem)) throw new FileRefused('nameless')
  return stem + extension
}

/** The kind of what is kept, by its media type; undefined for none of ours. */
export function kindByType (mediaType: string): FileKindName | undefined {
  return KIND_NAMES.find(kind => FILE_KINDS[kind].mediaType === mediaType)
}

/** A name to save a file under: what was made anew as another kind says so. */
export function nameFor (name: string, mediaType: string): string {
  const kind = kindByType(mediaType)
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  if (kind === undefined || (FILE_KINDS[kind].extensions as readonly string[]).includes(extension)) return name
  return `${name.replace(/\.[^.]+$/, '')}.${FILE_KINDS[kind].extensions[0]}`
}

/** The header that has a file saved under its name (RFC 6266): never opened in the site, whatever it holds. */
export function saveAs (name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** The word at `file_note.` for what was done with the hidden details of a file. */
export function noteOf ({ mediaType, cleaned, active }: { mediaType: string, cleaned: boolean, active: boolean }): string {
  const kind = kindByType(mediaType)
  if (active) return 'active'
  if (kind === undefined || FILE_KINDS[kind].rewritten !== cleaned) return cleaned ? 'cleaned' : 'kept'
  return FILE_KINDS[kind].group
}
