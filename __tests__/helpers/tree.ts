import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** @returns a new temporary folder with these files, gone when the test ends; a name that ends with a slash is an empty folder */
export function createTree(files: Readonly<Record<string, string | Buffer>> | readonly string[] = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-tree-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const entries = Array.isArray(files) ? files.map((path) => [path, 'x'] as const) : Object.entries(files)
  for (const [path, content] of entries) {
    const full = join(root, path)
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true })
    if (!path.endsWith('/')) writeFileSync(full, content)
  }
  return root
}
