import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'
import { createTrap, hostileSettings } from '../helpers/trap.ts'
import { createTree } from '../helpers/tree.ts'

const NONE = '0'.repeat(40)
const MISSING =
  'is not checked out, so its files are left out: set submodules: true on actions/checkout, or run git submodule update --init, then run once with mode: all'
const inside = (repository: Repository, ...args: string[]): string =>
  repository.git('-c', 'protocol.file.allow=always', ...args)

function commit(repository: Repository, files: Record<string, string | null>): string {
  repository.write(files)
  repository.git('add', '-A')
  repository.git('commit', '--quiet', '--allow-empty', '-m', 'x')
  return repository.head()
}

/** A repository with a submodule in `public/brand`, which is checked out. */
function withSubmodule(files: Record<string, string> = { 'a.png': '1', 'img/b.png': '1', 'gone.png': '1' }) {
  const brand = createRepository()
  commit(brand, files)
  const site = createRepository()
  const without = commit(site, { 'public/own.png': '1' })
  inside(site, 'submodule', '--quiet', 'add', `file://${brand.dir}`, 'public/brand')
  const first = commit(site, {})
  /** Commits in the submodule's own repository, and moves the submodule on. */
  const move = (changed: Record<string, string | null>): string => {
    const sha = commit(brand, changed)
    inside(site, '-C', 'public/brand', 'fetch', '--quiet', 'origin', sha)
    site.git('-C', 'public/brand', 'checkout', '--quiet', sha)
    return commit(site, {})
  }
  return { brand, site, without, first, move }
}

async function push(site: Repository, before: string, inputs: Record<string, string> = { root: 'public' }) {
  const { payload } = site.pushEvent(before, site.head())
  const { changes, files } = await select(site.dir, inputs, { payload, sha: site.head() })
  const found = changes.files.map(({ path, change }) => `${change} ${path}`).sort()
  const problems = [...files].flatMap(([path, file]) => ('problem' in file ? [path] : []))
  return {
    found,
    problems,
    notices: changes.notices,
    steps: changes.steps.filter((step) => step.startsWith('submodules:')),
  }
}

const CHANGE = { 'a.png': '2', 'gone.png': null, 'img/new.png': '1' }
const CHANGED = ['added public/brand/img/new.png', 'deleted public/brand/gone.png', 'modified public/brand/a.png']

describe('a submodule below the root', () => {
  test('that moved on is compared commit with commit', async () => {
    const { site, first, move } = withSubmodule()
    const before = site.git('rev-parse', 'HEAD:public/brand')
    move(CHANGE)
    const after = site.git('rev-parse', 'HEAD:public/brand')
    expect(await push(site, first)).toEqual({
      found: CHANGED,
      problems: [],
      notices: [],
      steps: [`submodules: public/brand, from ${before} to ${after}: 3 files changed`],
    })
    expect((await push(site, first, { root: 'public', files: 'brand/img/*' })).found).toEqual([
      'added public/brand/img/new.png',
    ])
  })

  test.each(['all', 'dirty'])('that moved on, although .gitmodules says ignore = %s', async (ignore) => {
    const { site, move } = withSubmodule()
    site.git('config', '--file', '.gitmodules', 'submodule.public/brand.ignore', ignore)
    const before = commit(site, {})
    move(CHANGE)
    site.git('add', '--force', 'public/brand')
    site.git('commit', '--quiet', '--allow-empty', '-m', 'x')
    expect((await push(site, before)).found).toEqual(CHANGED)
  })

  test('that is new: all its files', async () => {
    const { site, without } = withSubmodule()
    const { found, steps } = await push(site, without)
    expect(found).toEqual(['a.png', 'gone.png', 'img/b.png'].map((path) => `added public/brand/${path}`))
    expect(steps).toEqual([
      expect.stringMatching(/^submodules: public\/brand, from none to [0-9a-f]{40}: 3 files changed$/),
    ])
  })

  test('in both modes: the same files where every file is taken', async () => {
    const { site } = withSubmodule()
    const all = ['public/brand/a.png', 'public/brand/gone.png', 'public/brand/img/b.png', 'public/own.png']
    const expected = all.map((path) => `present ${path}`)
    expect(await push(site, NONE)).toEqual({ found: expected, problems: [], notices: [], steps: [] })
    expect(await push(site, NONE, { root: 'public', mode: 'all' })).toEqual({
      found: expected,
      problems: [],
      notices: [],
      steps: ['submodules: the run takes the files of public/brand as they are on disk'],
    })
  })

  test('with a submodule of its own', async () => {
    const { brand, site, first } = withSubmodule()
    const logo = createRepository()
    commit(logo, { 'logo.png': '1' })
    inside(brand, 'submodule', '--quiet', 'add', `file://${logo.dir}`, 'logos')
    const sha = commit(brand, {})
    inside(site, '-C', 'public/brand', 'fetch', '--quiet', 'origin', sha)
    site.git('-C', 'public/brand', 'checkout', '--quiet', sha)
    const second = commit(site, {})
    expect((await push(site, first)).notices).toEqual([`submodule public/brand/logos ${MISSING}`])
    inside(site, 'submodule', '--quiet', 'update', '--init', '--recursive')
    expect(await push(site, first)).toMatchObject({ found: ['added public/brand/logos/logo.png'], notices: [] })
    expect(second).toBe(site.head())
  })

  test('in place of a file, and a file in place of one', async () => {
    const { site, without, first } = withSubmodule()
    site.git('checkout', '--quiet', '-b', 'other', without)
    const file = commit(site, { 'public/brand': 'a file' })
    site.git('checkout', '--quiet', '--recurse-submodules', first)
    expect((await push(site, file, { root: 'public', files: '**' })).found).toEqual([
      ...['a.png', 'gone.png', 'img/b.png'].map((path) => `added public/brand/${path}`),
      'deleted public/brand',
    ])
    rmSync(join(site.dir, 'public/brand'), { recursive: true })
    site.git('checkout', '--quiet', '--force', file)
    const back = await push(site, first, { root: 'public', files: '**' })
    expect(back.found).toEqual(['added public/brand'])
    expect(back.notices).toEqual([
      'submodule public/brand was removed, so its deleted files are not known: name their URLs in urls',
    ])
  })

  test.runIf(process.getuid?.() === 0)('of another user', async () => {
    const { site, first, move } = withSubmodule()
    move(CHANGE)
    execFileSync('chown', ['-R', '4321:4321', site.dir])
    const payload = { before: first, after: site.head(), ref: 'refs/heads/main' }
    const { changes } = await select(site.dir, { root: 'public' }, { payload, sha: site.head() })
    expect(changes.files).toHaveLength(3)
    const all = await select(site.dir, { root: 'public', mode: 'all', untracked: 'ignore' })
    expect(all.changes.files.map(({ path }) => path)).toContain('public/brand/img/new.png')
  })

  test('whose links lead to what changed', async () => {
    const { brand, site, move } = withSubmodule()
    brand.link('link.png', 'a.png')
    brand.link('other.png', 'gone.png')
    const before = move({})
    move({ 'a.png': '2' })
    expect((await push(site, before)).found).toEqual(['modified public/brand/a.png', 'modified public/brand/link.png'])
  })

  test('whose links are text files', async () => {
    const { brand, site, move } = withSubmodule()
    brand.link('link.png', 'a.png')
    const before = move({})
    const link = join(site.dir, 'public/brand/link.png')
    rmSync(link)
    writeFileSync(link, 'a.png')
    expect((await push(site, before)).found).toEqual([])
    for (const mode of ['changed', 'all']) {
      const { files } = await select(site.dir, { root: 'public', mode })
      expect(files.get('public/brand/link.png')).toMatchObject({ absolutePath: join(site.dir, 'public/brand/a.png') })
    }
  })
})

