import sax from 'sax'
import { FileRefused } from '../limits.ts'

/** The kind of content by which the main part of a document says what it is. */
const MAIN = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'
} as const

const RUNS = /(^|\/)vba[^/]*\.(bin|xml)$|(^|\/)(activex|macrosheets|dialogsheets|customui)\d*\//i
const EMBEDS = /(^|\/)embeddings\//i
const LINKS_OUT = /(^|\/)externallinks\//i
const RUNS_BY_TYPE = /macroenabled|vbaproject|activex|macrosheet/i

/** What stands in place of the properties: who wrote it, where, when, with what. */
const NAMESPACES = 'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
const EXTENDED = 'http://schemas.openxmlformats.org/officeDocument/2006'
export const EMPTY_PROPERTIES: Readonly<Record<string, string>> = {
  'docProps/core.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties ${NAMESPACES}/>`,
  'docProps/app.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="${EXTENDED}/extended-properties"/>`,
  'docProps/custom.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="${EXTENDED}/custom-properties"/>`
}

/** Refuses what a plain document does not hold: macros and controls, other files, contents fetched from elsewhere. Throws FileRefused. */
export async function refuseStrangeParts (kind: 'docx' | 'xlsx', names: string[], text: (name: string) => Promise<string>): Promise<void> {
  if (names.some(name => RUNS.test(name))) throw new FileRefused('macros')
  if (names.some(name => EMBEDS.test(name))) throw new FileRefused('embedded')
  if (names.some(name => LINKS_OUT.test(name))) throw new FileRefused('external')
  const types = elementsIn(await text('[Content_Types].xml')).map(({ ContentType = '' }) => ContentType)
  if (types.some(type => RUNS_BY_TYPE.test(type))) throw new FileRefused('macros')
  if (!types.includes(MAIN[kind])) throw new FileRefused('disguised')
  for (const name of names.filter(name => /\.rels$/i.test(name))) {
    for (const { TargetMode = '', Type = '' } of elementsIn(await text(name))) {
      if (RUNS_BY_TYPE.test(Type)) throw new FileRefused('macros')
      if (TargetMode.toLowerCase() === 'external' && !/\/hyperlink$/i.test(Type)) throw new FileRefused('external')
    }
  }
}

/** The attributes of all elements of a small XML text. One with a declaration of its own entities is none of an office program's. */
function elementsIn (xml: string): Array<Record<string, string>> {
  const found: Array<Record<string, string>> = []
  const reader = sax.parser(true)
  reader.onopentag = ({ attributes }) => { found.push(attributes as Record<string, string>) }
  reader.ondoctype = () => { throw new FileRefused('broken') }
  reader.onerror = () => { throw new FileRefused('broken') }
  reader.write(xml.replace(/^\uFEFF/, '')).close()
  return found
}
