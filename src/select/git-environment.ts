import { dirname } from 'node:path'
import type { Repository } from './find-repository.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Variables that change the repository or the meaning of a path: those of `git rev-parse --local-env-vars` without
 *  GIT_CONFIG_COUNT, and switches of `git(1)`. The user's variables for the network and for tracing stay. */
const CLEARED = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_ATTR_SOURCE',
  'GIT_CEILING_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIFF_OPTS',
  'GIT_DIR',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_EXTERNAL_DIFF',
  'GIT_GLOB_PATHSPECS',
  'GIT_GRAFT_FILE',
  'GIT_ICASE_PATHSPECS',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_LITERAL_PATHSPECS',
  'GIT_NAMESPACE',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REDIRECT_STDERR',
  'GIT_REDIRECT_STDIN',
  'GIT_REDIRECT_STDOUT',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
])

/** Options of every command. They turn off programs that a configuration can make git run, and replacements of objects: a
 *  commit that stands for another has other files. */
export const SETTINGS = [
  '--no-pager',
  '--literal-pathspecs',
  '--no-replace-objects',
  ...[
    'core.alternateRefsCommand=true',
    'core.fsmonitor=',
    'core.hooksPath=/dev/null',
    'gc.auto=0',
    'maintenance.auto=false',
    'protocol.ext.allow=never',
    'safe.bareRepository=explicit',
  ].flatMap((setting) => ['-c', setting]),
]

/** The transports of git itself: any other is a program on PATH. */
const OWN_TRANSPORTS = 'file:git:http:https:ssh'

/** Forbids every transport, also for an object that a partial clone lacks. */
export const OFFLINE = { GIT_ALLOW_PROTOCOL: 'none' }

/** The environment of git for one repository. With GIT_DIR, git does not search for a repository or check its owner: the
 *  workspace of a container often belongs to another user, and git before 2.38 has no safe.directory as an argument. */
export function gitEnvironment(
  env: Variables,
  repository: Pick<Repository, 'topLevel' | 'gitDir' | 'isNested'>,
): Record<string, string | undefined> {
  const { topLevel, gitDir, isNested } = repository
  const kept = Object.entries(env).filter(([name]) => !CLEARED.has(name.toUpperCase()))
  const allowed = env.GIT_ALLOW_PROTOCOL ?? (isNested ? OWN_TRANSPORTS : undefined)
  const protocols = allowed?.split(':').filter((name) => name !== 'ext')
  return {
    ...Object.fromEntries(kept),
    ...(protocols && { GIT_ALLOW_PROTOCOL: protocols.join(':') }),
    GIT_DIR: gitDir,
    GIT_WORK_TREE: topLevel,
    GIT_CEILING_DIRECTORIES: dirname(topLevel),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  }
}

/** @returns variables that add settings to those in the user's environment */
export function addSettings(
  env: Variables,
  settings: readonly [name: string, value: string][],
): Record<string, string> {
  const first = Number(env.GIT_CONFIG_COUNT ?? 0)
  const pairs = settings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, name],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ])
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(first + settings.length) }
}
