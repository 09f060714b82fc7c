/** Covering by hand: words marked in the text go into the field, a box drawn on the picture into its four numbers. Without script both are typed. */
export function redact () {
  const form = document.querySelector('[data-redact]')
  if (form === null) return
  const text = document.querySelector('[data-redact-text]')
  if (text !== null) document.addEventListener('selectionchange', () => takeWords(text, form.elements.words))
  const picture = document.querySelector('[data-redact-picture]')
  if (picture !== null) drawOn(picture.querySelector('img'), form)
}

function takeWords (text, field) {
  const selection = document.getSelection()
  const words = selection?.toString().trim() ?? ''
  if (field !== undefined && words !== '' && text.contains(selection.anchorNode) && text.contains(selection.focusNode)) field.value = words
}

function drawOn (image, form) {
  const box = document.createElement('span')
  box.className = 'sl-redact__box'
  box.hidden = true
  image.draggable = false
  image.after(box)
  let start = null
  image.addEventListener('pointerdown', event => { start = at(image, event); image.setPointerCapture(event.pointerId) })
  image.addEventListener('pointermove', event => { if (start !== null) show(image, box, form, between(start, at(image, event))) })
  image.addEventListener('pointerup', () => { start = null })
  image.addEventListener('pointercancel', () => { start = null })
}

/** Where a pointer is, in per cent of the picture, kept inside it. */
function at (image, { clientX, clientY }) {
  const { left, top, width, height } = image.getBoundingClientRect()
  const inside = part => Math.min(100, Math.max(0, part * 100))
  return { x: inside((clientX - left) / width), y: inside((clientY - top) / height) }
}

function between (a, b) {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) }
}

function show (image, box, form, sides) {
  for (const [name, value] of Object.entries(sides)) form.elements[name].value = (Math.floor(value * 10) / 10).toString()
  box.hidden = false
  box.style.left = `${image.offsetLeft + sides.x * image.width / 100}px`
  box.style.top = `${image.offsetTop + sides.y * image.height / 100}px`
  box.style.width = `${sides.w * image.width / 100}px`
  box.style.height = `${sides.h * image.height / 100}px`
}
