import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { act, began, purged, scenario, temporaryFolder, uploaded, url } from '../helpers/scenario.ts'

const none = '0'.repeat(40)

describe('clones', () => {
  test.each([
    ['the whole history', 'sha1', 0],
    ['depth 1, as actions/checkout leaves it', 'sha1', 1],
    ['depth 1, SHA-256', 'sha256', 1],
    ['the whole history, SHA-256', 'sha256', 0],
  ] as const)('%s: exactly the files of the push', async (_, objectFormat, depth) => {
    const { site, push, asked } = await scenario({ objectFormat, files: { 'a.png': '1', 'b.png': '1' } })
    const base = site.head()
    const run = await push({ 'a.png': '2' }, {}, { depth })
    expect([run.code, run.errors]).toEqual([0, []])
    expect(asked()).toEqual([...began, uploaded('a.png'), purged])
    expect(run.outputs).toMatchObject({ base, head: site.head(), 'base-strategy': 'event' })
    expect(run.report).toMatchObject({ base, head: site.head(), baseStrategy: 'event', mode: 'changed' })
    expect(run.log).toContain(`base: ${base} (event)`)
  })

  test.each([0, 1])('a push of several commits, depth %i', async (depth) => {
    const { site, run, stored, purges } = await scenario({ files: { 'gone.png': '1', 'back.png': '1' } })
    const before = site.head()
    site.write({ 'a.png': '1', 'short-lived.png': '1', 'back.png': null })
    site.commit()
    site.write({ 'a.png': '2', 'short-lived.png': null, 'back.png': '1', 'gone.png': null })
    const pushed = await run({}, { event: site.pushEvent(before, site.commit()), depth })
    expect([pushed.code, stored(), purges()]).toEqual([0, ['a.png'], [url('a.png'), url('gone.png')]])
  })

  test('a checkout in a folder of the workspace', async () => {
    const { site, imgix, stored } = await scenario()
    const workspace = temporaryFolder()
    const before = site.head()
    site.write({ 'public/a.png': 'a', 'public/deep/b.png': 'b', 'c.png': 'c' })
    const event = site.pushEvent(before, site.commit())
    renameSync(site.clone({ depth: 1 }).dir, `${workspace}/my site`)
    mkdirSync(`${workspace}/public`)
    writeFileSync(`${workspace}/public/not-in-git.png`, 'x')
    const inputs = { 'api-key': imgix.apiKey, 'source-id': 'SRC', 'api-url': imgix.apiUrl, root: 'my site/public' }
    const run = await act({ workspace, inputs, event }, imgix)
    expect([run.code, run.errors, stored()]).toEqual([0, [], ['a.png', 'deep/b.png']])
  })

  test.runIf(process.getuid?.() === 0)('a repository of another user, as in a container', async () => {
    const { site, run, stored } = await scenario()
    const before = site.head()
    site.write({ 'a.png': 'a' })
    const event = site.pushEvent(before, site.commit())
    execFileSync('chown', ['-R', '4321', site.dir])
    expect([(await run({}, { event })).code, stored()]).toEqual([0, ['a.png']])
  })

  test('a workspace and a root that are symbolic links', async () => {
    const { site, imgix, stored } = await scenario()
    const folder = temporaryFolder()
    const before = site.head()
    site.write({ 'releases/5/a.png': 'a', 'releases/4/b.png': 'b' })
    site.link('current', 'releases/5')
    const event = site.pushEvent(before, site.commit())
    symlinkSync(site.dir, `${folder}/work`)
    const inputs = { 'api-key': imgix.apiKey, 'source-id': 'SRC', 'api-url': imgix.apiUrl, root: 'current' }
    const run = await act({ workspace: `${folder}/work`, inputs, event }, imgix)
    expect([run.code, run.errors, stored()]).toEqual([0, [], ['a.png']])
  })

  test('a forced push, depth 1: what differs from the commit that nothing leads to any more', async () => {
    const { site, run, stored, purges } = await scenario({ files: { 'a.png': '1' } })
    const start = site.head()
    site.write({ 'a.png': '2', 'b.png': '1' })
    const before = site.commit()
    site.git('reset', '--quiet', '--hard', start)
    site.write({ 'c.png': '1' })
    const pushed = await run({}, { event: site.pushEvent(before, site.commit()), depth: 1 })
    expect([pushed.code, stored(), purges()]).toEqual([
      ...[0, ['a.png', 'c.png']],
      [url('a.png'), url('b.png'), url('c.png')],
    ])
  })

  test('no repository: says what to put before this step', async () => {
    const { imgix, asked } = await scenario()
    const inputs = { 'api-key': imgix.apiKey, 'source-id': 'SRC', 'api-url': imgix.apiUrl }
    const run = await act({ workspace: temporaryFolder(), inputs }, imgix)
    expect([run.code, asked()]).toEqual([1, []])
    expect(run.errors).toEqual([
      expect.stringMatching(
        /contains no git repository.*: put actions\/checkout before this step, or start in a clone$/,
      ),
    ])
  })
})

