import { translate, type Values } from '../i18n/index.ts'
import { drawQr } from '../qr.ts'

export interface SheetCard { name: string, agency: string, certificate_no: string, address: string, fictional: 0 | 1 }

const t = (key: string, values?: Values): string => escape(translate('zh-CN', key, values))
const escape = (text: string): string => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)

/** Ten cards of 90 × 52 mm on each sheet of A4; a file by itself, to be opened and printed without the portal. */
const STYLE = `@page { size: A4; margin: 12mm 15mm } * { box-sizing: border-box } body { margin: 0; font: 11pt/1.4 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; color: #000 }
h1 { font-size: 12pt; margin: 12px } p { margin: 12px; color: #932516 } @media print { h1 { display: none } }
ul { display: grid; grid-template-columns: 90mm 90mm; margin: 0; padding: 0; list-style: none } li { display: flex; gap: 4mm; align-items: center; height: 52mm; padding: 4mm; border: 1px dashed #888; break-inside: avoid; overflow: hidden }
svg { flex: none; width: 34mm; height: 34mm } strong { display: block; font-size: 15pt } span { display: block; overflow-wrap: anywhere }`

/** The cards of one agency as one HTML page; `unset` warns that the codes lead to this machine only. */
export function cardSheet (agency: string, cards: SheetCard[], unset: boolean): string {
  const title = t('codes.sheet_title', { agency })
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>${unset ? `<p>${t('codes.unset')}</p>` : ''}
<ul>
${cards.map(cardOf).join('\n')}
</ul></body></html>
`
}

function cardOf ({ name, agency, certificate_no: number, address, fictional }: SheetCard): string {
  const { size, path } = drawQr(address)
  const qr = `<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img" aria-label="${t('card_code.picture', { number })}"><path fill="none" stroke="#000" d="${path}"/></svg>`
  return `<li>${qr}<div><strong>${escape(name)}</strong><span>${escape(agency)}</span><span>${t('codes.card_number', { number })}</span><span>${t('codes.card_title')}</span>${fictional === 1 ? `<span>${t('verify.fictional')}</span>` : ''}</div></li>`
}
