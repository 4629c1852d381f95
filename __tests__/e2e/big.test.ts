import { describe, expect, test } from 'vitest'
import { scenario } from '../helpers/scenario.ts'

const COUNT = 20_000
const name = (index: number): string => `public/folder ${index % 97}/deep/a name that is not short ${index}.png`
const files = Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [name(index), String(index)]))

describe('20,000 changed files', () => {
  test('no argument list, output or summary is too long', async () => {
    const { site, run, asked } = await scenario()
    const before = site.head()
    site.write(files)
    const event = site.pushEvent(before, site.commit())
    const inputs = { 'api-key': '', 'dry-run': 'true', root: 'public', domains: 'a.imgix.net\nb.imgix.net' }
    const planned = await run(inputs, { event })
    expect([planned.code, planned.errors, planned.results.length]).toEqual([0, [], COUNT * 3])
    expect(planned.log).toContain(`${COUNT} of ${COUNT} changed files below public/`)
    expect(planned.log).toContain('more lines: the report has all of it')
    expect(Buffer.byteLength(planned.summary)).toBeLessThan(1 << 20)
    expect(planned.summary).toContain(`and ${COUNT - 200} more`)

    const skipped = await run({ ...inputs, upload: 'false' }, { event })
    expect(skipped.outputs).toMatchObject({ skipped: '', 'skipped-count': String(COUNT), failed: '[]' })
    expect(skipped.annotations.map(({ message }) => message)).toEqual([
      `over 200 kB, so these outputs are left empty: skipped (${COUNT}); the output report names a file that has them`,
    ])
    expect(Buffer.byteLength(skipped.summary)).toBeLessThan(1 << 20)

    site.write({ public: null })
    const failed = await run(inputs, { event })
    expect([failed.code, failed.errors.length, failed.errors.at(-1)]).toEqual([
      1,
      51,
      `${COUNT} of ${COUNT} files failed`,
    ])
    expect(failed.outputs).toMatchObject({ failed: '', 'failed-count': String(COUNT) })
    expect(Buffer.byteLength(failed.summary)).toBeLessThan(1 << 20)
    expect(asked()).toEqual([])
  })
})
