/** What the tests ask a page itself, as expressions for its debugger. */

/** Language, headings, title and main part. */
export const FRAME = `({
  lang: document.documentElement.lang,
  headings: document.querySelectorAll('h1').length,
  titled: document.title.trim().length > 2,
  main: document.querySelectorAll('main').length
})`

/** On an English page Chinese stands only where `lang` says so; on a Chinese page an English sentence likewise. Gives what does not. */
export function foreignWords (locale: string): string {
  const english = locale === 'en'
  // An English sentence may quote a Chinese word as an example; what has no English word is Chinese.
  const foreign = english
    ? String.raw`(text => /\p{Script=Han}/u.test(text) && !/[a-z]{2,}/.test(text))`
    : String.raw`(text => /[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}/.test(text))`
  return `(() => {
    const found = new Set()
    // What a person wrote stands in the language they wrote in.
    const marked = element => element.closest('.sl-text, .govuk-visually-hidden') !== null || (element.closest('[lang]')?.lang.startsWith('zh') ?? false) === ${english}
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode() !== null) {
      const { parentElement: element, nodeValue: text } = texts.currentNode
      if (!/^(SCRIPT|STYLE|TEXTAREA|NOSCRIPT)$/.test(element.tagName) && ${foreign}(text) && !marked(element)) found.add(element.tagName + '.' + element.className + ': ' + text.trim().slice(0, 80))
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        if (${foreign}(element.getAttribute(name) ?? '') && !marked(element)) found.add(name + ': ' + element.getAttribute(name))
      }
    }
    return [...found].slice(0, 12)
  })()`
}

/**
 * What a page is made of, without the words of its language: what axe judges by structure is the same on every page of the same shape.
 * Whether something has words, in its text or in an attribute that is read out, is part of it.
 */
export const SHAPE = `(() => {
  const worded = new Set(['href', 'src', 'action', 'formaction', 'value', 'content', 'title', 'alt', 'aria-label', 'placeholder', 'lang', 'hreflang'])
  const shape = []
  for (const element of document.querySelectorAll('*')) {
    let depth = 0
    for (let above = element.parentElement; above !== null; above = above.parentElement) depth++
    const attributes = [...element.attributes].map(({ name, value }) => worded.has(name) ? name + (value.trim() === '' ? '=' : '') : name + '=' + value)
    const words = [...element.childNodes].some(node => node.nodeType === 3 && node.nodeValue.trim() !== '')
    shape.push(depth + element.tagName + (words ? '~' : '') + attributes.sort().join(' '))
  }
  return shape.join('\\n')
})()`

/** The rules of axe whose answer hangs on the width of the screen or on the words: what is asked of a page whose shape all rules have judged on another screen. */
export const BY_LAYOUT_AND_WORDS = [
  'color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block', 'skip-link', 'heading-order', 'landmark-unique', 'document-title', 'html-has-lang', 'html-lang-valid', 'valid-lang',
  'area-alt', 'aria-command-name', 'aria-dialog-name', 'aria-input-field-name', 'aria-toggle-field-name', 'button-name', 'empty-heading', 'empty-table-header', 'frame-title', 'image-alt', 'image-redundant-alt',
  'input-button-name', 'label', 'label-title-only', 'link-name', 'select-name', 'summary-name', 'svg-img-alt'
] as const
