import * as core from './core.ts'

// GitHub shows ten annotations of a kind for a step. The log has all of these.
const ANNOTATIONS_MAX = 50
/** A file can have as many problems as lines. */
const PROBLEMS_MAX = 100

/** One line, and what it is about. */
export type Annotation = {
  readonly line: string
  readonly title?: string
  /** relative to the workspace */
  readonly file?: string
  readonly startLine?: number
  readonly startColumn?: number
}

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

const PRINT = { error: core.error, warning: core.warning, notice: core.notice }

/** Prints what comes one by one: the first as annotations, the next as lines, and of the others one line.
 *  @param linesMax beyond which they are in the report alone
 *  @param what they are, many of them */
export function createAnnotator(
  level: keyof typeof PRINT,
  linesMax: number,
  what: string,
): (annotation: Annotation) => void {
  let told = 0
  return ({ line, ...properties }) => {
    told += 1
    if (told <= ANNOTATIONS_MAX) PRINT[level](line, properties)
    else if (told <= linesMax) core.info(`${level}: ${line}`)
    else if (told === linesMax + 1) core.info(`more ${what} are in the report alone`)
  }
}

/** Prints the lines: the first as annotations, the others to the log alone.
 *  @param rest the line that stands for the others, where the log already has them */
export function annotate(
  level: keyof typeof PRINT,
  annotations: readonly Annotation[],
  rest?: (left: number) => string,
): void {
  for (const { line, ...properties } of annotations.slice(0, ANNOTATIONS_MAX)) PRINT[level](line, properties)
  const others = annotations.slice(ANNOTATIONS_MAX)
  const lines = rest === undefined || others.length === 0 ? others.map(({ line }) => line) : [rest(others.length)]
  for (const line of lines) core.info(line)
}
