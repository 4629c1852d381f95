import { expect, test } from 'vitest'
import { findComplaint } from '../../src/select/git-output.ts'

const NOT_READ = `fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
`
const LOCKED = "fatal: Unable to create '/work/site/.git/shallow.lock': File exists."

/** What git 2.39 and 2.47 write to standard error, with LC_ALL=C. */
test.each([
  ['no text', '', ''],
  ['one line', "fatal: couldn't find remote ref no-branch\n", "fatal: couldn't find remote ref no-branch"],
  [
    'a lock, and what git advises',
    `${LOCKED}

Another git process seems to be running in this repository, e.g.
an editor opened by 'git commit'. Please make sure all processes
are terminated then try again. If it still fails, a git process
may have crashed in this repository earlier:
remove the file manually to continue.
`,
    LOCKED,
  ],
  [
    'ssh without a key',
    `git@github.com: Permission denied (publickey).\n${NOT_READ}`,
    'git@github.com: Permission denied (publickey). fatal: Could not read from remote repository.',
  ],
  [
    'ssh without a route, after its warnings',
    `Warning: Permanently added 'github.com' (ED25519) to the list of known hosts.\r\nssh: connect to host github.com port 22: Connection timed out\r\n${NOT_READ}`,
    'ssh: connect to host github.com port 22: Connection timed out fatal: Could not read from remote repository.',
  ],
  ['a remote that hangs up without a word', NOT_READ, 'fatal: Could not read from remote repository.'],
  [
    'warnings and words of the remote before it',
    "warning: redirecting to https://github.com/a/b.git/\nremote: Repository not found.\nfatal: repository 'https://github.com/a/b/' not found\n",
    "fatal: repository 'https://github.com/a/b/' not found",
  ],
  [
    'words of the remote right before it',
    `remote: Welcome.\n${NOT_READ}`,
    'fatal: Could not read from remote repository.',
  ],
  [
    'progress, and two reasons',
    'Receiving objects:  10% (1/10)\rReceiving objects:  20% (2/10)\rerror: RPC failed; curl 56 Recv failure: Connection reset by peer\nfatal: early EOF\n',
    'error: RPC failed; curl 56 Recv failure: Connection reset by peer fatal: early EOF',
  ],
  [
    'hints',
    "fatal: detected dubious ownership in repository at '/a'\nhint: To add an exception for this directory, call:\nhint: \tgit config\n",
    "fatal: detected dubious ownership in repository at '/a'",
  ],
  [
    'a trace of the user',
    "12:00:00.123456 git.c:460  trace: built-in: git fetch\nfatal: 'origin' does not appear to be a git repository\n",
    "fatal: 'origin' does not appear to be a git repository",
  ],
  ['no line of git', 'sh: 1: git-upload-pack: not found\n', 'sh: 1: git-upload-pack: not found'],
])('%s', (_, stderr, complaint) => {
  expect(findComplaint(stderr)).toBe(complaint)
})
