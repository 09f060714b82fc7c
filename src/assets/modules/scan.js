/** Offers the camera where the browser can read codes by itself; the number can always be typed. Words and addresses come from the page. */
export async function offerScan () {
  const boxes = document.querySelectorAll('[data-scan]')
  if (boxes.length === 0 || !('BarcodeDetector' in window) || navigator.mediaDevices?.getUserMedia === undefined) return
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => [])
  if (!formats.includes('qr_code')) return
  for (const box of boxes) {
    box.hidden = false
    box.querySelector('button').addEventListener('click', () => { scan(box) })
  }
}

async function scan (box) {
  const [button, status] = [box.querySelector('button'), box.querySelector('[role=status]')]
  button.disabled = true
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
    const video = showPicture(box, stream)
    status.textContent = box.dataset.point
    const found = await firstCode(video)
    for (const track of stream.getTracks()) track.stop()
    video.remove()
    if (!follow(box, found)) status.textContent = box.dataset.foreign
  } catch {
    status.textContent = box.dataset.denied
  }
  button.disabled = false
}

function showPicture (box, stream) {
  const video = document.createElement('video')
  video.className = 'sl-scan__picture'
  video.muted = true
  video.playsInline = true
  video.srcObject = stream
  box.append(video)
  video.play()
  return video
}

/** Looks four times a second, so that an old telephone does not grow hot. */
async function firstCode (video) {
  const detector = new window.BarcodeDetector({ formats: ['qr_code'] })
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, 250))
    if (video.readyState < 2) continue
    const [code] = await detector.detect(video)
    if (code !== undefined) return code.rawValue.trim()
  }
}

/** Only an address of this very site or a plain number leads anywhere: a code can hold anything. */
function follow (box, text) {
  const code = codeIn(box.dataset.scan, text)
  if (code !== null) { window.location.assign(box.dataset.scan + code); return true }
  if (!/^[0-9A-Za-z\u4e00-\u9fa5()（）-]{4,30}$/.test(text)) return false
  const field = document.getElementById(box.dataset.field)
  field.value = text
  field.form.requestSubmit()
  return true
}

function codeIn (prefix, text) {
  const { origin, pathname } = addressIn(text)
  const own = prefix.replace(/\/en(?=\/v\/$)/, '')
  const path = pathname.replace(/\/en(?=\/v\/)/, '')
  if (origin !== window.location.origin || !path.startsWith(own)) return null
  const code = path.slice(own.length)
  return /^[A-Za-z0-9_-]{22}$/.test(code) ? code : null
}

function addressIn (text) {
  try {
    return new URL(text)
  } catch {
    return { origin: '', pathname: '' } // no address at all
  }
}
