import progress from 'cli-progress'
import { createProgress, showProgress, type Track } from '../report/progress.ts'
import type { Terminal } from './terminal.ts'

const REFRESH_MS = 250
const BAR_WIDTH = 24
const BAR = {
  format: '{bar} {percentage}%  {words}',
  barsize: BAR_WIDTH,
  barCompleteString: '█'.repeat(BAR_WIDTH),
  barIncompleteString: '░'.repeat(BAR_WIDTH),
  barGlue: '',
  autopaddingChar: '',
}
const CLEAR_LINE = '\r\x1b[2K'

/** Draws a bar with rate and time left on a terminal; elsewhere tells a line now and then.
 *  @param kind of the terminal, as TERM names it: a dumb one can't take a line back */
export function trackProgress(terminal: Terminal, kind = ''): typeof createProgress {
  return terminal.log.isTTY && kind !== 'dumb'
    ? () => showProgress((track) => drawBar(terminal, track))
    : createProgress
}

/** The library's own bar keeps its place on the terminal, which the lines above scroll away, and a timer that keeps the
 *  process alive: so the library only writes it.
 *  @returns a function that takes the bar away */
function drawBar({ log, setFooter }: Terminal, track: Track): () => void {
  const startTime = Date.now()
  const draw = (): void => {
    const share = track.share()
    const known = { progress: share, value: share, total: 1, eta: 0, startTime, stopTime: null, maxWidth: log.columns }
    const words = track.describe().reverse().join('; ')
    const line = progress.Format.Formatter(BAR, known, { words }).slice(0, log.columns)
    setFooter({ hide: () => log.write(CLEAR_LINE), show: () => log.write(line) })
  }
  draw()
  const timer = setInterval(draw, REFRESH_MS).unref()
  return () => {
    clearInterval(timer)
    setFooter(undefined)
  }
}
