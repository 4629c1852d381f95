import type { Report } from './choose.ts'

const LENGTH_MAX = 100

/** Makes unique names for the files of reports. No key can lead out of the folder. */
export function createPartNames(): (report: Report) => (number: number, url: string) => string {
  // in lower case, because a runner's file system can ignore case; with the number of its last copy
  const taken = new Map<string, number>()
  return (report) => {
    const safe = baseOf(report)
    let base = safe
    let copy = taken.get(safe.toLowerCase()) ?? 1
    for (; taken.has(base.toLowerCase()); copy += 1) base = `${safe}_${copy + 1}`
    taken.set(safe.toLowerCase(), copy)
    if (base !== safe) taken.set(base.toLowerCase(), 1)
    return (number, url) => `${base}-${String(number).padStart(2, '0')}${extensionOf(url)}`
  }
}

function baseOf({ key, day }: Report): string {
  const safe = key.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^-+/, '')
  return safe.replaceAll('_', '') === '' ? `report_${day.replaceAll('-', '')}` : safe.slice(0, LENGTH_MAX)
}

/** @returns '' if the URL's path has no plain extension */
function extensionOf(url: string): string {
  const name = URL.canParse(url) ? new URL(url).pathname.replace(/^.*\//, '') : ''
  return (/\.[a-z][a-z0-9]{0,7}(\.gz)?$/i.exec(name)?.[0] ?? '').toLowerCase()
}

// a number of four digits or more is a year or a day of somebody's own file
const PART = /^(.*)-(?:\d{2}|[1-9]\d\d)((?:\.[a-z][a-z0-9]{0,7})?)(?:\.gz)?$/

/** Tells parts of an earlier fetch of the same report: names of the same form, with another number, or packed otherwise.
 *  @param names of all parts of the new fetch */
export function createIsOlder(names: readonly string[]): (name: string) => boolean {
  const own = new Set(names.map((name) => name.toLowerCase()))
  const forms = new Set(names.map(formOf))
  return (name) => !own.has(name.toLowerCase()) && forms.has(formOf(name))
}

/** @returns base and extension of a part, which no other name can be */
function formOf(name: string): string {
  return name.toLowerCase().replace(PART, '$1/$2')
}
