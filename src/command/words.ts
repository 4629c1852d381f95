import { SECRETS } from './flags.ts'

/** What to do by the settings of GitHub's workflows, and what that is at a terminal or in another CI system. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/put actions\/checkout before this step/, 'start in a clone of the repository'],
  [/set fetch-depth: 0 (?:for|on) actions\/checkout/, 'fetch the whole history (git fetch --unshallow)'],
  [/set lfs: true on actions\/checkout/, 'run git lfs pull first'],
  [/set submodules: true on actions\/checkout/, 'run git submodule update --init first'],
  [/run actions\/checkout again/, 'clone the repository again'],
  [/before this step/, 'first'],
  [/check that the secret exists; .*/, 'set the variable'],
  [/Fix the (other )?inputs in the workflow file/, 'Fix the $1options'],
  [
    /Set the secret that api-key reads, then (?:push|run this job again)\..*/,
    `Set ${SECRETS['api-key']}, then run it again.`,
  ],
  [
    /, and push(?:: that run publishes what is missing)?\.(?: (?:That|If the job lacks actions: read, that) push takes only .*: all\.)?/,
    ', and run it again.',
  ],
  [
    /Mend the key in the imgix dashboard or in the secret/,
    `Mend the key in the imgix dashboard or in ${SECRETS['api-key']}`,
  ],
  [/\. Push the files that you change; for the others, run this job/, ', then run it'],
  [/push, or (?=run this job again)/, ''],
  [/(run|re-run) (?:the|this) job/i, '$1 it'],
  [/the step's env\b/, 'the environment'],
  [/let no other step/, 'let nothing else'],
  [/(?<=the (?:user|environment) of )this step/, 'this command'],
]

/** A message of the engine as the command's user needs it: a secret is set by its variable. */
export function inOwnWords(text: string): string {
  const named = text.replace(/^[a-z-]+(?=: )/, (name) => SECRETS[name] ?? name)
  return REMEDIES.reduce((shown, [theirs, ours]) => shown.replace(theirs, ours), named)
}
