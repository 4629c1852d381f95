import { onTestFinished } from 'vitest'
import { createRepository as create, type Repository } from '../../emulator/repository.ts'

export type { Repository } from '../../emulator/repository.ts'

/** A git repository that is gone, with its clones, after the test. */
export function createRepository(options?: Parameters<typeof create>[0]): Repository {
  return tracked(create(options))
}

function tracked(repository: Repository): Repository {
  onTestFinished(repository.remove)
  return { ...repository, clone: (options) => tracked(repository.clone(options)) }
}
