/** How long before its end a session is spoken of, and when the time that is left is said again, in seconds. */
const WARN = 120
const SAID = [120, 60, 30, 10]
const KEY = 'sl-seen'

/**
 * Warns two minutes before a session ends for want of use: a dialog that keeps it or ends it. All tabs of a browser are one session, so the last use of
 * any of them counts. Without script a line of the page says when the session ends; with or without it, what was typed is kept.
 */
export function warnIdle () {
  const dialog = document.querySelector('dialog[data-idle]')
  if (dialog === null) return
  const state = { dialog, part: name => dialog.querySelector(`[data-idle-${name}]`), idle: Number(dialog.dataset.idle) * 60_000, end: Date.now() + Number(dialog.dataset.left) * 1000, used: 0, said: null, over: false }
  use(state, Number(dialog.dataset.unused))
  state.part('form').addEventListener('submit', event => {
    if (event.submitter === state.part('leave')) return
    event.preventDefault()
    stay(state)
  })
  state.part('close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('cancel', event => {
    if (state.over) return
    event.preventDefault()
    stay(state)
  })
  setInterval(() => look(state), 1000)
  document.addEventListener('visibilitychange', () => look(state))
}

/** This session was used so many seconds ago: for this tab and, through what all tabs share, for the others. */
function use (state, ago = 0) {
  state.used = Date.now() - ago * 1000
  try { localStorage.setItem(KEY, String(state.used)) } catch { /* storage is switched off: each tab counts for itself */ }
}

function lastUse (state) {
  try {
    return Math.max(state.used, Math.min(Number(localStorage.getItem(KEY)) || 0, Date.now()))
  } catch {
    return state.used
  }
}

function look (state) {
  if (state.over) return
  const left = Math.ceil((Math.min(lastUse(state) + state.idle, state.end) - Date.now()) / 1000)
  if (left <= 0) finish(state)
  else if (left <= WARN) warn(state, left)
  else if (state.dialog.open) {
    state.dialog.close()
    state.said = null
  }
}

function warn (state, left) {
  const { dialog, part } = state
  const last = state.end - Date.now() <= WARN * 1000 // nothing prolongs a session beyond its day
  part('last').hidden = !last
  part('stay').hidden = last
  const { minutes, seconds } = part('clock').dataset
  const text = left > 60 ? minutes.replace('%{count}', String(Math.ceil(left / 60))) : seconds.replace('%{count}', String(left))
  part('clock').textContent = text
  const mark = SAID.findLast(at => left <= at)
  if (!dialog.open) dialog.showModal()
  if (mark !== state.said) {
    state.said = mark
    part('said').textContent = text
  }
}

function finish (state) {
  state.over = true
  const title = state.part('title')
  title.textContent = title.dataset.idleTitle
  for (const name of ['form', 'last', 'kept']) state.part(name).hidden = true
  state.part('clock').textContent = ''
  state.part('said').textContent = ''
  state.part('over').hidden = false
  if (!state.dialog.open) state.dialog.showModal()
  state.part('close').focus()
}

/** Asks the portal to go on with the session; where it is over already, says so. */
async function stay (state) {
  const form = state.part('form')
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' })
    if (answer.status !== 204) return finish(state)
  } catch {
    return // no way to the portal: the dialog stays, and so does the choice
  }
  use(state)
  state.said = null
  state.dialog.close()
}
