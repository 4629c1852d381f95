import { DOCUMENTED_LIMITS } from '../imgix/pace.ts'
import * as core from '../runner/core.ts'
import { DEFAULTS } from './defaults.ts'
import { parseFile, parseRoot } from './paths.ts'
import type { PatternInput } from './pattern-advice.ts'
import { type Matcher, readPatternLines } from './patterns.ts'
import { createInputReader, type InputReader } from './reader.ts'
import { parseShard } from './shard.ts'
import {
  type Allowed,
  divideLimits,
  oneOf,
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

export type Inputs = Readonly<ReturnType<typeof readAll>>

/**
 * Reads and checks every input, and the proxy variables.
 * @param workspace absolute path of the folder that `root` is relative to
 * @throws InputError with all problems at once
 */
export function readInputs(workspace: string): Inputs {
  // a step can set `files` to nothing: its default is for a step that does not set it
  const reader = createInputReader({ ...DEFAULTS, files: core.isSet('files') ? '' : DEFAULTS.files })
  const inputs = readAll(reader, workspace)
  checkTogether(inputs, reader)
  reader.check()
  return { ...inputs, rateLimits: divideLimits(inputs.rateLimits, inputs.shard.count) }
}

function readAll({ githubToken, read, readClient, text }: InputReader, workspace: string) {
  const root = read('root', (value) => parseRoot(value, workspace))
  const parsePatterns = (patterns: string): Matcher | Allowed => parseFiles(patterns, { root, workspace })
  const files = readPatternLines(text('files'))
  const patternInputs: readonly PatternInput[] = [
    { name: 'files', lines: files, isDefault: text('files').trim() === DEFAULTS.files.trim() },
    { name: 'sub-images', lines: readPatternLines(text('sub-images')) },
    { name: 'content-types', lines: readContentTypeLines(text('content-types')) },
  ]
  return {
    sourceId: read('source-id', parseSourceId),
    mode: read('mode', oneOf('changed', 'all')),
    /** POSIX, relative to the workspace; '.' for the workspace itself */
    root,
    files: read('files', parsePatterns),
    /** the patterns of `files`, `sub-images` and `content-types`, as they are written */
    patternInputs,
    /** false: `files` is set to nothing */
    selectsFiles: files.length > 0,
    /** '' or ends with a slash */
    prefix: read('prefix', parsePrefix),
    base: read('base', (base) => (/[\p{Cc}]/u.test(base) ? { allowed: 'a ref or a commit' } : base)),
    onUnknownBase: read('on-unknown-base', oneOf('all', 'fail')),
    githubToken,
    upload: read('upload', parseBoolean),
    onConflict: read('on-conflict', oneOf('overwrite', 'skip', 'fail')),
    uploadVia: read('upload-via', oneOf('auto', 'direct', 'session')),
    sessionThresholdBytes: read('session-threshold', parseSize),
    contentTypes: read('content-types', parseContentTypes),
    guards: read('guards', oneOf('fail', 'warn', 'off')),
    /** in `mode: all`, also upload unchanged files */
    force: read('force', parseBoolean),
    /** in `mode: all`, whether the run takes files that git does not track */
    untracked: read('untracked', oneOf('include', 'ignore')),
    shard: read('shard', parseShard),
    /** path of the metadata file: POSIX, relative to the workspace; '' for none */
    metadata: read('metadata', (path) => parseFile(path, workspace)),
    assetManager: read('asset-manager', oneOf('off', 'add', 'refresh')),
    purge: read('purge', parseBoolean),
    domains: read('domains', parseDomains),
    urls: read('urls', parseUrls),
    /** the files that other images use as `mark` or `blend` */
    subImages: read('sub-images', parsePatterns),
    deleted: read('deleted', oneOf('purge', 'ignore')),
    verify: read('verify', oneOf('off', 'warn', 'fail')),
    verifyTimeoutMs: read('verify-timeout', wholeNumber(1, 3600)) * 1000,
    /** the job summary */
    summary: read('summary', oneOf('pictures', 'text', 'off')),
    rateLimits: read('rate-limits', (limits) => parseRateLimits(limits, DOCUMENTED_LIMITS)),
    concurrency: read('concurrency', wholeNumber(1, 64)),
    dryRun: read('dry-run', parseBoolean),
    ...readClient(),
  }
}

function checkTogether(inputs: Inputs, { add, isNoted, requireKey, text }: InputReader): void {
  const { sourceId, upload, purge, dryRun } = inputs
  if (dryRun !== false) return
  requireKey('a Management API key, required unless dry-run is true')
  const domainsNeeded =
    purge && !isNoted('domains') && !isNoted('urls') && inputs.domains.length + inputs.urls.length === 0
  if (sourceId === '' && (upload !== false || domainsNeeded)) {
    add("source-id: '' is not allowed; the Source's id, required to upload and to find the domains to purge on")
  } else if (sourceId === '' && (readPatternLines(text('sub-images')).length > 0 || inputs.assetManager !== 'off')) {
    add("source-id: '' is not allowed; the Source's id, required for sub-images and asset-manager")
  }
}
