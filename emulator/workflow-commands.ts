type Annotation = {
  level: 'error' | 'warning' | 'notice'
  message: string
  properties: Record<string, string>
}
export type JobLog = { annotations: Annotation[]; masks: string[]; log: string }

const command = /^::([\w-]+)(?: (.*?))?::(.*)$/
const levels = new Set(['error', 'warning', 'notice'])

/** Reads an action's standard output as the runner does. A mask hides a value from the next line on: a secret that was
 *  printed before its mask stays visible. */
export function readJobLog(stdout: string): JobLog {
  const log: JobLog & { lines: string[] } = { annotations: [], masks: [], log: '', lines: [] }
  let resumeAt: string | undefined
  for (const line of stdout.split(/\r?\n/)) {
    const [, name = '', properties = '', data = ''] = command.exec(line) ?? []
    if (resumeAt !== undefined) {
      if (name === resumeAt) resumeAt = undefined
      else log.lines.push(masked(line, log.masks))
    } else if (name === 'stop-commands') resumeAt = data
    else if (name === '') log.lines.push(masked(line, log.masks))
    else obey(log, name, properties, data)
  }
  return { annotations: log.annotations, masks: log.masks, log: log.lines.join('\n') }
}

function obey(log: JobLog & { lines: string[] }, name: string, properties: string, data: string): void {
  const message = unescapeData(data)
  if (name === 'add-mask') log.masks.push(...new Set([message, ...message.split('\n')]))
  if (name === 'group') log.lines.push(masked(message, log.masks))
  if (!levels.has(name)) return
  const level = name as Annotation['level']
  log.annotations.push({ level, message: masked(message, log.masks), properties: readProperties(properties) })
}

/** Reads the GITHUB_OUTPUT file: `name<<delimiter` blocks and `name=value` lines. */
export function readOutputs(file: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = file.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const [, name, delimiter] = /^([^=]*?)<<(.+)$/.exec(line) ?? []
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter, at + 1)
      if (end === -1) throw new Error(`output '${name}' has no closing delimiter`)
      outputs[name] = lines.slice(at + 1, end).join('\n')
      at = end
    } else if (line !== '') {
      const cut = line.indexOf('=')
      if (cut === -1) throw new Error(`not an output: '${line}'`)
      outputs[line.slice(0, cut)] = line.slice(cut + 1)
    }
  }
  return outputs
}

function readProperties(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [name.trim(), unescapeProperty(value.join('='))]
    }),
  )
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}

function masked(text: string, masks: string[]): string {
  return masks.filter((mask) => mask !== '').reduce((shown, mask) => shown.replaceAll(mask, '***'), text)
}
