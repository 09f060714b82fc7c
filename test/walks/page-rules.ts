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
