import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emulateGitHub } from '../helpers/github.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'

const ROOT = { root: 'public' }
const left = (link: string, files: string): string =>
  `${link} is a link to a folder, and mode: changed takes no files through it, which leaves out ${files}: put the files themselves there, or run once with mode: all`

/** `public/img` is a link to the folder `assets/img`. */
function site(links: Record<string, string> = { 'public/img': '../assets/img' }): Repository {
  const repository = createRepository()
  repository.write({ 'assets/img/a.png': '1', 'assets/img/deep/b.png': '1', 'assets/x.png': '1', 'public/c.png': '1' })
  for (const [path, target] of Object.entries(links)) repository.link(path, target)
  repository.commit()
  return repository
}

/** @returns the paths that a push takes, and the notices */
async function push(
  repository: Repository,
  files: Record<string, string | null>,
  inputs: Record<string, string> = ROOT,
) {
  const before = repository.head()
  repository.write(files)
  const { payload } = repository.pushEvent(before, repository.commit())
  const { changes } = await select(repository.dir, inputs, { payload, sha: repository.head() })
  return [changes.files.map(({ path }) => path), changes.notices]
}

describe('a link to a folder, in mode: changed', () => {
  test('a file behind it that changed is named', async () => {
    const repository = site()
    expect(await push(repository, { 'assets/img/a.png': '2' })).toEqual([[], [left('public/img', 'public/img/a.png')]])
    expect(await push(repository, { 'assets/img/a.png': null, 'assets/img/deep/b.png': '2' })).toEqual([
      [],
      [left('public/img', 'public/img/a.png and 1 more')],
    ])
  })

  test('by way of another link, and where the pattern matches the link itself', async () => {
    const repository = site({ 'public/img': '../to-img', 'to-img': 'assets/img' })
    expect(await push(repository, { 'assets/img/a.png': '2' }, { ...ROOT, files: 'img/**' })).toEqual([
      [],
      [left('public/img', 'public/img/a.png')],
    ])
  })

  test('nothing is said of files that do not match, of another folder, or of a link that publishes nothing', async () => {
    const repository = site({ 'public/img': '../assets/img', 'public/up': '..', 'public/out': '../..' })
    expect(await push(repository, { 'assets/img/a.txt': '2', 'assets/x.png': '2' })).toEqual([[], []])
  })

  test('a link that is new, or leads elsewhere: the matching files of that folder', async () => {
    const repository = site({})
    repository.link('public/img', '../assets/img')
    expect(await push(repository, {})).toEqual([[], [left('public/img', 'public/img/a.png and 1 more')]])
    rmSync(join(repository.dir, 'public/img'))
    repository.link('public/img', '../assets/img/deep')
    expect(await push(repository, {})).toEqual([[], [left('public/img', 'public/img/b.png')]])
  })

  test('a text file that stands for the link', async () => {
    const repository = site()
    rmSync(join(repository.dir, 'public/img'))
    repository.git('config', 'core.symlinks', 'false')
    repository.git('checkout', '--quiet', '--force', 'HEAD', '--', '.')
    expect((await push(repository, { 'assets/img/a.png': '2' }))[1]).toEqual([left('public/img', 'public/img/a.png')])
  })

  test('a run that takes every file for want of a base', async () => {
    const { changes } = await select(site().dir, ROOT)
    expect(changes.notices).toEqual([left('public/img', 'public/img/a.png and 1 more')])
  })

  test.each([true, false])("without git, by GitHub's API; with a base: %s", async (hasBase) => {
    const repository = site()
    const base = hasBase ? repository.head() : 'gone'
    repository.write({ 'assets/img/a.png': '2' })
    const sha = repository.commit()
    const { apiUrl, token } = await emulateGitHub({ dir: repository.dir })
    const { dir } = repository.clone()
    rmSync(join(dir, '.git'), { recursive: true })
    const inputs = { ...ROOT, 'github-token': token, base }
    const { changes } = await select(dir, inputs, { sha }, { apiUrl, repository: 'imgix-sync/site' })
    const others = hasBase
      ? []
      : [expect.stringMatching(/^without git the run .*: install git, and put actions\/checkout before this step$/)]
    expect(changes.notices).toEqual([left('public/img', `public/img/a.png${hasBase ? '' : ' and 1 more'}`), ...others])
    const remedy = /; else install git, put actions\/checkout before this step, and run once with base set to the last /
    expect(changes.warnings.slice(1)).toEqual(hasBase ? [] : [expect.stringMatching(remedy)])
  })
})
