import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const STYLE = `
  :root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --code: light-dark(#eff1f3, #262c36); }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 24px auto; padding: 0 16px;
    background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc); }
  a { color: light-dark(#0969da, #4493f8); text-decoration: none; }
  table { border-collapse: collapse; margin: 0 0 16px; }
  td, th { border: 1px solid var(--line); padding: 6px 13px; }
  code { background: var(--code); border-radius: 6px; padding: 2px 5px; font-size: 85%; }
  sub { vertical-align: baseline; font-size: 75%; }
  .alert { border-left: 4px solid light-dark(#9a6700, #9e6a03); padding: 8px 16px; margin: 0 0 16px; }
`

/** The Markdown that a summary uses, beside its HTML. */
const MARKDOWN: readonly [RegExp, string][] = [
  [/^### (.*)$/gm, '<h3>$1</h3>'],
  [/^#### (.*)$/gm, '<h4>$1</h4>'],
  [/^> \[!(\w+)\]\n> (.*)$/gm, '<div class="alert"><b>$1</b><br>$2</div>'],
]

/** Writes a job summary as a page.
 *  @param picture its bytes, by commit and path: they are on no GitHub
 *  @returns the path of the page */
export function writePage(markdown: string, picture: (sha: string, path: string) => Buffer): string {
  const body = MARKDOWN.reduce((text, [from, to]) => text.replace(from, to), markdown)
  const shown = body.replace(/src="https:\/\/[^"]*\/blob\/(\w+)\/([^"?]*)\?raw=true"/g, (_, sha, escaped) => {
    const path = decodeURIComponent(escaped)
    return `src="data:image/${path.endsWith('.svg') ? 'svg+xml' : 'png'};base64,${picture(sha, path).toString('base64')}"`
  })
  const folder = join(tmpdir(), 'imgix-sync-demo')
  mkdirSync(folder, { recursive: true })
  const page = join(folder, 'summary.html')
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><title>Job summary</title><style>${STYLE}</style>${shown}`)
  return page
}
