/** On a phone the filter panel starts folded, so that results come first; on a wide screen it stays open. */
export function foldFacets () {
  const wide = window.matchMedia('(min-width: 62.5em)')
  for (const panel of document.querySelectorAll('[data-facets]')) {
    const follow = () => { panel.open = wide.matches }
    follow()
    wide.addEventListener('change', follow)
  }
}
