import type { FileHandle } from 'node:fs/promises'
import type { Plan, Skipped, UploadStep } from '../../events.ts'
import { openFile } from '../../imgix/http/body.ts'
import { foldName } from '../../inputs/fold-name.ts'
import type { Source } from '../source.ts'
import { findDisagreement, START_BYTES } from './magic-bytes.ts'

const AT_A_TIME = 32

// Read 2026-11 in the uploading guide of imgix's Asset Manager: Azure takes 30 MB in all and has no upload sessions.
const AZURE_MAX_BYTES = 30_000_000
/** S3's own bound for one PUT, 5 GiB; the guide says 5 GB */
const PUT_MAX_BYTES = 5 * 2 ** 30

/** The limit of a key in UTF-8, for S3 and Google Cloud Storage; read 2026-11:
 *  https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, https://docs.cloud.google.com/storage/docs/objects */
const KEY_MAX_BYTES = 1024

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md, and the two names that the specification had before */
const LFS_VERSIONS = [
  'https://git-lfs.github.com/spec/v1',
  'https://hawser.github.com/spec/v1',
  'http://git-media.io/v/2',
]
const LFS_MAX_BYTES = 1024

type Named = Pick<UploadStep, 'path' | 'originPath'>
type GuardSettings = {
  /** undefined if it could not be read */
  readonly source: Source | undefined
  /** names at the Source, now or after this run, that differ from others only by case or Unicode form */
  readonly twins: readonly string[]
  readonly signal: AbortSignal
}

/**
 * Finds the uploads that must not be published, before the first byte is sent. A link that leaves the workspace never
 * becomes an upload: select/work-tree.ts refuses it, independent of `guards`.
 * @returns the problem and its remedy in one line, by path, in the order of the uploads
 */
export async function guard(
  uploads: readonly UploadStep[],
  { source, signal, twins }: GuardSettings,
): Promise<Map<string, string>> {
  const clashes = findClashes(uploads, twins)
  const contents = new Map<string, string>()
  const queue = [...uploads].reverse()
  const worker = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafe(START_BYTES)
    for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
      signal.throwIfAborted()
      const problem = refuseSize(step.bytes, source) ?? (await readProblem(step, buffer))
      if (problem !== undefined) contents.set(step.path, problem)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, worker))
  return problemsOf(uploads, ({ path }) => contents.get(path) ?? clashes.get(path))
}

/**
 * Finds files that would replace each other: two files with one origin path, and twins, whose names differ only by case or
 * Unicode form, which many file systems, tools and readers treat as one name.
 * @param published files, relative to the repository, that are at the Source now or later
 * @returns the problem, by path
 */
export function findClashes(uploads: readonly Named[], published: readonly string[] = []): Map<string, string> {
  const uploaded = new Set(uploads.map(({ path }) => path))
  const others = published.filter((path) => !uploaded.has(path))
  const notUploaded = Map.groupBy(others, foldName)
  const ofOrigin = Map.groupBy(uploads, ({ originPath }) => originPath)
  const alike = Map.groupBy(uploads, ({ originPath }) => foldName(originPath))
  return problemsOf(uploads, ({ path, originPath }) => {
    const isOther = (step: Named): boolean => step.path !== path
    const rival = ofOrigin.get(originPath)?.find(isOther)
    if (rival !== undefined) return `${rival.path} has the same origin path: ${REMEDY}`
    const twin = alike.get(foldName(originPath))?.find(isOther)?.path ?? notUploaded.get(foldName(path))?.[0]
    if (twin === undefined) return undefined
    const difference = path.normalize() === twin.normalize() ? 'Unicode form' : 'case'
    return `its path differs only by ${difference} from ${twin}: ${REMEDY}`
  })
}

const REMEDY = 'rename one of the two, or leave one out by `files`'

/** Finds the uploads that no bucket can take, independent of `guards`.
 *  @returns the problem by path */
export function findLongPaths(uploads: readonly UploadStep[]): Map<string, string> {
  return problemsOf(uploads, ({ originPath }) => {
    const bytes = Buffer.byteLength(originPath)
    if (bytes <= KEY_MAX_BYTES) return undefined
    return `an origin path of ${bytes} bytes, more than the ${KEY_MAX_BYTES} bytes that a bucket takes: give the file or its folders shorter names`
  })
}

function problemsOf(uploads: readonly Named[], find: (step: Named) => string | undefined): Map<string, string> {
  const problems = new Map<string, string>()
  for (const step of uploads) {
    const problem = find(step)
    if (problem !== undefined) problems.set(step.path, problem)
  }
  return problems
}

/** @returns the plan without the uploads that have a problem: those files fail, and have no other steps */
export function withoutGuarded(plan: Plan, problems: ReadonlyMap<string, string>): Plan {
  const failed = plan.files.flatMap(({ upload: { path, originPath, change } }): Skipped[] => {
    const reason = problems.get(path)
    return reason === undefined ? [] : [{ kind: 'skip', path, originPath, change, result: 'failed', reason }]
  })
  const files = plan.files.filter(({ upload }) => !problems.has(upload.path))
  return { ...plan, files, skipped: [...plan.skipped, ...failed] }
}

export function refuseSize(bytes: number, source: Source | undefined): string | undefined {
  if (bytes === 0) return 'an empty file: put the real file in its place'
  const maxBytes = source?.type === 'azure' ? AZURE_MAX_BYTES : PUT_MAX_BYTES
  if (bytes <= maxBytes) return undefined
  const taker = source === undefined ? 'any Source' : `a Source of type ${source.type}`
  return `${bytes} bytes, more than the ${maxBytes} bytes that ${taker} takes: make it smaller, or leave it out by \`files\``
}

/** @returns the problem; undefined if there is none, or if the file is gone or replaced, which the upload reports */
async function readProblem(
  { absolutePath, identity, originPath }: UploadStep,
  buffer: Buffer,
): Promise<string | undefined> {
  const opened = await openFile({ file: absolutePath, identity }).catch(() => undefined)
  try {
    const start = opened && (await readStart(opened.file, buffer))
    return start && refuseContent(originPath, start)
  } catch {
    return undefined
  } finally {
    await opened?.file.close()
  }
}

/** Checks a file again that changed before it was sent.
 *  @returns its problem */
export async function inspect(
  { originPath }: UploadStep,
  file: FileHandle,
  bytes: number,
): Promise<string | undefined> {
  const start = await readStart(file, Buffer.allocUnsafe(START_BYTES))
  return refuseSize(bytes, undefined) ?? refuseContent(originPath, start)
}

async function readStart(file: FileHandle, buffer: Buffer): Promise<Buffer> {
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
  return buffer.subarray(0, bytesRead)
}

function refuseContent(originPath: string, start: Buffer): string | undefined {
  if (start.length === 0) return undefined
  if (start.length < LFS_MAX_BYTES && isLfsPointer(start.toString())) {
    return 'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout, or run git lfs pull'
  }
  return findDisagreement(originPath, start)
}

/** A damaged pointer is not a picture either. */
export function isLfsPointer(text: string): boolean {
  const [version = '', ...lines] = text.split(/\r?\n/)
  return LFS_VERSIONS.some((url) => version === `version ${url}`) && lines.some((line) => /^oid \S/.test(line))
}
