/** The bar under a list: one box for all rows, and how many are chosen. Without script each row has its own box. */
export function countPicks () {
  const bar = document.querySelector('[data-bulk]')
  if (bar === null) return
  const [all, count] = [bar.querySelector('.sl-bulk__all'), bar.querySelector('.sl-bulk__count')]
  const boxes = [...bar.closest('form').querySelectorAll('input[name="ref"]')]
  const box = all.querySelector('input')
  const show = () => {
    const picked = boxes.filter(one => one.checked).length
    count.textContent = picked === 0 ? '' : count.dataset.text.replace('%{count}', String(picked))
    box.checked = picked === boxes.length
    box.indeterminate = picked > 0 && picked < boxes.length
  }
  box.addEventListener('change', () => { for (const one of boxes) one.checked = box.checked; show() })
  for (const one of boxes) one.addEventListener('change', show)
  all.hidden = false
  show()
}
