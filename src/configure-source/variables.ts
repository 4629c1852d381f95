/** What a text of the file comes to: itself, the variable's value in place of `${NAME}`, or why there is none. */
type Resolved = { readonly value: string; readonly isSecret: boolean } | { readonly problem: string }
export type Resolve = (text: string) => Resolved

const NAME = /^\$\{([A-Za-z_]\w*)\}$/
/** Whose variables no file may have: the inputs of the step, the api-key among them, and the runner's own tokens. */
const OWN = /^(INPUT|GITHUB|ACTIONS|RUNNER|STATE)_/i
const SET_IT = "set it in the step's env"

export type Variables = {
  readonly read: (name: string) => string | undefined
  readonly apiKey: string
  /** a run from a fork has the variables, and nothing in them */
  readonly mayBeEmpty: boolean
  /** gets every value before anything can be told of it */
  readonly hide: (secret: string) => void
}

/** `${NAME}`, which is the whole text or none of it, is all there is. What a variable holds is not looked into again. */
export function createResolve({ read, apiKey, mayBeEmpty, hide }: Variables): Resolve {
  return (text) => {
    if (!text.includes('${')) return { value: text, isSecret: false }
    const name = NAME.exec(text)?.[1]
    if (name === undefined) return { problem: explainForm(text) }
    if (OWN.test(name)) {
      return {
        problem: `the variable ${name} is the runner's own and not for this file; give the step one of another name`,
      }
    }
    const value = read(name)
    if (value === undefined) return { problem: `the variable ${name} is not set; ${SET_IT}` }
    hide(value)
    if (value === '') {
      const fork = 'in a run from a fork, where secrets are empty, only dry-run works'
      return mayBeEmpty ? { value, isSecret: true } : { problem: `the variable ${name} is empty; ${SET_IT} (${fork})` }
    }
    if (value === apiKey) return { problem: `the variable ${name} holds the api-key, which is no part of a Source` }
    if (!/^[\x21-\x7e]+$/.test(value)) {
      return {
        problem: `the variable ${name} has to hold one line of printable ASCII, without spaces or a line break at its end`,
      }
    }
    return { value, isSecret: true }
  }
}

function explainForm(text: string): string {
  if (text.includes('${{')) return `\${{ }} is for workflows; ${SET_IT} there, and write \${NAME} here`
  return `a variable is the whole text: \${NAME}, its name of letters, digits and _`
}
