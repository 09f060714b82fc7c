import QRCode from 'qrcode'

/** A QR code to draw: `path` is made of horizontal strokes one module high, `size` counts modules with the quiet zone around them. */
export interface QrDrawing { size: number, path: string }

/** Modules of white that the standard asks for on every side (ISO/IEC 18004). */
const QUIET = 4

/** Draws a text as a QR code that stays readable when up to 15 % of it is damaged. */
export function drawQr (text: string): QrDrawing {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
  const rows = Array.from({ length: modules.size }, (_row, y) => strokesOf(Array.from({ length: modules.size }, (_module, x) => modules.get(y, x) !== 0), y))
  return { size: modules.size + 2 * QUIET, path: rows.join('') }
}

function strokesOf (row: boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true) continue
    const start = x
    while (row[x + 1] === true) x++
    path += `M${start + QUIET} ${y + QUIET + 0.5}h${x - start + 1}`
  }
  return path
}
