import { execFileSync } from 'node:child_process'

type ApiFile = { filename: string; status: string; previous_filename?: string }

// @see https://docs.github.com/rest/commits/commits#compare-two-commits and
// https://docs.github.com/rest/pulls/pulls#list-pull-requests-files (read 2026-11-21)
const COMPARE_MAX_FILES = 300
const PULL_REQUEST_MAX_FILES = 3000
const STATUSES: Readonly<Record<string, string>> = { A: 'added', M: 'modified', D: 'removed', T: 'changed' }

/** The comparison of `base...head`. Its files are those between the merge base and the head.
 *  @returns undefined if a commit is missing, or the two have no common ancestor */
export function compareCommits(dir: string, basehead: string): Record<string, unknown> | undefined {
  const [base, head] = basehead
    .split('...')
    .map((ref) => git(dir, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`))
  const from = base && head && git(dir, 'merge-base', base, head)
  if (!base || !head || !from) return undefined
  const ahead = Number(git(dir, 'rev-list', '--count', `${base}..${head}`))
  const behind = Number(git(dir, 'rev-list', '--count', `${head}..${base}`))
  return {
    base_commit: { sha: base },
    merge_base_commit: { sha: from },
    status: ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical',
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: [],
    files: diff(dir, from, head).slice(0, COMPARE_MAX_FILES),
  }
}

/** A page of the files of a pull request, compared with its merge base. */
export function listFiles(dir: string, { base, head }: { base: string; head: string }, query: URLSearchParams) {
  const all = diffOnce(dir, base, head).slice(0, PULL_REQUEST_MAX_FILES)
  const perPage = Math.min(Number(query.get('per_page') ?? 30), 100)
  const page = Number(query.get('page') ?? 1)
  return { items: all.slice((page - 1) * perPage, page * perPage), pages: Math.ceil(all.length / perPage) }
}

/** Keeps the last list for the next page. */
let last: { of: string; files: ApiFile[] } | undefined

function diffOnce(dir: string, base: string, head: string): ApiFile[] {
  const of = [dir, base, head].join('\0')
  if (last?.of !== of) last = { of, files: diff(dir, git(dir, 'merge-base', base, head) ?? base, head) }
  return last.files
}

function diff(dir: string, from: string, to: string): ApiFile[] {
  const fields = (git(dir, 'diff', '--name-status', '-M', '-z', from, to) ?? '').split('\0')
  const files: ApiFile[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [letter = ''] = fields[at] ?? ''
    if (letter === 'R') {
      files.push({ filename: fields[at + 2] ?? '', status: 'renamed', previous_filename: fields[at + 1] ?? '' })
      at += 1
    } else files.push({ filename: fields[at + 1] ?? '', status: STATUSES[letter] ?? 'changed' })
  }
  return files
}

function git(dir: string, ...args: string[]): string | undefined {
  try {
    const env = { PATH: process.env.PATH, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
    const output = execFileSync('git', args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' })
    return output.replace(/\n$/, '')
  } catch {
    return undefined
  }
}
