import t from 'tap'
import { BROWSER } from '../fixtures/browser.ts'
import { keepRules } from './pages.ts'

t.setTimeout(600_000) // more than a hundred pages, each at three widths

t.test('X: every English page keeps the rules of the house', BROWSER, async t => { await keepRules(t, 'en') })