describe('a submodule whose files are not known is told', () => {
  test('it is not checked out', async () => {
    const { site, without, first, move } = withSubmodule()
    move(CHANGE)
    site.git('submodule', '--quiet', 'deinit', '--all', '--force')
    const told = { found: [], notices: [`submodule public/brand ${MISSING}`] }
    expect(await push(site, first)).toMatchObject(told)
    expect(await push(site, without)).toMatchObject(told)
    const own = { ...told, found: ['present public/own.png'] }
    expect(await push(site, NONE)).toMatchObject(own)
    expect(await push(site, NONE, { root: 'public', mode: 'all' })).toMatchObject(own)
  })

  test('its clone lacks a commit', async () => {
    const { site, first, move } = withSubmodule()
    const before = site.git('rev-parse', 'HEAD:public/brand')
    move(CHANGE)
    const clone = site.clone()
    inside(clone, 'submodule', '--quiet', 'update', '--init', '--depth=1')
    expect(await push(clone, first)).toMatchObject({
      found: [],
      notices: [
        `submodule public/brand moved on, and its clone lacks commit ${before}, so its changed files are not known: set fetch-depth: 0 on actions/checkout, fetch the whole history, or run once with mode: all`,
      ],
    })
  })

  test('and one beside the root, or one that did not change, is not', async () => {
    const { site, first } = withSubmodule()
    commit(site, { 'public/own.png': '2', 'private/a.png': '1' })
    site.git('submodule', '--quiet', 'deinit', '--all', '--force')
    expect(await push(site, first)).toMatchObject({ found: ['modified public/own.png'], notices: [] })
    expect(await push(site, NONE, { root: 'private', mode: 'all' })).toMatchObject({ notices: [], steps: [] })
  })
})

describe('a repository that no checkout put in place of a submodule is not used', () => {
  test.each<[string, (folder: string, hostile: string) => void]>([
    ['unpacked there', (folder, hostile) => renameSync(hostile, folder)],
    ['behind a link', (folder, hostile) => symlinkSync(hostile, folder)],
    [
      'behind a .git file',
      (folder, hostile) => void renameSync(createTree({ '.git': `gitdir: ${hostile}/.git\n` }), folder),
    ],
  ])('%s', async (_, plant) => {
    const { site, first, move } = withSubmodule()
    move(CHANGE)
    const trap = createTrap()
    const hostile = site.clone()
    writeFileSync(join(hostile.dir, '.git/config'), hostileSettings(trap), { flag: 'a' })
    const folder = join(site.dir, 'public/brand')
    rmSync(folder, { recursive: true })
    plant(folder, hostile.dir)
    expect(await push(site, first)).toMatchObject({ notices: [`submodule public/brand ${MISSING}`] })
    expect(trap.isSprung()).toBe(false)
  })

  test('a setting of a submodule that runs a program is never followed', async () => {
    const { site, first, move } = withSubmodule()
    move(CHANGE)
    const trap = createTrap()
    writeFileSync(join(site.dir, '.git/modules/public/brand/config'), hostileSettings(trap, 'promisor'), { flag: 'a' })
    expect((await push(site, first)).found).toEqual(CHANGED)
    expect(trap.isSprung()).toBe(false)
  })
})
