import t from 'tap'
import { requirements, unknownIds } from '../../src/cli/requirements.ts'

t.test('every requirement on the intake has a test that says so at the beginning of its title', async t => {
  const all = requirements()
  t.ok(all.length > 60)
  t.ok((all.find(({ id }) => id === 'E-4')?.files.length ?? 0) > 1, 'titles are found in several files')
  t.same(unknownIds(), [], 'no title claims what nobody asks for')
})