describe('kinds of changes', () => {
  test('a rename: the old name is purged, the new one stored and purged', async () => {
    const { site, push, asked, purges } = await scenario({ files: { 'old.png': 'the same bytes' } })
    site.git('mv', 'old.png', 'new.png')
    const run = await push({})
    expect(asked().sort()).toEqual([...began, purged, purged, uploaded('new.png')].sort())
    expect(purges()).toEqual([url('new.png'), url('old.png')])
    expect(run.results).toEqual([
      'deleted old.png',
      `purged ${url('new.png')}`,
      `purged ${url('old.png')}`,
      'uploaded new.png',
    ])
  })

  test('a file out of the patterns by a rename is purged; one into them is stored', async () => {
    const { site, push, stored, purges } = await scenario({ files: { 'a.png': 'a', 'b.txt': 'b' } })
    site.git('mv', 'a.png', 'a.txt')
    site.git('mv', 'b.txt', 'b.png')
    await push({})
    expect([stored(), purges()]).toEqual([['b.png'], [url('a.png'), url('b.png')]])
  })

  test('a file that becomes a link, a link that becomes a file, and a mode', async () => {
    const { site, push, imgix, purges } = await scenario({ files: { 'a.png': 'a', 't.txt': 'target', 'run.png': 'x' } })
    site.link('l.png', 't.txt')
    site.commit()
    site.link('a.png', 't.txt')
    site.write({ 'l.png': null })
    site.git('update-index', '--chmod=+x', 'run.png')
    const run = await push({ 'l.png': 'file' })
    expect([run.code, run.errors]).toEqual([0, []])
    const bodies = [...imgix.objects].map(([path, { body }]) => [path, String(body)]).sort()
    expect(bodies.filter(([path]) => path !== 'run.png')).toEqual([
      ['a.png', 'target'],
      ['l.png', 'file'],
    ])
    expect(purges().filter((each) => each !== url('run.png'))).toEqual([url('a.png'), url('l.png')])
  })

  test('chmod alone is a change of the same bytes', async () => {
    const { site, push, stored } = await scenario({ files: { 'run.png': 'x' } })
    site.git('config', 'core.fileMode', 'false')
    site.git('update-index', '--chmod=+x', 'run.png')
    const run = await push({})
    expect([run.code, stored()]).toEqual([0, ['run.png']])
  })

  test('submodules are left out, added, changed or removed; one that gives way to a file adds it', async () => {
    const { site, run, stored, purges } = await scenario()
    const link = (path: string, sha: string) =>
      site.git('update-index', '--add', '--cacheinfo', `160000,${sha},${path}`)
    const commit = (): string => {
      site.git('commit', '--quiet', '-m', 'submodules')
      return site.head()
    }
    const before = site.head()
    for (const path of ['gone.png', 'moved.png', 'file.png']) link(path, before)
    const linked = commit()
    expect(await run({}, { event: site.pushEvent(before, linked) })).toMatchObject({ code: 0, results: [] })
    site.git('update-index', '--force-remove', 'gone.png')
    link('moved.png', linked)
    site.write({ 'file.png': 'a file now' })
    site.git('update-index', '--force-remove', 'file.png')
    site.git('add', 'file.png')
    const after = commit()
    const changed = await run({}, { event: site.pushEvent(linked, after) })
    expect([changed.code, stored(), purges()]).toEqual([0, ['file.png'], [url('file.png')]])
    link('file.png', linked)
    const last = commit()
    const back = await run({}, { event: site.pushEvent(after, last) })
    expect(back).toMatchObject({ code: 0, results: ['deleted file.png', `purged ${url('file.png')}`] })
  })

  test('links: followed inside the workspace, never out of it, never into .git, never to a folder', async () => {
    const { site, push, imgix } = await scenario()
    const outside = temporaryFolder()
    writeFileSync(`${outside}/secret.png`, 'SECRET')
    symlinkSync(`${outside}`, `${outside}/loop`)
    site.write({ 'real/pic.txt': 'picture', 'real/sub/deep.txt': 'deep' })
    const links = {
      'in.png': 'real/pic.txt',
      'deep/in.png': '../real/sub/deep.txt',
      'chain.png': 'in.png',
      'out.png': `${outside}/secret.png`,
      'up.png': `../${outside.split('/').at(-1)}/secret.png`,
      'git.png': '.git/config',
      'broken.png': 'nowhere',
      'loop.png': 'loop.png',
      'folder.png': 'real',
      'passwd.png': '/etc/passwd',
      'device.png': '/dev/zero',
    }
    for (const [path, target] of Object.entries(links)) site.link(path, target)
    const run = await push({ 'a.png': 'a' })
    expect([...imgix.objects].map(([path, { body }]) => [path, String(body)]).sort()).toEqual([
      ['a.png', 'a'],
      ['chain.png', 'picture'],
      ['deep/in.png', 'deep'],
      ['in.png', 'picture'],
    ])
    expect(run.code).toBe(1)
    const leaves =
      'a symbolic link that leaves the workspace, which is never followed: put the file itself in its place'
    expect(run.errors).toEqual([
      "broken.png: a symbolic link whose target can't be reached (ENOENT): put the target back, or the file itself in place of the link",
      `device.png: ${leaves}`,
      'folder.png: a symbolic link to a folder: put the files themselves in its place',
      'git.png: a symbolic link into .git, which is never followed: put the file itself in its place',
      "loop.png: a symbolic link whose target can't be reached (ELOOP): put the target back, or the file itself in place of the link",
      `out.png: ${leaves}`,
      `passwd.png: ${leaves}`,
      `up.png: ${leaves}`,
      '8 of 12 files failed',
    ])
  })

  test('a folder that became a link out of the workspace is not read through', async () => {
    const { site, run, stored } = await scenario({ files: { 'img/a.png': 'a' } })
    const outside = temporaryFolder()
    writeFileSync(`${outside}/a.png`, 'SECRET')
    const before = site.head()
    site.write({ 'img/a.png': 'b', 'c.png': 'c' })
    const event = site.pushEvent(before, site.commit())
    renameSync(`${site.dir}/img`, `${site.dir}/img-away`)
    symlinkSync(outside, `${site.dir}/img`)
    expect([(await run({}, { event })).code, stored()]).toEqual([1, ['c.png']])
  })

  test('a file that git has and an earlier step took away fails; the others go through', async () => {
    const { site, run, stored } = await scenario()
    const before = site.head()
    site.write({ 'a.png': 'a', 'b.png': 'b' })
    const event = site.pushEvent(before, site.commit())
    site.write({ 'a.png': null })
    const pushed = await run({}, { event })
    expect([pushed.code, stored()]).toEqual([1, ['b.png']])
    expect(pushed.errors[0]).toMatch(/^a\.png: a file in git, but not in the work tree/)
  })
})

