import type { Inputs } from './inputs.ts'

/** Replaces `${NAME}`, which has to be the whole text, by the variable's value. The value is not resolved again.
 *  @param refuse notes a problem
 *  @returns undefined after a problem */
export type Resolve = (text: string, refuse: (problem: string) => undefined) => string | undefined

const NAME = /^\$\{([A-Za-z_]\w*)\}$/
/** Prefixes of variables that no file may read: the inputs with the api-key, and the runner's tokens. */
const OWN = /^(INPUT|GITHUB|ACTIONS|RUNNER|STATE)_/i
/** The variables of other CI systems that no file may read. */
const OTHERS =
  /^(CI_JOB_|CI_(REGISTRY|DEPLOY|DEPENDENCY_PROXY)_PASSWORD$|CI_REPOSITORY_URL$|SYSTEM_ACCESSTOKEN$|BUILDKITE_AGENT_ACCESS_TOKEN$|DRONE_NETRC_|BITBUCKET_STEP_OIDC_TOKEN$|CIRCLE_OIDC_TOKEN)/i
const SET_IT = "set it in the step's env"

/** @param hide gets every value before it can be printed */
export function createResolve(
  { readVariable, apiKey, dryRun }: Pick<Inputs, 'readVariable' | 'apiKey' | 'dryRun'>,
  hide: (secret: string) => void,
): Resolve {
  return (text, refuse) => {
    const name = NAME.exec(text)?.[1]
    if (name === undefined) return refuse(explainForm(text))
    if (OWN.test(name) || OTHERS.test(name))
      return refuse(`the variable ${name} belongs to the runner; set a variable of another name in the step's env`)
    const value = readVariable(name)
    if (value === undefined) return refuse(`the variable ${name} is not set; ${SET_IT}`)
    hide(value)
    const fork = 'in a run from a fork, where secrets are empty, only dry-run works'
    if (value === '') return dryRun ? value : refuse(`the variable ${name} is empty; ${SET_IT} (${fork})`)
    if (value === apiKey)
      return refuse(`the variable ${name} has the api-key as its value, which is not part of a Source`)
    if (/^[\x21-\x7e]+$/.test(value)) return value
    return refuse(
      `the variable ${name} has to be one line of printable ASCII without spaces, and without a line break at its end`,
    )
  }
}

function explainForm(text: string): string {
  if (text.includes('${{')) return `\${{ }} is for workflows; ${SET_IT} there, and write \${NAME} here`
  return `a variable has to be the whole text: \${NAME}, with a name of letters, digits and _`
}
