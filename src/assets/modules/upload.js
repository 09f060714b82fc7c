/** Tells how far an upload is; the words come from the page. What the portal answers is then shown as if the browser had sent the form itself. */
export function showUploads () {
  for (const form of document.querySelectorAll('form[data-upload]')) form.addEventListener('submit', event => follow(form, event))
}

function follow (form, event) {
  if (form.dataset.sending !== undefined) { event.preventDefault(); return }
  const status = form.querySelector('.sl-uploading')
  const chosen = [...form.querySelectorAll('input[type="file"]')].some(input => input.files.length > 0)
  if (status === null || !chosen) return
  event.preventDefault()
  form.dataset.sending = ''
  const request = new XMLHttpRequest()
  request.open('POST', form.action)
  request.setRequestHeader('accept', 'text/html')
  request.upload.addEventListener('progress', ({ loaded, total }) => { status.textContent = form.dataset.upload.replace('%n', String(Math.floor(loaded / total * 100))) })
  request.upload.addEventListener('load', () => { status.textContent = form.dataset.uploadChecking })
  request.addEventListener('load', () => { answer(request, form) })
  request.addEventListener('error', () => { sendPlainly(form, event.submitter) })
  request.send(new FormData(form, event.submitter))
}

function answer ({ responseURL, responseText }, form) {
  if (responseURL !== form.action) { window.location.assign(responseURL); return }
  document.open()
  document.write(responseText)
  document.close()
}

/** The line broke: the browser tries once more by itself and says what is wrong. */
function sendPlainly (form, button) {
  if (button !== null) {
    const pressed = document.createElement('input')
    Object.assign(pressed, { type: 'hidden', name: button.name, value: button.value })
    form.append(pressed)
  }
  form.submit()
}
