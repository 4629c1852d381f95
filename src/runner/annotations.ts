import * as core from './core.ts'
import type { At, Level } from './host.ts'

// GitHub shows ten annotations of a kind for a step. The log has all of these.
const ANNOTATIONS_MAX = 50
/** A file can have as many problems as lines. */
const PROBLEMS_MAX = 100

/** One line, and what it is about. */
export type Annotation = At & { readonly line: string }

/** An error that consists of several problems. Each becomes one annotation. */
export class ProblemsError extends Error {
  readonly annotations: readonly Annotation[]
  constructor(annotations: readonly Annotation[]) {
    super(annotations.map(({ line }) => line).join('\n'))
    this.annotations = annotations
  }
}

/** What ended a run early: one annotation per problem.
 *  @param title of annotations on a file
 *  @param explain the line of an error that is a single problem */
export function listProblems(error: unknown, title: string, explain: (error: unknown) => string): Annotation[] {
  if (error === undefined) return []
  if (error instanceof ProblemsError) {
    const left = error.annotations.length - PROBLEMS_MAX
    const more = left > 0 ? [{ line: `and ${left} more problems` }] : []
    const shown = error.annotations.slice(0, PROBLEMS_MAX)
    return [...shown.map((each) => (each.file === undefined ? each : { ...each, title })), ...more]
  }
  return [{ line: explain(error) }]
}

/** Prints failures one by one: the first as annotations, the next as lines, and of the others one line.
 *  @param linesMax beyond which they are in the report alone */
export function createAnnotator(linesMax: number): (annotation: Annotation) => void {
  let told = 0
  return ({ line, ...at }) => {
    told += 1
    if (told <= ANNOTATIONS_MAX) core.error(line, at)
    else if (told <= linesMax) core.info(`error: ${line}`)
    else if (told === linesMax + 1) core.info('more failures are in the report alone')
  }
}

/** Prints the lines: the first as annotations, the others to the log alone.
 *  @param rest the line that stands for the others, where the log already has them */
export function annotate(level: Level, annotations: readonly Annotation[], rest?: (left: number) => string): void {
  for (const { line, ...at } of annotations.slice(0, ANNOTATIONS_MAX)) core.annotate(level, line, at)
  const others = annotations.slice(ANNOTATIONS_MAX)
  const lines = rest === undefined || others.length === 0 ? others.map(({ line }) => line) : [rest(others.length)]
  for (const line of lines) core.info(line)
}
