/**
 * Single keys on the desk: j and k move, o opens, a chooses, e claims, n writes a note, / searches, ? helps. Whoever switched them off gets a page without
 * the dialog, and then nothing listens. Never while somebody types, composes Chinese, or holds a modifier, which belongs to the browser.
 */
export function listenForKeys () {
  const dialog = document.querySelector('[data-shortcuts]')
  if (dialog === null) return
  const rows = [...document.querySelectorAll('[data-rows] tbody tr')]
  const ways = dialog.dataset.shortcuts === 'list' ? listKeys(rows) : caseKeys()
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || isTyping(event.target)) return
    if (document.querySelector('dialog[open]') !== null) return // Escape and Tab are the dialog's own
    const way = event.key === '?' ? () => { dialog.showModal() } : ways[event.key]
    if (way === undefined) return
    event.preventDefault()
    way()
  })
}

function isTyping (target) {
  return target instanceof Element && target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') !== null
}

function listKeys (rows) {
  const linkOf = row => row?.querySelector('th a')
  const at = () => rows.findIndex(row => row.contains(document.activeElement))
  const go = to => { linkOf(rows[Math.max(0, Math.min(rows.length - 1, to))])?.focus() }
  return {
    j: () => { go(at() + 1) },
    k: () => { go(at() < 0 ? 0 : at() - 1) },
    o: () => { linkOf(rows[at()])?.click() },
    a: () => { rows[at()]?.querySelector('.sl-pick')?.click() },
    e: () => {
      const [form, link] = [document.querySelector('form[data-claim]'), linkOf(rows[at()])]
      if (form === null || link === null || link === undefined) return
      form.action = `${link.pathname}/claims`
      form.requestSubmit()
    },
    n: () => { const link = linkOf(rows[at()]); if (link) location.href = `${link.pathname}?tab=notes#text` },
    '/': () => { document.querySelector('#queue-search')?.focus() }
  }
}

function caseKeys () {
  return {
    e: () => { document.querySelector('form[data-claim] button')?.click() },
    n: () => { if (document.querySelector('.sl-notes, #notes') === null) location.href = `${location.pathname}?tab=notes#text`; else document.querySelector('#text')?.focus() },
    '/': () => { const list = document.querySelector('[data-list]'); if (list !== null) location.href = `${list.dataset.list}#queue-search` }
  }
}
