import t from 'tap'
import { docxOf } from '../../src/desk/letters/documents/docx.ts'
import type { LetterSheet } from '../../src/complaints/outcome/documents/service.ts'
import { WORD, printed } from '../fixtures/word.ts'

const NOTES = { seal: '（印章处）', digest: '校验值 abc-123', attachments: '附件：', voided: null }
const SHEET: LetterSheet = {
  issuer: '某市司法局（虚构）',
  title: '行政执法监督意见书',
  number: '沈司执监意〔2026〕12号',
  addressee: '某区城市管理局（虚构）：',
  lines: [{ text: '一、查明的事实', heading: true }, { text: '两名执法人员检查时没有出示证件，生僻字𠮷、<b>&amp;也照原样。' }],
  attachments: ['询问笔录', '现场录像'],
  on: '2026-11-23',
  signed: '2026年11月23日'
}
/** Soft line breaks of the printed page lie anywhere. */
const plain = (text: string): string => text.replaceAll(/\s+/g, '')

t.test('a document opens in a word processor with all that the sheet says, on A4, numbered', { ...WORD, timeout: 100_000 }, async t => {
  const long = { ...SHEET, lines: Array.from({ length: 60 }, (_, at) => ({ text: `第${at + 1}段：${'事实清楚，证据确凿。'.repeat(4)}` })) }
  const bare = { ...SHEET, attachments: [], lines: [] }
  const [short, many, voided] = await printed(t.testdir(), [await docxOf(SHEET, NOTES), await docxOf(long, NOTES), await docxOf(bare, { ...NOTES, voided: '本文书已作废' })])
  const text = plain(short?.text ?? '')
  for (const part of [SHEET.issuer, SHEET.number, SHEET.title, SHEET.addressee, ...SHEET.lines.map(({ text }) => text), '附件：1.询问笔录', '2.现场录像', SHEET.signed, NOTES.seal, NOTES.digest, '—1—']) t.ok(text.includes(plain(part)), part)
  t.same(short?.pages.map(({ width, height }) => [Math.round(width), Math.round(height)]), [[595, 842]], 'one sheet of A4, in points')
  t.ok((many?.pages.length ?? 0) > 3)
  t.match(plain(many?.text ?? ''), /第60段/)
  t.match(plain(many?.text ?? ''), /—3—/)
  t.match(plain(voided?.text ?? ''), /本文书已作废/)
})
