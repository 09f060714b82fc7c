// Runs before the page is painted, so that nobody sees it jump. What the reader chose stays in the reader's own browser: no server learns of it.
try {
  for (const mode of (localStorage.getItem('sl-comfort') ?? '').split(' ')) if (mode === 'large' || mode === 'contrast') document.documentElement.classList.add(`sl-${mode}`)
} catch { /* storage is switched off: the page stays as it is */ }
