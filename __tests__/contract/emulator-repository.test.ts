import { chmodSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createRepository } from '../helpers/repository.ts'

test('names may hold any byte that git allows', () => {
  const repository = createRepository()
  repository.write({ 'new\nline "q"\t\\.png': 'x', 'sub/ä.png': Buffer.from([0]) })
  repository.writeBytes(Buffer.from([0xe9]), 'latin')
  repository.link('link.png', 'sub/ä.png')
  repository.commit()
  const names = repository.git('-c', 'core.quotePath=true', 'ls-tree', '-r', '--name-only', 'HEAD').split('\n')
  expect(names).toEqual(['link.png', '"new\\nline \\"q\\"\\t\\\\.png"', '"sub/\\303\\244.png"', '"\\351"'])
})

test('null deletes, and every commit is one', () => {
  const repository = createRepository()
  repository.write({ a: '1', b: '2' })
  const first = repository.commit()
  repository.write({ a: null, b: '3' })
  const second = repository.commit('Second')
  expect(repository.git('diff', '--name-status', first, second)).toBe('D\ta\nM\tb')
  expect(repository.commit()).not.toBe(second)
})

test('commits are the same in every run', () => {
  const make = () => {
    const repository = createRepository()
    repository.write({ a: '1' })
    return repository.commit()
  }
  expect(make()).toBe(make())
})

test('a shallow clone lacks what a fetch by SHA brings', () => {
  const origin = createRepository()
  origin.write({ a: '1' })
  const first = origin.commit()
  origin.write({ a: '2' })
  const second = origin.commit()
  const clone = origin.clone({ depth: 1 })
  expect([clone.head(), clone.git('rev-list', '--count', 'HEAD'), clone.git('branch', '--show-current')]).toEqual([
    second,
    '1',
    'main',
  ])
  expect(() => clone.git('cat-file', '-e', first)).toThrow()
  clone.git('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', first)
  expect(clone.git('diff', '--name-only', first, second)).toBe('a')
})

test('a push event tells a new branch, an ordinary push and a forced one apart', () => {
  const repository = createRepository()
  const commits = ['1', '2', '3'].map((a) => {
    repository.write({ a })
    return repository.commit()
  })
  const [first = '', second = '', third = ''] = commits
  const none = '0'.repeat(40)
  const kinds = [
    [first, third],
    [none, third],
    [third, second],
    [third, none],
  ].map(([before = '', after = '']) => {
    const { created, deleted, forced, commits: listed } = repository.pushEvent(before, after).payload
    return [created, deleted, forced, (listed as unknown[]).length]
  })
  expect(kinds).toEqual([
    [false, false, false, 2],
    [true, false, false, 3],
    [false, false, true, 0],
    [false, true, false, 0],
  ])
})

test('SHA-256 repositories', () => {
  const repository = createRepository({ objectFormat: 'sha256' })
  repository.write({ a: '1' })
  expect(repository.commit()).toMatch(/^[0-9a-f]{64}$/)
})

test.each(['sha1', 'sha256'] as const)(
  'a commit that is written without git is the one that git makes, %s',
  (objectFormat) => {
    const make = (prepare: (repository: ReturnType<typeof createRepository>) => void) => {
      const repository = createRepository({ objectFormat })
      repository.write({ 'a.b': '1', 'a/c.png': '2', 'a-b/d': '', z: Buffer.alloc(70_000, 1), 'run.sh': '#!' })
      repository.writeBytes(Buffer.from([0xe9]), 'latin')
      repository.link('link', 'a/c.png')
      chmodSync(`${repository.dir}/run.sh`, 0o755)
      prepare(repository)
      const first = repository.commit()
      repository.write({ 'a/c.png': null, 'new/deep/x': '3' })
      const second = repository.commit('Second')
      expect(repository.git('status', '--porcelain')).toBe('')
      expect(repository.git('fsck', '--strict')).toBe('')
      return [first, second, repository.pushEvent(first, second)]
    }
    expect(make(() => {})).toEqual(make((repository) => repository.git('config', 'user.name', 'by git')))
  },
)
