import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { purged, scenario, uploaded } from '../helpers/scenario.ts'

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const readme = read('README.md')
const recipes = read('docs/recipes.md')
type Step = { uses?: string; with?: Record<string, unknown> }

/** The inputs of our step in the workflow below a heading of a page. Secrets are those of the scenario. */
function inputsOf(heading: string, page = readme): Record<string, string> {
  const section = page.slice(page.indexOf(`# ${heading}\n`))
  const yaml = parse(/^```yaml\n(.*?)^```$/ms.exec(section)?.[1] ?? '') as
    | Step[]
    | { jobs: Record<string, { steps: Step[] }> }
  const steps = Array.isArray(yaml) ? yaml : Object.values(yaml.jobs).flatMap((job) => job.steps)
  const inputs = steps.find(({ uses }) => uses?.startsWith('imgix-sync/'))?.with ?? {}
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([, value]) => !String(value).startsWith('${{'))
      .map(([name, value]) => [name, String(value)]),
  )
}

const ID = inputsOf('The workflow')['source-id'] ?? ''
const site = (files: Record<string, string>) =>
  scenario({ imgix: { source: { id: ID, imgixSubdomains: ['example'] } }, files })

describe("the README's workflows do what it says", () => {
  test('the first push publishes nothing, the next one the image that it changes', async () => {
    const { push, asked, purges } = await site({ 'public/images/a.png': 'old' })
    const inputs = inputsOf('The workflow')
    expect(Object.keys(inputs)).toEqual(['source-id', 'root'])
    const first = await push({ '.github/workflows/imgix.yml': 'name: Publish images' }, inputs)
    expect([first.code, asked()]).toEqual([0, []])
    const second = await push({ 'public/images/a.png': 'new' }, inputs)
    expect([second.code, second.outputs.uploaded]).toEqual([0, '["images/a.png"]'])
    expect(asked().slice(-2)).toEqual([uploaded('images/a.png').replace('SRC', ID), purged])
    expect(purges()).toEqual(['https://example.imgix.net/images/a.png'])
  })

  test('the first sync takes what is there, and is done when it is started again', async () => {
    const { run, stored } = await site({ 'public/images/a.png': 'a', 'public/b.pdf': 'b', 'src/c.png': 'c' })
    const inputs = inputsOf('The first sync')
    expect((await run(inputs)).outputs.uploaded).toBe('["b.pdf","images/a.png"]')
    const again = await run(inputs)
    expect([again.code, again.outputs.uploaded, again.outputs['skipped-count']]).toEqual([0, '[]', '2'])
    expect(stored()).toEqual(['b.pdf', 'images/a.png'])
  })

  test('the preview on pull requests asks imgix nothing', async () => {
    const { push, asked } = await site({ 'public/a.png': 'old' })
    const inputs = { 'api-key': '', 'source-id': '', ...inputsOf('Preview on pull requests') }
    const { code, results, summary } = await push({ 'public/a.png': 'new' }, inputs)
    expect([code, asked()]).toEqual([0, []])
    expect(results).toEqual(['planned https://assets.example.com/a.png', 'planned public/a.png'])
    expect(summary).toContain('https://assets.example.com/a.png')
  })

  test('a purge after a deploy uploads nothing, and needs no more than the permission Purge', async () => {
    const { push, asked, purges } = await scenario({
      imgix: { permissions: ['purge'], source: { customDomains: ['assets.example.com'] } },
      files: { 'public/a.png': 'old' },
    })
    const inputs = { 'source-id': '', ...inputsOf('Purge after a deploy') }
    expect((await push({ 'public/a.png': 'new' }, inputs)).code).toBe(0)
    expect([asked(), purges()]).toEqual([[purged], ['https://assets.example.com/a.png']])
  })

  test('built files are published, though git does not know them', async () => {
    const { run, site: repository, stored } = await site({ '.gitignore': 'dist\n' })
    repository.write({ 'dist/a.png': 'built' })
    const { code } = await run(inputsOf('Publish built files'))
    expect([code, stored()]).toEqual([0, ['a.png']])
  })

  test('an app of a monorepo has a folder at the Source', async () => {
    const { push, stored, purges } = await site({ 'apps/shop/public/a.png': 'old', 'apps/blog/public/b.png': 'old' })
    const changes = { 'apps/shop/public/a.png': 'new', 'apps/blog/public/b.png': 'new' }
    expect((await push(changes, inputsOf('Monorepo'))).code).toBe(0)
    expect([stored(), purges()]).toEqual([['shop/a.png'], ['https://example.imgix.net/shop/a.png']])
  })
})

describe('the recipes that are started by hand do what they say', () => {
  test('after a dry run, the full sync publishes what the dry run showed', async () => {
    const { run, stored } = await site({ 'public/a.png': 'a' })
    const inputs = inputsOf('Run by hand', recipes)
    expect((await run({ ...inputs, 'dry-run': 'true' })).outputs.planned).toBe('["a.png"]')
    expect((await run({ ...inputs, 'dry-run': 'false' })).outputs.uploaded).toBe('["a.png"]')
    expect(stored()).toEqual(['a.png'])
  })

  test('a purge of a URL needs no Source, and no more than the permission Purge', async () => {
    const url = 'https://assets.example.com/a.png'
    const { run, asked, purges } = await scenario({
      imgix: { permissions: ['purge'], source: { customDomains: ['assets.example.com'] } },
      files: {},
    })
    const { code } = await run({ 'source-id': '', ...inputsOf('Purge a URL by hand', recipes), urls: url })
    expect([code, asked(), purges()]).toEqual([0, [purged], [url]])
  })
})
