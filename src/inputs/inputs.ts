import { DOCUMENTED_LIMITS, type RateLimits } from '../imgix/pace.ts'
import * as core from '../runner/core.ts'
import { DEFAULTS } from './defaults.ts'
import { parseFile, parseRoot } from './paths.ts'
import type { PatternInput } from './pattern-advice.ts'
import { type Matcher, readPatternLines } from './patterns.ts'
import { createInputReader, type InputReader } from './reader.ts'
import { parseShard, type Shard } from './shard.ts'
import {
  type Allowed,
  divideLimits,
  oneOf,
  parseApiUrl,
  parseBoolean,
  parseContentTypes,
  parseDomains,
  parseFiles,
  parsePrefix,
  parseRateLimits,
  parseSize,
  parseSourceId,
  parseUrls,
  readContentTypeLines,
  wholeNumber,
} from './values.ts'

export type Inputs = {
  readonly apiKey: string
  readonly sourceId: string
  readonly mode: 'changed' | 'all'
  /** POSIX, relative to the workspace; '.' for the workspace itself */
  readonly root: string
  readonly files: Matcher
  /** the patterns of `files`, `sub-images` and `content-types`, as they are written */
  readonly patternInputs: readonly PatternInput[]
  /** false: `files` is set to nothing */
  readonly selectsFiles: boolean
  /** '' or ends with a slash */
  readonly prefix: string
  readonly base: string
  readonly onUnknownBase: 'all' | 'fail'
  readonly githubToken: string
  readonly upload: boolean
  readonly onConflict: 'overwrite' | 'skip' | 'fail'
  readonly uploadVia: 'auto' | 'direct' | 'session'
  readonly sessionThresholdBytes: number
  readonly contentTypes: (path: string) => string | undefined
  readonly guards: 'fail' | 'warn' | 'off'
  /** in `mode: all`, also upload unchanged files */
  readonly force: boolean
  /** in `mode: all`, whether the run takes files that git does not track */
  readonly untracked: 'include' | 'ignore'
  readonly shard: Shard
  /** path of the metadata file: POSIX, relative to the workspace; '' for none */
  readonly metadata: string
  readonly assetManager: 'off' | 'add' | 'refresh'
  readonly purge: boolean
  readonly domains: readonly string[]
  readonly urls: readonly string[]
  /** the files that other images use as `mark` or `blend` */
  readonly subImages: Matcher
  readonly deleted: 'purge' | 'ignore'
  readonly verify: 'off' | 'warn' | 'fail'
  readonly verifyTimeoutMs: number
  /** the job summary */
  readonly summary: 'pictures' | 'text' | 'off'
  readonly rateLimits: RateLimits
  readonly concurrency: number
  readonly maxAttempts: number
  readonly timeoutMs: number
  readonly dryRun: boolean
  readonly apiUrl: string
  /** the proxy of a URL with its credentials, from HTTPS_PROXY, HTTP_PROXY and NO_PROXY */
  readonly proxyFor: (url: URL) => URL | undefined
}

/**
 * Reads and checks every input, and the proxy variables.
 * @param workspace absolute path of the folder that `root` is relative to
 * @throws InputError with all problems at once
 */
export function readInputs(workspace: string): Inputs {
  const reader = createInputReader(defaults())
  const { apiKey, read, text } = reader
  const root = read('root', (value) => parseRoot(value, workspace))
  const parsePatterns = (patterns: string): Matcher | Allowed => parseFiles(patterns, { root, workspace })
  const inputs: Inputs = {
    apiKey,
    sourceId: read('source-id', parseSourceId),
    mode: read('mode', oneOf('changed', 'all')),
    root,
    files: read('files', parsePatterns),
    patternInputs: [
      { name: 'files', lines: readPatternLines(text('files')), isDefault: isDefault(text('files')) },
      { name: 'sub-images', lines: readPatternLines(text('sub-images')) },
      { name: 'content-types', lines: readContentTypeLines(text('content-types')) },
    ],
    selectsFiles: isSet(text('files')),
    prefix: read('prefix', parsePrefix),
    base: read('base', (text) => (/[\p{Cc}]/u.test(text) ? { allowed: 'a ref or a commit' } : text)),
    onUnknownBase: read('on-unknown-base', oneOf('all', 'fail')),
    githubToken: reader.githubToken,
    upload: read('upload', parseBoolean),
    onConflict: read('on-conflict', oneOf('overwrite', 'skip', 'fail')),
    uploadVia: read('upload-via', oneOf('auto', 'direct', 'session')),
    sessionThresholdBytes: read('session-threshold', parseSize),
    contentTypes: read('content-types', parseContentTypes),
    guards: read('guards', oneOf('fail', 'warn', 'off')),
    force: read('force', parseBoolean),
    untracked: read('untracked', oneOf('include', 'ignore')),
    shard: read('shard', parseShard),
    metadata: read('metadata', (text) => parseFile(text, workspace)),
    assetManager: read('asset-manager', oneOf('off', 'add', 'refresh')),
    purge: read('purge', parseBoolean),
    domains: read('domains', parseDomains),
    urls: read('urls', parseUrls),
    subImages: read('sub-images', parsePatterns),
    deleted: read('deleted', oneOf('purge', 'ignore')),
    verify: read('verify', oneOf('off', 'warn', 'fail')),
    verifyTimeoutMs: read('verify-timeout', wholeNumber(1, 3600)) * 1000,
    summary: read('summary', oneOf('pictures', 'text', 'off')),
    rateLimits: read('rate-limits', (text) => parseRateLimits(text, DOCUMENTED_LIMITS)),
    concurrency: read('concurrency', wholeNumber(1, 64)),
    maxAttempts: read('max-attempts', wholeNumber(1, 20)),
    timeoutMs: read('timeout', wholeNumber(1, 3600)) * 1000,
    dryRun: read('dry-run', parseBoolean),
    apiUrl: read('api-url', parseApiUrl),
    proxyFor: reader.proxyFor,
  }
  checkTogether(inputs, reader)
  reader.check()
  return { ...inputs, rateLimits: divideLimits(inputs.rateLimits, inputs.shard.count) }
}

function checkTogether(inputs: Inputs, { add, isNoted, text }: InputReader): void {
  const { apiKey, sourceId, upload, purge, dryRun } = inputs
  if (dryRun !== false) return
  if (apiKey === '' && !isNoted('api-key')) {
    add("api-key: '' is not allowed; a Management API key, required unless dry-run is true")
  }
  const domainsNeeded =
    purge && !isNoted('domains') && !isNoted('urls') && inputs.domains.length + inputs.urls.length === 0
  if (sourceId === '' && (upload !== false || domainsNeeded)) {
    add("source-id: '' is not allowed; the Source's id, required to upload and to find the domains to purge on")
  } else if (sourceId === '' && (isSet(text('sub-images')) || inputs.assetManager !== 'off')) {
    add("source-id: '' is not allowed; the Source's id, required for sub-images and asset-manager")
  }
}

/** A step can set `files` to nothing. Its default is for a step that does not set it. */
function defaults(): Record<string, string> {
  return { ...DEFAULTS, files: core.isSet('files') ? '' : DEFAULTS.files }
}

function isDefault(files: string): boolean {
  return files.trim() === DEFAULTS.files.trim()
}

/** @returns whether an input has a line that is not a comment */
function isSet(text: string): boolean {
  return readPatternLines(text).length > 0
}
