// `node emulator/detached.ts`: an imgix for the steps of a workflow. It goes on when this command ends, for half an hour at
// most. Prints `name=value` lines, as GITHUB_OUTPUT takes them.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startEmulator } from './server.ts'

const LIFETIME_MS = 30 * 60_000

if (process.send === undefined) {
  const child = fork(fileURLToPath(import.meta.url), { detached: true, stdio: 'ignore' })
  const [lines] = (await once(child, 'message')) as [string]
  console.log(lines)
  child.disconnect()
  child.unref()
} else {
  const { apiUrl, apiKey, sourceId } = await startEmulator({ sampleReport: true })
  process.send(`api-url=${apiUrl}\napi-key=${apiKey}\nsource-id=${sourceId}\npid=${process.pid}`)
  setTimeout(() => process.exit(0), LIFETIME_MS)
}
