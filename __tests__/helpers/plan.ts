import { statSync } from 'node:fs'
import type { FilePlan, Plan, PurgeStep, Selected, Skipped, UploadStep } from '../../src/events.ts'
import type { Inputs } from '../../src/inputs/inputs.ts'
import { readInputs } from '../../src/inputs/inputs.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import type { Asset } from '../../src/plan/asset.ts'
import type { Comparison } from '../../src/plan/listing.ts'
import { planRun } from '../../src/plan/plan.ts'
import type { Source } from '../../src/plan/source.ts'
import type { Known } from '../../src/plan/steps.ts'
import type { FileIdentity, WorkTreeFile } from '../../src/select/work-tree.ts'
import { SOURCE_ID } from './imgix.ts'
import { setInputs } from './inputs.ts'
import { captureStdout } from './stdout.ts'

/** The inputs of a run that sets these beside a key and a Source. */
export function inputsOf(inputs: Readonly<Record<string, string>> = {}): Inputs {
  setInputs({ 'api-key': 'ak_test', 'source-id': SOURCE_ID, ...inputs })
  captureStdout()
  return readInputs('/workspace')
}

export function sourceOf(more: Partial<Source> = {}): Source {
  return { id: SOURCE_ID, type: 's3', allowsUpload: true, domains: ['a.imgix.net'], ...more }
}

export function changesOf(files: Selected['files'], rootPath = ''): Selected {
  return {
    base: '1'.repeat(40),
    head: '2'.repeat(40),
    baseStrategy: 'event',
    rootPath,
    files,
    considered: files.length,
    ...{ steps: [], notices: [], warnings: [] },
  }
}

/** Files by path: their size, or what is wrong with them. */
export function filesOf(files: Readonly<Record<string, number | string>>): Map<string, WorkTreeFile> {
  const looks = Object.entries(files).map(([path, look]): [string, WorkTreeFile] => [
    path,
    typeof look === 'number'
      ? { absolutePath: `/workspace/${path}`, bytes: look, identity: NO_FILE }
      : { problem: look },
  ])
  return new Map(looks)
}

/** The plan of changes, where nothing but this is known. */
export function planFor(
  changes: Pick<Selected, 'files' | 'rootPath'>,
  files: ReadonlyMap<string, WorkTreeFile>,
  known: Pick<Known, 'inputs' | 'source'> & Partial<Known>,
): Plan {
  return planRun(changes, files, { listing: undefined, metadata: { rules: [] }, touched: [], ...known })
}

/** The plan of a push that added these files, by size. */
export function planOf(
  files: Readonly<Record<string, number | string>>,
  { inputs = inputsOf(), source = sourceOf() }: { inputs?: Inputs; source?: Source | undefined } = {},
): Plan {
  const changes = changesOf(Object.keys(files).map((path) => ({ path, change: 'added' })))
  return planFor(changes, filesOf(files), { inputs, source })
}

const NO_FILE: FileIdentity = { dev: 0n, ino: 0n, ctimeNs: 0n }

/** As a look at the work tree finds it. */
export function identityOf(absolutePath: string): FileIdentity {
  const stats = statSync(absolutePath, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? NO_FILE : { dev: stats.dev, ino: stats.ino, ctimeNs: stats.ctimeNs }
}

export function uploadStep(path: string, more: Partial<UploadStep> = {}): UploadStep {
  const absolutePath = more.absolutePath ?? `/workspace/${path}`
  return {
    kind: 'upload',
    path,
    absolutePath,
    identity: identityOf(absolutePath),
    isGuarded: true,
    originPath: path,
    change: 'added',
    bytes: 1,
    contentType: 'image/png',
    route: more.routes?.[0] ?? 'direct',
    routes: ['direct', 'session'],
    ...{ record: 'renew', hasRecord: false, hasFields: false, attributes: NO_ATTRIBUTES },
    ...more,
  }
}

export function purgeStep(url: string, more: Partial<PurgeStep> = {}): PurgeStep {
  return { kind: 'purge', url, path: undefined, subImage: false, ...more }
}

export function uploadsOf({ files }: Plan): UploadStep[] {
  return files.map(({ upload }) => upload)
}

/** In the order of the files, then those of no upload. */
export function purgesOf({ files, purges }: Plan): PurgeStep[] {
  return [...files.flatMap((file) => file.purges), ...purges]
}

/** A plan that does nothing else. */
export function planWith(more: Partial<Plan> = {}): Plan {
  return { files: [], purges: [], updates: [], calls: [], skipped: [], ...more }
}

/** The upload of a file, and nothing after it. */
export function filePlan(upload: UploadStep, more: Partial<FilePlan> = {}): FilePlan {
  return { upload, purges: [], calls: [], ...more }
}

export function skipped(path: string, more: Partial<Skipped> = {}): Skipped {
  return { kind: 'skip', path, originPath: path, change: 'added', result: 'skipped', reason: '', ...more }
}

/** An asset of which users set nothing. */
export const listedAsset: Asset = {
  ...{ fileSize: 1, uploadedByApi: undefined, dateCreated: undefined, dateModified: undefined },
  ...{ categories: [], customFields: null, description: null, name: null, tags: {} },
}

export function comparison(more: Partial<Comparison>): Comparison {
  return {
    change: 'present',
    reason: '',
    isUnchanged: false,
    hasRecord: false,
    hasFields: false,
    asset: listedAsset,
    ...more,
  }
}
