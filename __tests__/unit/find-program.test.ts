import { posix, win32 } from 'node:path'
import { expect, test } from 'vitest'
import { findGit } from '../../src/select/find-program.ts'
import { GitError } from '../../src/select/git-output.ts'

type Disk = { programs: string[]; links?: Record<string, string> }

/** A system whose disk has these programs, and these links to folders or programs. */
function system(path: typeof posix, { programs, links = {} }: Disk) {
  const realPath = (file: string): string => {
    const link = Object.keys(links).find((name) => file === name || file.startsWith(`${name}${path.sep}`))
    return link === undefined ? file : `${links[link]}${file.slice(link.length)}`
  }
  return { path, realPath, isProgram: (file: string) => programs.includes(realPath(file)) }
}

const WORKSPACE = '/home/runner/work/site/site'

test.each<[string, string, Disk, string, string]>([
  ['the first that has it', '/a:/b:/c', { programs: ['/b/git', '/c/git'] }, '/b/git', '/a:/b:/c'],
  ['not the workspace', `${WORKSPACE}:/b`, { programs: [`${WORKSPACE}/git`, '/b/git'] }, '/b/git', '/b'],
  [
    'not a folder in it',
    `${WORKSPACE}/node_modules/.bin:/b`,
    { programs: [`${WORKSPACE}/node_modules/.bin/git`, '/b/git'] },
    '/b/git',
    '/b',
  ],
  [
    'not a way around',
    `/home/../home/runner/work/site/./site/bin:/b`,
    { programs: [`/home/../home/runner/work/site/./site/bin/git`, '/b/git'] },
    '/b/git',
    '/b',
  ],
  [
    'a folder beside it',
    `${WORKSPACE}2:/b`,
    { programs: [`${WORKSPACE}2/git`] },
    `${WORKSPACE}2/git`,
    `${WORKSPACE}2:/b`,
  ],
  ['a folder above it', `/home:/b`, { programs: ['/home/git'] }, '/home/git', '/home:/b'],
  ['a folder named with dots', '/..a:/b', { programs: ['/..a/git'] }, '/..a/git', '/..a:/b'],
  ['not what is relative, or empty', '.:bin::..:/b:', { programs: ['git', 'bin/git', '/b/git'] }, '/b/git', '/b'],
  [
    'not a link to a folder in it',
    '/link:/b',
    { programs: [`${WORKSPACE}/bin/git`, '/b/git'], links: { '/link': `${WORKSPACE}/bin` } },
    '/b/git',
    '/b',
  ],
  [
    'not a link to a program in it',
    '/a:/b',
    { programs: [`${WORKSPACE}/git`, '/b/git'], links: { '/a/git': `${WORKSPACE}/git` } },
    '/b/git',
    '/a:/b',
  ],
  [
    'a link to elsewhere, by its own name',
    '/a',
    { programs: ['/nix/git'], links: { '/a/git': '/nix/git' } },
    '/a/git',
    '/a',
  ],
  [
    'not the workspace where that is a link',
    '/mnt/site/bin:/b',
    { programs: ['/mnt/site/bin/git', '/b/git'], links: { [WORKSPACE]: '/mnt/site' } },
    '/b/git',
    '/b',
  ],
])('git is taken from PATH: %s', (_, PATH, disk, program, kept) => {
  const found = findGit({ PATH, HOME: '/h' }, WORKSPACE, system(posix, disk))
  expect(found).toEqual({ program, env: { PATH: kept, HOME: '/h' } })
})

const GIT = 'C:\\Program Files\\Git\\cmd'
const WINDOWS_WORKSPACE = 'D:\\a\\site\\site'

test.each<[string, string, string[]]>([
  ['the working folder, which Windows looks into first', `${GIT}`, [`${WINDOWS_WORKSPACE}\\git.exe`]],
  ['the workspace', `${WINDOWS_WORKSPACE};${GIT}`, [`${WINDOWS_WORKSPACE}\\git.exe`]],
  ['the workspace in another case', `d:\\A\\SITE\\site\\bin;${GIT}`, [`d:\\A\\SITE\\site\\bin\\git.exe`]],
  ['the workspace with slashes', `D:/a/site/site/bin;${GIT}`, ['D:\\a\\site\\site\\bin\\git.exe']],
  ['the workspace in quotes', `"${WINDOWS_WORKSPACE}\\bin";${GIT}`, [`${WINDOWS_WORKSPACE}\\bin\\git.exe`]],
  ['what is relative, or empty', `.;;bin;${GIT}`, ['git.exe', 'bin\\git.exe']],
  ['what is on the drive of the working folder', `\\a\\site\\site;${GIT}`, ['\\a\\site\\site\\git.exe']],
  ['what is relative to the folder of a drive', `D:bin;${GIT}`, ['D:bin\\git.exe']],
])('on Windows, not %s', (_, Path, planted) => {
  const own = `${GIT}\\git.exe`
  const found = findGit({ Path }, WINDOWS_WORKSPACE, system(win32, { programs: [...planted, own] }))
  expect(found).toEqual({ program: own, env: { Path: GIT } })
})

test('on Windows, a folder in quotes', () => {
  const found = findGit({ PATH: `"${GIT}"` }, WINDOWS_WORKSPACE, system(win32, { programs: [`${GIT}\\git.exe`] }))
  expect(found.program).toBe(`${GIT}\\git.exe`)
})

test.each([
  ['/git/core', '/git/core'],
  [`${WORKSPACE}/core`, undefined],
  ['core', undefined],
])("git's other programs are the workspace's neither: GIT_EXEC_PATH %s", (GIT_EXEC_PATH, kept) => {
  const { env } = findGit({ PATH: '/b', GIT_EXEC_PATH }, WORKSPACE, system(posix, { programs: ['/b/git'] }))
  expect(env.GIT_EXEC_PATH).toBe(kept)
})

test.each([
  ['none', '/a:/b', []],
  ['none but the workspace', `/a:${WORKSPACE}`, [`${WORKSPACE}/git`]],
  ['no PATH', undefined, ['/usr/bin/git']],
])('%s has it', (_, PATH, programs) => {
  expect(() => findGit({ PATH }, WORKSPACE, system(posix, { programs }))).toThrow(
    new GitError("git can't be run: no folder on PATH outside the workspace has it: install git first"),
  )
})
