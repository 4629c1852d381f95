import type { UploadStep } from '../../events.ts'
import { foldName } from '../../inputs/fold-name.ts'

type Named = Pick<UploadStep, 'path' | 'originPath'>

/**
 * Finds files that would replace each other: two files with one origin path, and twins, whose names differ only by case or
 * Unicode form, which many file systems, tools and readers treat as one name.
 * @param others files, relative to the repository, that this run does not upload and that are at the Source now or later
 * @returns the problem, by path
 */
export function findClashes(uploads: readonly Named[], others: readonly string[] = []): Map<string, string> {
  const clashes = new Map<string, string>()
  const notUploaded = Map.groupBy(others, foldName)
  for (const steps of Map.groupBy(uploads, ({ originPath }) => foldName(originPath)).values()) {
    const ofOrigin = Map.groupBy(steps, ({ originPath }) => originPath)
    for (const { path, originPath } of steps) {
      const isOther = (step: Named): boolean => step.path !== path
      const rival = ofOrigin.get(originPath)?.find(isOther)
      const twin = steps.find(isOther)?.path ?? notUploaded.get(foldName(path))?.[0]
      if (rival !== undefined) clashes.set(path, `${rival.path} has the same origin path: ${REMEDY}`)
      else if (twin !== undefined) clashes.set(path, twinSentence(path, twin))
    }
  }
  return clashes
}

const REMEDY = 'rename one of the two, or leave one out by `files`'

function twinSentence(path: string, twin: string): string {
  const difference = path.normalize() === twin.normalize() ? 'Unicode form' : 'case'
  return `its path differs only by ${difference} from ${twin}: ${REMEDY}`
}
