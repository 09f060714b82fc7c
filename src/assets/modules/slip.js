/** Moves a slip from behind the # of the address into the field, and out of the address: it stays in no history. */
export function takeSlip () {
  addEventListener('hashchange', take)
  take()
}

function take () {
  const field = document.getElementById('slip')
  if (field?.tagName !== 'TEXTAREA' || !location.hash.startsWith('#SL1.')) return
  field.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  field.form.querySelector('button').focus()
}
