// Loaded into an action by `--import`, in front of it: a disk that fails. It knows nothing of the action.
import promises, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/** `times` the call on a file whose path ends so fails with a code, after so many that don't. */
export type DiskFault = {
  path: string
  call: 'open' | 'read' | 'stat'
  code: string
  times: number
  after?: number
}

const faults = JSON.parse(process.env.FAULTY_DISK ?? '[]') as DiskFault[]
const calls = new Map<DiskFault, number>()
const paths = new WeakMap<FileHandle, string>()

function mayFail(call: DiskFault['call'], path: unknown): void {
  const fault = faults.find((each) => each.call === call && String(path).endsWith(each.path))
  if (fault === undefined) return
  const { code, times, after = 0 } = fault
  const count = (calls.get(fault) ?? 0) + 1
  calls.set(fault, count)
  if (count > after && count <= after + times) throw Object.assign(new Error(`${code}: injected`), { code })
}

const { open } = promises
const probe = await open('/dev/null')
const handles = Object.getPrototypeOf(probe) as FileHandle
await probe.close()
for (const call of ['read', 'stat'] as const) {
  const real = handles[call] as (...args: unknown[]) => Promise<unknown>
  Object.assign(handles, {
    async [call](this: FileHandle, ...args: unknown[]) {
      mayFail(call, paths.get(this))
      return real.apply(this, args)
    },
  })
}
promises.open = async (path, ...args) => {
  mayFail('open', path)
  const file = await open(path, ...args)
  paths.set(file, String(path))
  return file
}
syncBuiltinESMExports()
