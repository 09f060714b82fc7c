const MEBIBYTE = 1024 * 1024

/** What may be attached to a complaint (features.md I10). Pages, refusals and tests read the numbers here and nowhere else. */
export const ATTACHMENTS = {
  files: 20, // for one complaint before it is sent; afterwards for one message
  bytes: 20 * MEBIBYTE, // for one file
  together: 200 * MEBIBYTE, // for all files of one side of a complaint
  hourly: 30, // files of one complaint in an hour
  pixels: 40_000_000, // a larger picture unpacks to more memory than a small server has
  description: 200 // code points that say what a file shows
} as const

/** What a packed document may hold when it is unpacked. */
export const UNPACKED = { entries: 3000, bytes: 200 * MEBIBYTE, ratio: 100, free: 10 * MEBIBYTE } as const

/** The limits as pages say them. */
export const ATTACHMENT_MEGABYTES = ATTACHMENTS.bytes / MEBIBYTE
export const TOGETHER_MEGABYTES = ATTACHMENTS.together / MEBIBYTE

/** `rewritten`: what is kept to work with is made anew, without what the device or the author's program wrote into it. */
export interface FileKind { mediaType: string, extensions: readonly string[], declared: readonly string[], group: 'picture' | 'document' | 'pdf' | 'text' | 'recording', rewritten: boolean }

const OFFICE = 'application/vnd.openxmlformats-officedocument'

/** Accepted kinds: content, extension and declared type must all name the same one (security.md U-1). */
export const FILE_KINDS = {
  jpg: { mediaType: 'image/jpeg', extensions: ['jpg', 'jpeg'], declared: ['image/jpeg', 'image/jpg', 'image/pjpeg'], group: 'picture', rewritten: true },
  png: { mediaType: 'image/png', extensions: ['png'], declared: ['image/png', 'image/x-png'], group: 'picture', rewritten: true },
  heic: { mediaType: 'image/heic', extensions: ['heic', 'heif'], declared: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'], group: 'picture', rewritten: true },
  pdf: { mediaType: 'application/pdf', extensions: ['pdf'], declared: ['application/pdf', 'application/x-pdf'], group: 'pdf', rewritten: false },
  docx: { mediaType: `${OFFICE}.wordprocessingml.document`, extensions: ['docx'], declared: [`${OFFICE}.wordprocessingml.document`, 'application/zip'], group: 'document', rewritten: true },
  xlsx: { mediaType: `${OFFICE}.spreadsheetml.sheet`, extensions: ['xlsx'], declared: [`${OFFICE}.spreadsheetml.sheet`, 'application/zip'], group: 'document', rewritten: true },
  txt: { mediaType: 'text/plain', extensions: ['txt'], declared: ['text/plain'], group: 'text', rewritten: false },
  mp3: { mediaType: 'audio/mpeg', extensions: ['mp3'], declared: ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/x-mpeg'], group: 'recording', rewritten: false },
  m4a: { mediaType: 'audio/mp4', extensions: ['m4a'], declared: ['audio/mp4', 'audio/m4a', 'audio/x-m4a', 'video/mp4', 'audio/mp4a-latm'], group: 'recording', rewritten: false },
  mp4: { mediaType: 'video/mp4', extensions: ['mp4'], declared: ['video/mp4', 'audio/mp4', 'application/mp4', 'video/x-m4v'], group: 'recording', rewritten: false }
} as const satisfies Record<string, FileKind>
export type FileKindName = keyof typeof FILE_KINDS
export const KIND_NAMES = Object.keys(FILE_KINDS) as FileKindName[]

/** For the file chooser's `accept`. */
export const ACCEPT = Object.values(FILE_KINDS).flatMap(kind => kind.extensions.map(extension => `.${extension}`)).join(',')

/** Why a file is not taken; each has its own sentence at `file.<reason>`. */
export const FILE_REFUSALS = [
  'nameless', 'empty', 'too_large', 'too_many', 'together_too_large', 'too_many_this_hour', 'wrong_type', 'disguised', 'broken', 'too_many_pixels',
  'macros', 'embedded', 'external', 'packed_too_tightly', 'locked', 'not_text', 'infected'
] as const
export type FileRefusal = (typeof FILE_REFUSALS)[number]

export class FileRefused extends Error {
  readonly reason: FileRefusal
  constructor (reason: FileRefusal) {
    super(reason)
    this.name = 'FileRefused'
    this.reason = reason
  }
}
