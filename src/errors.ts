/** Error code → HTTP status. The words stand at `error.<code>` and `error_help.<code>` in both catalogues. */
export const ERRORS = {
  bad_request: 400,
  bad_parameter: 400,
  form_invalid: 422,
  reason_required: 422,
  not_signed_in: 401,
  sign_in_failed: 401,
  key_refused: 401,
  forbidden: 403,
  cross_origin: 403,
  form_expired: 403,
  not_found: 404,
  unknown_format: 404,
  track_failed: 404,
  method_not_allowed: 405,
  transition_refused: 409,
  stale_version: 409,
  already_claimed: 409,
  already_decided: 409,
  already_sent: 409,
  already_filed: 409,
  letter_altered: 409,
  letter_stands: 409,
  key_reused: 409,
  view_outdated: 409,
  undo_over: 409,
  file_held: 409,
  draft_gone: 410,
  file_gone: 410,
  too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  too_many_requests: 429,
  headers_too_large: 431,
  internal: 500,
  overloaded: 503,
  file_broken: 500,
  checks_busy: 503,
  database_busy: 503,
  database_readonly: 503,
  storage_full: 503,
  files_full: 503,
  files_unavailable: 503,
  starting: 503
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof ERRORS

/** A failure with a name: the handler turns it into a page or JSON in the reader's language. `details` fill the sentence. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: Record<string, unknown>

  constructor (code: ErrorCode, details: Record<string, unknown> = {}) {
    super(code)
    this.name = 'AppError'
    this.code = code
    this.status = ERRORS[code]
    this.details = details
  }
}
