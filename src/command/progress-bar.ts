import { SingleBar } from 'cli-progress'
import { createProgress, showProgress, type Track } from '../report/progress.ts'
import type { Terminal } from './terminal.ts'

const REFRESH_MS = 250
const BAR_WIDTH = 24

/** Draws a bar with rate and time left on a terminal; elsewhere tells a line now and then.
 *  @param kind of the terminal, as TERM names it: a dumb one can't take a line back */
export function trackProgress(terminal: Terminal, kind = ''): typeof createProgress {
  return terminal.log.isTTY && kind !== 'dumb'
    ? () => showProgress((track) => drawBar(terminal, track))
    : createProgress
}

/** @returns a function that takes the bar away */
function drawBar(terminal: Terminal, track: Track): () => void {
  const stream = terminal.log
  const bar = new SingleBar({
    format: `{bar} {percentage}%  {words}`,
    barsize: BAR_WIDTH,
    stream,
    fps: 1000 / REFRESH_MS,
    clearOnComplete: true,
    linewrap: true, // it cuts the line to the width, and leaves the terminal as it is
    gracefulExit: false,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  })
  keepLoose(bar)
  const update = (): void => {
    const { work, rates, left } = track.describe()
    bar.update(track.share(), { words: [left, rates, work].filter((text) => text !== '').join('; ') })
  }
  bar.start(1, 0, { words: '' })
  const timer = setInterval(update, REFRESH_MS).unref()
  terminal.setFooter({ hide: () => stream.write('\r\x1b[2K'), show: () => redraw(bar) })
  return () => {
    clearInterval(timer)
    terminal.setFooter(undefined)
    bar.stop()
  }
}

/** Parts of the bar that its types leave out. */
type Inner = {
  timer: NodeJS.Timeout | null
  lastDrawnString: string | null
  render(): void
  terminal: { cursorSave(): void; cursorRestore(): void }
}

const innerOf = (bar: SingleBar): Inner => bar as unknown as Inner

/** A bar must not keep a process alive that waits for nothing else: runner/settle.ts ends that run. And the place where it
 *  was first drawn has scrolled away with the lines above it. */
function keepLoose(bar: SingleBar): void {
  const inner = innerOf(bar)
  const render = inner.render.bind(bar)
  inner.render = () => {
    render()
    inner.timer?.unref()
  }
  inner.terminal.cursorSave = () => {}
  inner.terminal.cursorRestore = () => {}
}

function redraw(bar: SingleBar): void {
  const inner = innerOf(bar)
  inner.lastDrawnString = null
  inner.render()
}