describe('the base', () => {
  const all = { uploaded: '["a.png","b.png"]', base: '', 'base-strategy': 'all' }

  test.each([
    ['the first push of a branch', { name: 'push', payload: { before: none, created: true } }, /first push/],
    ['workflow_dispatch', { name: 'workflow_dispatch', payload: { ref: 'refs/heads/main' } }, /'workflow_dispatch'/],
    ['schedule', { name: 'schedule', payload: {} }, /'schedule'/],
    ['release', { name: 'release', payload: { release: {} } }, /'release'/],
    ['a base that is gone', { name: 'push', payload: { before: 'e'.repeat(40) } }, /e{40} \(event\) is not available/],
    ['a payload of nonsense', { name: 'push', payload: [{ before: 7 }] }, /base: not from the event: (?!.*first push)/],
  ])('%s: every matching file, and the log says why', async (_, event, why) => {
    const { run, stored } = await scenario({ files: { 'a.png': 'a', 'b.png': 'b', 'c.txt': 'c' } })
    const done = await run({}, { event, depth: 1 })
    expect([done.code, stored()]).toEqual([0, ['a.png', 'b.png']])
    expect(done.outputs).toMatchObject(all)
    expect(done.log).toMatch(why)
    expect(done.log).toContain('every matching file is taken')
    expect(done.report).toMatchObject({ baseStrategy: 'all', files: [{ change: 'present' }, { change: 'present' }] })
  })

  test.each([
    ['HEAD~1', 'HEAD~1', 0, ['c.png']],
    ['HEAD^^', 'HEAD^^', 0, ['b.png', 'c.png']],
    ['a branch of the remote', 'start', 1, ['b.png', 'c.png']],
    ['a branch with its remote', 'origin/start', 0, ['b.png', 'c.png']],
    ['a tag', 'v1', 1, ['b.png', 'c.png']],
    ['a full name', 'refs/tags/v1', 1, ['b.png', 'c.png']],
    ['a short SHA', 'SHORT', 0, ['b.png', 'c.png']],
    ['a SHA', 'SHA', 1, ['b.png', 'c.png']],
  ])('base: %s', async (_, base, depth, expected) => {
    const { site, run, stored } = await scenario({ files: { 'a.png': 'a' } })
    const start = site.head()
    site.git('branch', 'start')
    site.git('tag', '-a', '-m', 'annotated', 'v1')
    for (const name of ['b.png', 'c.png']) {
      site.write({ [name]: name })
      site.commit()
    }
    const ref = base === 'SHA' ? start : base === 'SHORT' ? start.slice(0, 9) : base
    const done = await run({ base: ref }, { depth, event: { name: 'workflow_dispatch', payload: {} } })
    expect([done.code, done.errors, stored()]).toEqual([0, [], expected])
    expect(done.outputs).toMatchObject({ 'base-strategy': 'input', head: site.head() })
  })

  test.each(['no-such-branch', '--upload-pack=touch /tmp/x', '+refs/heads/main:refs/heads/x', 'HEAD~99'])(
    'base: %s, which there is not: every matching file, and the log says so',
    async (base) => {
      const { run } = await scenario({ files: { 'a.png': 'a', 'b.png': 'b' } })
      const done = await run({ base }, { depth: 1 })
      expect(done.outputs).toMatchObject(all)
      expect(done.log).toContain(`base: ${base} (input) is not available`)
    },
  )

  test('a tag that was moved has no base either', async () => {
    const { site, run } = await scenario({ files: { 'a.png': 'a' } })
    const event = site.pushEvent(site.head(), site.commit())
    const payload = { ...event.payload, ref: 'refs/tags/v1' }
    const done = await run({}, { event: { name: 'push', payload } })
    expect([done.code, done.outputs['base-strategy'], done.outputs.uploaded]).toEqual([0, 'all', '["a.png"]'])
  })

  test('a push that deletes its branch does nothing, and says so', async () => {
    const { site, run, asked } = await scenario({ files: { 'a.png': 'a' } })
    const done = await run({}, { event: site.pushEvent(site.head(), none) })
    expect([done.code, asked()]).toEqual([0, []])
    expect([done.log, done.summary]).toEqual(Array(2).fill(expect.stringContaining('the push deleted its branch')))
  })

  test('a push of no matching file: no request, and a reason', async () => {
    const { push, asked } = await scenario({ files: { 'a.png': 'a' } })
    const run = await push({ 'README.md': 'new' })
    expect([run.code, asked(), run.errors, run.results]).toEqual([0, [], [], []])
    expect([run.log, run.summary]).toEqual(Array(2).fill(expect.stringContaining('he changed file between ')))
    expect(run.outputs).toMatchObject({ uploaded: '[]', 'uploaded-count': '0', 'failed-count': '0' })
    expect(run.annotations).toEqual([])
  })

  test('a push with patterns that nothing matches: green, with warnings that say what is right', async () => {
    const { push, asked } = await scenario({ files: { 'a.png': 'a' } })
    const run = await push({ 'a.png': 'b' }, { files: '**/*.{png,jpg}' })
    expect([run.code, asked(), run.results]).toEqual([0, [], []])
    expect(run.annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warning: files: none of the 2 files in the repository matches, so no push publishes a file: check the patterns, or root',
      "warning: files: line 1, '**/*.{png,jpg}', matches no file: a pattern has no braces; write **/*.png and **/*.jpg, each on its own line",
    ])
  })

  test.each([
    ['nothing', ''],
    ['only comments', '# nothing\n\n  # at all'],
  ])('files set to %s selects nothing, and says so', async (_, files) => {
    const { push, asked } = await scenario()
    const run = await push({ 'a.png': 'a' }, { files })
    expect([run.code, asked(), run.results]).toEqual([0, [], []])
    expect([run.log, run.summary]).toEqual(Array(2).fill(expect.stringContaining('is set to nothing')))
  })

  test('a root that there is not', async () => {
    const { push, asked } = await scenario()
    const run = await push({ 'a.png': 'a' }, { root: 'publick' })
    expect([run.code, asked()]).toEqual([1, []])
    expect(run.errors).toEqual(["root: there is no folder 'publick': check its name"])
  })

  test('a root whose last file the push deleted', async () => {
    const { push, purges } = await scenario({ files: { 'public/a.png': 'a' } })
    const run = await push({ 'public/a.png': null }, { root: 'public' }, { depth: 1 })
    expect([run.code, purges()]).toEqual([0, [url('a.png')]])
  })

  test('a pull request publishes with a notice, and only looks with dry-run', async () => {
    const { run } = await scenario({ files: { 'a.png': 'a' } })
    const event = { name: 'pull_request', payload: { number: 1 } }
    const notices = async (inputs: Record<string, string>) =>
      (await run({ deleted: 'ignore', ...inputs }, { event })).annotations.map(
        ({ level, message }) => `${level}: ${message}`,
      )
    expect(await notices({})).toEqual([expect.stringMatching(/^notice: .*publishes files that are not merged/)])
    expect(await notices({ 'dry-run': 'true' })).toEqual([])
  })
})
