import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { holds, textsIn } from '../helpers/messages.ts'

const root = new URL('../../', import.meta.url)
const page = readFileSync(new URL('docs/troubleshooting.md', root), 'utf8')
const texts = textsIn(new URL('src/', root))
/** Messages, a line each; then the cause, and after an arrow what to do. */
const entries = page.split(/^(?=- `)/m).slice(1)
const messages = entries.flatMap((entry) =>
  [...entry.matchAll(/^(?:- | {2})(`+)(.+)\1\\$/gm)].map(([, , message = '']) => message.trim()),
)

/** What an input, an attribute or a YAML value can be: the end of a message that has a row. */
const ALLOWED = [
  ...['configure-source/values.ts', 'download-reports/period.ts', 'inputs/paths.ts', 'inputs/shard.ts'],
  ...['inputs/defaults.ts', 'inputs/values.ts'],
]
/** Lines that a run without a fault has, too. Those of doctor have their remedies, and a page of their own. */
const LINES = [
  ...['doctor', 'github', 'machine', 'permissions', 'source'].map((name) => `command/doctor/${name}.ts`),
  ...[
    'command/command.ts',
    'command/help.ts',
    'plan/listing.ts',
    'report/causes.ts',
    'report/changes-lines.ts',
    'report/ending.ts',
    'report/file-log.ts',
    'report/file-table.ts',
    'report/gallery.ts',
    'report/headline.ts',
    'report/plan-lines.ts',
    'report/progress.ts',
  ],
  ...['report/step-lines.ts', 'report/summary.ts', 'runner/summary.ts'],
]
/** Names of permissions, and titles of annotations. */
const NAMES = /^Asset (Manager )?(Browse|Edit)|^imgix sync: /
/** Such texts of files that have messages, too. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'command/emulator.ts': [
    ...[
      'Port on',
      'Type of',
      "documented: imgix's own",
      'An imgix on',
      '  Source ',
      '  IMGIX_API_KEY=',
      'The client of',
    ],
    ...['Any other client', '  curl'],
  ],
  'command/gitlab.ts': ['the commit of the last'],
  'configure-source/attributes.ts': ['did you mean '],
  'configure-source/compare.ts': ['(not comparable'],
  'configure-source/configuration.ts': ['a map '],
  'configure-source/deployed.ts': [', waits up to'],
  'configure-source/report.ts': [
    ...['…created Source', 'no Source has its subdomains', 'Compared with imgix', 'a deployment of type'],
    ...[
      ', its deployment is',
      'attributes that imgix',
      'the file is valid',
      'would create the Source',
      'Source … is the same',
    ],
  ],
  'configure-source/requests.ts': ['… to Source …', 'created Source'],
  'configure-source/variables.ts': ["set it in the step's env"],
  'download-reports/sentences.ts': [
    '… without a report',
    'failed …: the end',
    'waits for …',
    'removed …',
    '…, part … of …',
  ],
  'imgix/errors.ts': ['request id …'],
  'imgix/storage-url.ts': ['of a file'],
  'inputs/inputs.ts': ['a ref or a commit'],
  'inputs/metadata-file.ts': ['a map from keys', 'a text…, or null', 'the tag …'],
  'inputs/pattern-advice.ts': [', each on its own line'],
  'inputs/proxies.ts': ['an http or https proxy'],
  'plan/guards/magic-bytes.ts': ['a ', 'an '],
  'inputs/yaml.ts': ['an empty ', 'without a value', 'the text …'],
  'plan/guards/guards.ts': ['a Source of type'],
  'plan/refusals.ts': [' that a purge takes'],
  'plan/source.ts': ['take the id', 'domain that is', 'domains that are'],
  'plan/steps.ts': ['deleted in git', 'upload is false'],
  'report/advice.ts': [
    ...['the user name and password in ', "the endpoint in the Source's settings"],
    '…; if it stays',
  ],
  'report/answers.ts': ['… (in newer accounts'],
  'report/listing-lines.ts': [
    '… without a record',
    '… only at the Source',
    'Compared with the Source',
    '/…: only at',
    ' and … patterns',
  ],
  'report/log.ts': ["… of the Source's assets listed", 'purged again', 'not purged again', 'verify: …, looks at'],
  'report/outputs.ts': ['; the output report'],
  'report/result-lines.ts': ['dry run: ', 'the metadata of … was updated'],
  'report/verdicts.ts': ['looked at '],
  'runner/outputs.ts': ['the job summary'],
  'select/base.ts': [
    ...['the input base', 'not from ', 'the first parent', 'the merge base', 'the base of', "'…' has none"],
    ...[
      'a tag has none',
      'this is the first push',
      'it does not name',
      'the commit of the branch',
      '; it is the commit',
    ],
    ...['the head of the last successful run'],
  ],
  'select/changes.ts': ['nothing to do', 'base: and …', 'base: none'],
  'select/find-repository.ts': [' (the repository in …'],
  'select/folder.ts': [
    "base: '…' has no effect",
    'mode: all, so',
    'files: only the folders',
    'submodules: ',
    'untracked: ',
    '… of … matching files',
  ],
  'select/git-output.ts': [
    ...['Please make sure', 'and the repository', 'Another git process', 'an editor opened by', 'are terminated then'],
    ...['may have crashed', 'remove the file manually', 'fatal: Could not read'],
  ],
  'select/pattern-warnings.ts': ['in the repository'],
  'select/run-git.ts': ['exit code'],
  'select/runs.ts': ['the last success', 'the number of this run'],
  'select/submodules.ts': ['submodules: '],
  'sync/attributes.ts': ['the asset has it all'],
}

const isMessage = ({ file, text }: { file: string; text: string }): boolean =>
  !NAMES.test(text) && ![...ALLOWED, ...LINES].includes(file) && !OTHERS[file]?.some((start) => text.startsWith(start))

test('each message of the code has a row on the page', () => {
  const missing = texts.filter((each) => !messages.some((message) => holds(message, each.text))).filter(isMessage)
  expect(missing).toEqual([])
})

test('each row is about messages that the code has', () => {
  expect(messages.length).toBeGreaterThan(300)
  expect(messages.filter((message) => !texts.some(({ text }) => holds(message, text)))).toEqual([])
})

test('each row has messages, one cause and one remedy', () => {
  expect(entries.filter((entry) => !/^(?:(?:- | {2})`.+`\\\n)+(?: {2}(?!→).+\n)+ {2}→ /.test(entry))).toEqual([])
})

test('what is no message is in the code', () => {
  const files = [...ALLOWED, ...LINES].filter((name) => !texts.some(({ file }) => file === name))
  const starts = Object.entries(OTHERS).flatMap(([name, all]) =>
    all.filter((start) => !texts.some(({ file, text }) => file === name && text.startsWith(start))),
  )
  expect([...files, ...starts]).toEqual([])
})

test('a message without a row is found', () => {
  const text = 'the moon is in the way of …: wait for it'
  expect(messages.some((message) => holds(message, text))).toBe(false)
  expect(holds('…: the file can’t be read (…): …', 'the file can’t be read (…)')).toBe(true)
})
