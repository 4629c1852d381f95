import { onTestFinished } from 'vitest'
import * as core from '../../src/runner/core.ts'

/** Sets exactly these inputs, as the runner passes them on, and no proxy, until the test ends. */
export function setInputs(inputs: Readonly<Record<string, string>>): void {
  const before = { ...process.env }
  core.beginRun()
  onTestFinished(() => {
    core.beginRun()
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  })
  for (const name of Object.keys(process.env)) if (/^INPUT_|^(https?|no)_proxy$/i.test(name)) delete process.env[name]
  for (const [name, value] of Object.entries(inputs))
    process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value
}
