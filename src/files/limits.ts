/** What may be attached to a complaint. Pages, refusals and tests read the numbers here and nowhere else. */
export const ATTACHMENTS = {
  files: 10, // for one complaint
  bytes: 10 * 1024 * 1024, // for one file
  pixels: 40_000_000, // a larger picture unpacks to more memory than a small server has
  seconds: 20 // for cleaning one picture
} as const

/** The limit of one file as pages say it. */
export const ATTACHMENT_MEGABYTES = ATTACHMENTS.bytes / 1_048_576

export interface FileKind { mediaType: string, extensions: readonly string[], declared: readonly string[] }

/** Accepted kinds: content, extension and declared type must all name the same one (security.md U-1). */
export const FILE_KINDS = {
  jpg: { mediaType: 'image/jpeg', extensions: ['jpg', 'jpeg'], declared: ['image/jpeg', 'image/jpg', 'image/pjpeg'] },
  png: { mediaType: 'image/png', extensions: ['png'], declared: ['image/png', 'image/x-png'] },
  pdf: { mediaType: 'application/pdf', extensions: ['pdf'], declared: ['application/pdf', 'application/x-pdf'] }
} as const satisfies Record<string, FileKind>
export type FileKindName = keyof typeof FILE_KINDS

/** For the file chooser's `accept`. */
export const ACCEPT = Object.values(FILE_KINDS).flatMap(kind => kind.extensions.map(extension => `.${extension}`)).join(',')

/** Why a file is not taken; each has its own sentence at `file.<reason>`. */
export const FILE_REFUSALS = ['empty', 'too_large', 'too_many', 'wrong_type', 'disguised', 'broken', 'too_many_pixels', 'nameless'] as const
export type FileRefusal = (typeof FILE_REFUSALS)[number]

export class FileRefused extends Error {
  readonly reason: FileRefusal
  constructor (reason: FileRefusal) {
    super(reason)
    this.name = 'FileRefused'
    this.reason = reason
  }
}
