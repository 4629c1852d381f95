// Builds dist/ from src/: tsc strips the types into lib/, ncc bundles the actions, the command and the client. Run by
// `npm run build`.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** The folder below src/ of what is bundled, and its folder below dist/: where an action.yml or package.json names it. */
const BUNDLES = {
  '.': '.',
  'configure-source': 'source',
  'download-reports': 'reports',
  command: 'command',
  imgix: 'client',
}

/** @actions/glob would bring its own @actions/core. */
const PURE = ['node_modules/@actions/core', 'node_modules/@actions/glob']

/** The inputs of each action, which are flags of the command. */
const COMMAND_INPUTS = { sync: 'action.yml', source: 'source/action.yml', reports: 'reports/action.yml' }

const bin = (name: string): string => `node_modules/.bin/${name}`

/** Puts beside lib/ a copy of a package that says what is true of it: its modules do nothing when they are loaded. So
 *  the bundler leaves out those that no action calls: of @actions/core OpenID Connect, and with it an HTTP client of
 *  almost a megabyte that each run would evaluate at its start. */
function copyPure(source: string): void {
  const folder = join('lib', source)
  cpSync(source, folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  const described = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>
  writeFileSync(manifest, JSON.stringify({ ...described, sideEffects: false }))
}

/** Writes the command's list of flags: names, descriptions and defaults of the inputs, as the actions have them. */
function writeCommandInputs(): void {
  const tables = Object.entries(COMMAND_INPUTS).map(([name, file]) => {
    const { inputs } = parse(readFileSync(file, 'utf8')) as { inputs: Record<string, Record<string, unknown>> }
    const rows = Object.entries(inputs).map(([input, { description, default: value }]) => {
      const isOwn = typeof value === 'string' && !value.includes('${{')
      return [input, isOwn ? { description, default: value } : { description }]
    })
    return [name, Object.fromEntries(rows)]
  })
  writeFileSync('src/command/inputs.json', `${JSON.stringify(Object.fromEntries(tables), null, 2)}\n`)
}

async function bundle([from, to]: [string, string]): Promise<void> {
  const [entry, folder] = [join('lib/src', from, 'index.js'), join('dist', to)]
  const args = ['build', entry, '-o', folder, '--license', 'licenses-[name].txt', '--target', 'es2024']
  const [status] = await once(spawn(bin('ncc'), args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
  if (status !== 0) throw new Error(`ncc could not bundle ${entry} (exit ${status})`)
}

/** Writes the types of imgix-sync/client. They name each other as the compiled files would be called: not every compiler
 *  knows the names of the sources. */
function writeClientTypes(): void {
  execFileSync(bin('tsc'), ['-p', 'tsconfig.client.json'], { stdio: ['ignore', 'inherit', 'inherit'] })
  for (const file of globSync('dist/client/**/*.d.ts')) {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(?<=(?:from |import\()['"]\.[^'"]+)\.ts(?=['"])/g, '.js'))
  }
}

rmSync('lib', { recursive: true, force: true })
rmSync('dist', { recursive: true, force: true })
writeCommandInputs()
execFileSync(bin('tsc'), ['-p', 'tsconfig.build.json'], { stdio: ['ignore', 'ignore', 'inherit'] })
PURE.forEach(copyPure)
await Promise.all(Object.entries(BUNDLES).map(bundle))
writeClientTypes()
