import sax from 'sax'
import { ImportError } from '../faults.ts'

export type Attributes = Readonly<Record<string, string>>

/** A piece of XML: the start of an element, its end, or text. Prefixes of elements are dropped. */
export type Token =
  | { type: 'start', name: string, attributes: Attributes }
  | { type: 'end', name: string }
  | { type: 'text', text: string }

/** Cuts XML into tokens as it arrives, some at a time. No document type, so no entity of the file's own (security.md I-1); what is not well formed is refused. */
export async function * tokens (chunks: AsyncIterable<string>): AsyncGenerator<Token[]> {
  let found: Token[] = []
  const parser = sax.parser(true)
  parser.onopentag = ({ name, attributes }) => { found.push({ type: 'start', name: local(name), attributes: attributes as Attributes }) }
  parser.onclosetag = name => { found.push({ type: 'end', name: local(name) }) }
  parser.ontext = parser.oncdata = text => { found.push({ type: 'text', text }) }
  parser.ondoctype = () => { throw new ImportError('xlsx_broken', { why: 'DOCTYPE' }) }
  parser.onerror = error => { throw new ImportError('xlsx_broken', { why: `XML: ${error.message.split('\n', 1)[0]}` }) }
  for await (const chunk of chunks) {
    parser.write(chunk)
    yield found
    found = []
  }
  parser.close()
  yield found
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)
