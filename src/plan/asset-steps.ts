import type { Inputs } from '../inputs/inputs.ts'
import type { Inventory } from './inventory.ts'
import type { Plan, UploadStep } from './plan.ts'

/** What the Asset Manager is asked about a file beside its bytes. */
export type AssetStep = {
  readonly path: string
  readonly originPath: string
  /** `add` queues a file of the origin; `refresh` has imgix fetch it again, process what changed, and purge it */
  readonly call: 'add' | 'refresh'
  readonly afterUpload: boolean
}

/** Files that are new are added; every changed one that the Source has is refreshed. */
export function planAssets(
  steps: readonly (UploadStep | Plan['skipped'][number])[],
  { inputs, inventory }: { inputs: Inputs; inventory?: Inventory | undefined },
): AssetStep[] {
  const { assetManager: call, upload } = inputs
  if (call === 'off') return []
  return steps.flatMap((step) => {
    const isUpload = 'lanes' in step
    if (!isUpload && (upload || step.result !== 'skipped')) return []
    // without a base or a list, nobody knows which files are new
    const isNew = step.change === 'added' || (step.change === 'present' && inventory === undefined)
    const { path, originPath } = step
    return call === 'add' && !isNew ? [] : [{ path, originPath, call, afterUpload: isUpload }]
  })
}
