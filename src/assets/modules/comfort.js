const MODES = ['large', 'contrast']
const root = document.documentElement.classList

/** The two switches in the head of the page: larger type, higher contrast. Nothing is kept while both are off. */
export function offerComfort () {
  for (const box of document.querySelectorAll('[data-comfort]')) {
    box.hidden = false
    for (const button of box.querySelectorAll('button')) {
      const mode = button.value
      const show = () => button.setAttribute('aria-pressed', String(root.contains(`sl-${mode}`)))
      button.addEventListener('click', () => { root.toggle(`sl-${mode}`); keep(); show() })
      show()
    }
  }
}

function keep () {
  const chosen = MODES.filter(mode => root.contains(`sl-${mode}`)).join(' ')
  try {
    if (chosen === '') localStorage.removeItem('sl-comfort')
    else localStorage.setItem('sl-comfort', chosen)
  } catch { /* storage is switched off: it holds for this page */ }
}
