/** Moves a slip from behind the # of the address into the field, and out of the address: it stays in no history. */
export function takeSlip () {
  addEventListener('hashchange', take)
  take()
}

function take () {
  takeNumber()
  const field = document.getElementById('slip')
  if (field?.tagName !== 'TEXTAREA' || !location.hash.startsWith('#SL1.')) return
  field.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  field.form.querySelector('button').focus()
}

/** The same for number and digest of an official document, as the code on its paper leads here. */
function takeNumber () {
  const [, number, digest] = /^#([^.]+)\.([\w-]{43})$/.exec(location.hash) ?? []
  const fields = ['number', 'digest'].map(id => document.getElementById(id))
  if (digest === undefined || fields.some(field => field?.tagName !== 'INPUT')) return
  fields[0].value = decodeURIComponent(number)
  fields[1].value = digest
  history.replaceState(null, '', location.pathname)
}
