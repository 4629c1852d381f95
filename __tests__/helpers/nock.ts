import nock from 'nock'
import { afterEach, beforeEach } from 'vitest'

/** Lets nock answer, and no request through, in each test of a file; it leaves Node as it was for the files after it. */
export function answerByNock(): void {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => {
    nock.cleanAll()
    nock.enableNetConnect()
    nock.restore()
  })
}
