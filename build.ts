// Builds dist/ from src/: tsc strips the types into lib/, ncc bundles each action. Run by `npm run build`.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The folders of the actions, below src/ as below dist/; an action is built once its folder has an entry. */
const ACTIONS = ['.', 'source', 'reports'].filter((action) => existsSync(join('src', action, 'index.ts')))

const bin = (name: string): string => `node_modules/.bin/${name}`

async function bundle(action: string): Promise<void> {
  const [entry, folder] = [join('lib', action, 'index.js'), join('dist', action)]
  const args = ['build', entry, '-o', folder, '--license', 'licenses.txt', '--target', 'es2024']
  const [status] = await once(spawn(bin('ncc'), args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
  if (status !== 0) throw new Error(`ncc could not bundle ${entry} (exit ${status})`)
}

rmSync('lib', { recursive: true, force: true })
rmSync('dist', { recursive: true, force: true })
execFileSync(bin('tsc'), ['-p', 'tsconfig.build.json'], { stdio: ['ignore', 'ignore', 'inherit'] })
await Promise.all(ACTIONS.map(bundle))
