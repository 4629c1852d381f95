/** A page of 1,000 assets with all that imgix and users set of them has fewer. */
const VALUES_MAX = 250_000
const DEPTH_MAX = 100

/** JSON that is refused, because it would take far more memory and time than its length suggests. */
export class JsonLimitError extends Error {
  override name = 'JsonLimitError'
}

/** JSON.parse for a text that somebody else wrote.
 *  @throws SyntaxError, which does not quote the text as that of JSON.parse does; JsonLimitError */
export function parseJson(text: string, revive?: (key: string, value: unknown) => unknown): unknown {
  checkJson(text)
  try {
    return JSON.parse(text, revive)
  } catch (error) {
    throw error instanceof SyntaxError ? new SyntaxError('it is not JSON') : error
  }
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [LIST, LIST_END, MAP, MAP_END] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Counts values by their commas and brackets. What is no JSON is for the parser to say.
 *  @throws JsonLimitError */
export function checkJson(text: string): void {
  let values = 1
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) at = endOfString(text, at)
    else if (character === COMMA) values += 1
    else if (character === LIST_END || character === MAP_END) depth -= 1
    else if (character === LIST || character === MAP) {
      values += 1
      depth += 1
    }
    if (values > VALUES_MAX) throw new JsonLimitError(`JSON of more than ${VALUES_MAX} values`)
    if (depth > DEPTH_MAX) throw new JsonLimitError(`JSON that is nested more than ${DEPTH_MAX} deep`)
  }
}

/** @returns where the quote is that ends a string, or the end of a text that has none */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) return at
    if (character === BACKSLASH) at += 1
  }
  return text.length
}
