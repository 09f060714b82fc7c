import t from 'tap'
import { otherIds, requirements } from '../../src/cli/requirements.ts'

/** How many requirements each group has, those included that do not concern the intake. */
const GROUPS: Readonly<Record<string, number>> = { H: 10, S: 7, L: 10, Z: 9, R: 7, F: 7, V: 11, U: 7, I: 5, A: 6, E: 8, G: 6, D: 10, B: 5, P: 9, Y: 5, K: 4, O: 3 }

t.test('every requirement on the intake has a test that says so at the beginning of its title', async t => {
  const all = requirements()
  t.ok(all.length > 60)
  t.same(all.filter(({ files }) => files.length === 0).map(({ id }) => id), [], 'none is left open')
  t.same(otherIds().filter(id => Number(id.slice(2)) > (GROUPS[id.charAt(0)] ?? 0)), [], 'no title claims what nobody asks for')
})
