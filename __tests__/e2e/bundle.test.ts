import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const bundle = (name: string): string => readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8')

test.each(['index.js', 'source/index.js', 'reports/index.js'])(
  '%s has no HTTP client of others in it, which every run would parse',
  (name) => {
    expect(bundle(name)).not.toMatch(/\bundici\b/)
    expect(bundle(name).length).toBeLessThan(800_000)
  },
)
