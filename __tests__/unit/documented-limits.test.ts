import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The page, what it says, and the constant of the code that it is about. */
test.each([
  ['docs/pace.md', 'ten times `timeout`', 'imgix/http/watch.ts', 'ANSWER_LIMITS = 10'],
  ['docs/pace.md', '2 minutes', 'imgix/http/retry.ts', 'RETRY_AFTER_MAX_MS = 120_000'],
  ['docs/pace.md', '4,096 characters', 'inputs/patterns.ts', 'PATTERN_MAX_LENGTH = 4096'],
  ['docs/inputs.md', '4,096 characters', 'inputs/patterns.ts', 'PATTERN_MAX_LENGTH = 4096'],
  ...['docs/pace.md', 'docs/metadata.md', 'docs/source-action.md', 'docs/troubleshooting.md'].flatMap((page) => [
    [page, '1 MB', 'inputs/text-file.ts', 'TEXT_MAX_BYTES = 1_000_000'],
    [page, '100,000 values', 'inputs/yaml.ts', 'VALUES_MAX = 100_000'],
    [page, '300,000 lines and marks', 'inputs/yaml.ts', 'MARKS_MAX = 3 * VALUES_MAX'],
    [page, '500', 'inputs/yaml.ts', 'DEPTH_MAX = 500'],
  ]),
  ['docs/pace.md', '50 MB', 'runner/environment.ts', 'PAYLOAD_MAX_BYTES = 50_000_000'],
  ['docs/pace.md', '10,000 characters', 'runner/core.ts', 'LINE_MAX_LENGTH = 10_000'],
  ['docs/pace.md', '50; the log or the report has the rest', 'runner/annotations.ts', 'ANNOTATIONS_MAX = 50'],
  ['docs/pace.md', '1 MiB', 'runner/summary.ts', 'SUMMARY_MAX_BYTES = 2 ** 20'],
  ['docs/pace.md', '200 kB', 'runner/host.ts', '200_000'],
  ['docs/pace.md', '256 parts', 'inputs/shard.ts', 'SHARDS_MAX = 256'],
  ['docs/pace.md', '10,000', 'select/walk.ts', 'LINKED_FOLDERS_MAX = 10_000'],
  ['docs/security.md', 'fewer than 8 characters', 'runner/secrets.ts', 'SECRET_MIN_LENGTH = 8'],
  ['docs/recipes.md', 'more than 50 files', 'plan/refusals.ts', 'REFRESHES_MAX = 50'],
])('%s says %j, as %s has it', (page, words, file, constant) => {
  expect(read(page).replace(/\s+/g, ' ')).toContain(words)
  expect(read(`src/${file}`)).toContain(constant)
})
