// Builds dist/ from src/: tsc strips the types into lib/, ncc bundles lib/index.js. Run by `npm run build`.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'

const bin = (name: string): string => `node_modules/.bin/${name}`
const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

rmSync('lib', { recursive: true, force: true })
rmSync('dist', { recursive: true, force: true })
run(bin('tsc'), '-p', 'tsconfig.build.json')
run(bin('ncc'), 'build', 'lib/index.js', '-o', 'dist', '--license', 'licenses.txt', '--target', 'es2024')
