import type { Paragraph as Block } from 'docx'
import type { LetterSheet } from '../../../complaints/outcome/documents/service.ts'

/** Names of typefaces as offices have them; a machine without one puts its own in its place. */
const BODY = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: 'FangSong', cs: 'Times New Roman' }
const HEAD = { ...BODY, eastAsia: 'SimHei' }
const TITLE = { ...BODY, eastAsia: 'SimSun' }
const RED = 'C00000'
/** Half points: 三号 16 pt, 二号 22 pt, 四号 14 pt; lines exactly 29 pt apart, in twentieths. */
const SIZE = { body: 32, title: 44, small: 28 } as const
const LINE = 580

export interface Notes { seal: string, digest: string, attachments: string, voided: string | null }

/** A document as a file for word processors, on A4 as GB/T 9704-2012 lays an official document out. `notes` are the lines around the text. */
export async function docxOf (sheet: LetterSheet, notes: Notes): Promise<Buffer> {
  const docx = await import('docx') // read when the first file is asked for: most processes never make one
  const { AlignmentType, BorderStyle, Document, Footer, LineRuleType, Packer, PageNumber, Paragraph, TextRun, convertMillimetersToTwip } = docx
  const spacing = { line: LINE, lineRule: LineRuleType.EXACT, before: 0, after: 0 }
  const body = (text: string, font: typeof BODY = BODY): Block => new Paragraph({ spacing, indent: { firstLine: 640 }, children: [new TextRun({ text, font, size: SIZE.body })] })
  const centred = (text: string, run: { font: typeof BODY, size: number, color?: string, bold?: boolean }, after = 0): Block => new Paragraph({ alignment: AlignmentType.CENTER, spacing: { ...spacing, lineRule: LineRuleType.AT_LEAST, after }, children: [new TextRun({ text, ...run })] })
  const right = (text: string): Block => new Paragraph({ spacing, alignment: AlignmentType.RIGHT, indent: { right: 1280 }, children: [new TextRun({ text, font: BODY, size: SIZE.body })] })
  const small = (text: string): Block => new Paragraph({ spacing: { before: 200 }, children: [new TextRun({ text, font: BODY, size: 20, color: '555555' })] })
  const children = [
    ...notes.voided === null ? [] : [centred(notes.voided, { font: HEAD, size: SIZE.body, bold: true })],
    centred(sheet.issuer, { font: TITLE, size: 72, color: RED, bold: true }, 400),
    new Paragraph({ alignment: AlignmentType.CENTER, spacing: { ...spacing, after: 600 }, border: { bottom: { style: BorderStyle.SINGLE, size: 18, color: RED, space: 8 } }, children: [new TextRun({ text: sheet.number, font: BODY, size: SIZE.body })] }),
    centred(sheet.title, { font: TITLE, size: SIZE.title, bold: true }, 400),
    new Paragraph({ spacing, children: [new TextRun({ text: sheet.addressee, font: BODY, size: SIZE.body })] }),
    ...sheet.lines.map(({ text, heading }) => body(text, heading === true ? HEAD : BODY)),
    ...sheet.attachments.map((text, at) => body(at === 0 ? `${notes.attachments}${at + 1}. ${text}` : `${at + 1}. ${text}`)),
    body(''), right(sheet.issuer), right(sheet.signed), small(notes.seal), small(notes.digest)
  ]
  const footer = new Footer({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ size: SIZE.small, font: TITLE, children: ['— ', PageNumber.CURRENT, ' —'] })] })] })
  const margin = { top: convertMillimetersToTwip(37), left: convertMillimetersToTwip(28), right: convertMillimetersToTwip(26), bottom: convertMillimetersToTwip(35) }
  return await Packer.toBuffer(new Document({
    title: `${sheet.title} ${sheet.number}`,
    creator: sheet.issuer,
    styles: { default: { document: { run: { font: BODY, size: SIZE.body, language: { value: 'en-US', eastAsia: 'zh-CN' } } } } },
    sections: [{ properties: { page: { size: { width: convertMillimetersToTwip(210), height: convertMillimetersToTwip(297) }, margin } }, footers: { default: footer }, children }]
  }))
}
