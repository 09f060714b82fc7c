export interface PageLink { number: number, href: string, current: boolean, ellipsis?: true }
export interface Pager { items: PageLink[], previous: string | null, next: string | null }

/** First, last, current and its neighbours; nothing for a single page. */
export function pagerOf (page: number, pages: number, hrefOf: (page: number) => string): Pager {
  if (pages <= 1) return { items: [], previous: null, next: null }
  const shown = [...new Set([1, page - 1, page, page + 1, pages])].filter(number => number >= 1 && number <= pages)
  const items = shown.flatMap((number, at): PageLink[] => {
    const link = { number, href: hrefOf(number), current: number === page }
    return at > 0 && number > (shown[at - 1] as number) + 1 ? [{ number: 0, href: '', current: false, ellipsis: true }, link] : [link]
  })
  return { items, previous: page > 1 ? hrefOf(page - 1) : null, next: page < pages ? hrefOf(page + 1) : null }
}

/** A page number as it came in an address: anything odd is the first page. */
export function pageNumber (text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 1
}

/** What the line above a list says: `from`–`to` of `total`. */
export interface Span { total: number, from: number, to: number }

/** One page of a list that is in memory; a page after the last is the last. */
export function slicePage<T> (items: readonly T[], wanted: number, per: number): { items: T[], page: number, pages: number, span: Span } {
  const pages = Math.max(1, Math.ceil(items.length / per))
  const page = Math.min(wanted, pages)
  const from = (page - 1) * per
  const cut = items.slice(from, from + per)
  return { items: cut, page, pages, span: { total: items.length, from: from + 1, to: from + cut.length } }
}
