import { defineConfig } from 'vitest/config'
import type { Reporter, TestModule } from 'vitest/node'

const SLOWEST = 5

/** Closes a run with its slowest files, and then with one line that any CI can read: `N passed, N failed, N skipped`. */
const totals: Reporter = {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors) {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) count[test.result().state] += 1
    }
    const lines = modules
      .map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, SLOWEST)
      .map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(6)} s  ${name}\n`)
    const slowest = lines.length > 1 ? `\nThe slowest files:\n${lines.join('')}` : ''
    process.stdout.write(`${slowest}\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  },
}

/** A worker loads modules once: a test leaves nothing behind in them. */
const project = (name: string, testTimeout: number) => ({
  extends: true as const,
  test: { name, include: [`__tests__/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, isolate: false },
})

export default defineConfig({
  test: {
    maxWorkers: 3,
    reporters: ['default', totals],
    expect: { poll: { timeout: 10_000 } },
    server: { deps: { inline: [/@actions\//] } },
    projects: [project('unit', 10_000), project('contract', 20_000), project('e2e', 60_000)],
  },
})
