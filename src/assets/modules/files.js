const MEGABYTE = 1_048_576 // as the limit counts them

/** Lists the chosen files with their size below the field; words and limit come from the page. */
export function listFiles () {
  for (const input of document.querySelectorAll('input[type="file"][data-files]')) {
    input.addEventListener('change', () => show(input, document.getElementById(input.dataset.files)))
  }
}

function show (input, box) {
  const files = [...input.files]
  const limit = Number(input.dataset.limit ?? Infinity)
  box.replaceChildren()
  box.classList.toggle('sl-files--over', files.length > limit)
  if (files.length === 0) return
  const heading = document.createElement('strong')
  heading.textContent = files.length > limit ? input.dataset.over.replace('%n', files.length) : input.dataset.heading
  const list = document.createElement('ul')
  for (const file of files) {
    const item = document.createElement('li')
    item.textContent = `${file.name} · ${Math.max(file.size / MEGABYTE, 0.01).toFixed(2)} MB`
    list.append(item)
  }
  box.append(heading, list)
}
