import { afterEach } from 'vitest'
import { createRepository as create, type Repository } from '../../emulator/repository.ts'

export type { Repository } from '../../emulator/repository.ts'

const open: Repository[] = []

afterEach(() => {
  for (const repository of open.splice(0)) repository.remove()
})

/** A git repository that is gone, with its clones, after the test. */
export function createRepository(options?: Parameters<typeof create>[0]): Repository {
  return tracked(create(options))
}

function tracked(repository: Repository): Repository {
  open.push(repository)
  return { ...repository, clone: (options) => tracked(repository.clone(options)) }
}
