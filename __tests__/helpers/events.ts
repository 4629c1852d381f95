import { readFileSync } from 'node:fs'
import type { WorkflowEvent } from '../../src/runner/environment.ts'

/** The commits of the recorded events; a test with a repository puts its own in their place. */
export const RECORDED = {
  before: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
  /** what a push, a schedule or a dispatch is about */
  after: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
  /** the branch that a pull request or a merge group goes into */
  base: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
  pullRequestHead: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
  merge: '9c1cfd0a3f0cb4d3d0ac9cd6bd3fd9d2a3b0a0b1',
}

const folder = new URL('../unit/events/', import.meta.url)

/** An event as the runner has it: name, payload, ref and commit. */
export function recordedEvent(file: string, shas: Partial<typeof RECORDED> = {}): WorkflowEvent {
  let text = readFileSync(new URL(`${file}.json`, folder), 'utf8')
  for (const [name, sha] of Object.entries(shas)) text = text.replaceAll(RECORDED[name as keyof typeof RECORDED], sha)
  return JSON.parse(text) as WorkflowEvent
}
