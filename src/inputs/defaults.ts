// The defaults of action.yml, for inputs that the runner does not set. A test compares the two.
const DEFAULT_FILES = [
  ...'ai apng avif bmp eps gif hei[cf] icns ico jfif jp2 jp[eg] jpeg jxr pct pdf pjpeg png psd svg tif tiff webp'.split(
    ' ',
  ),
  ...'m4v mov mp4 webm'.split(' '),
].map((extension) => `**/*.${anyCase(extension)}`)

function anyCase(extension: string): string {
  return extension.replace(/\[([a-z]+)\]|[a-z]/g, (match, set: string | undefined) =>
    set === undefined ? `[${match}${match.toUpperCase()}]` : `[${set}${set.toUpperCase()}]`,
  )
}

/** Those of all three actions. */
export const CLIENT_DEFAULTS = { 'max-attempts': '5', timeout: '60', 'api-url': 'https://api.imgix.com' } as const

export const DEFAULTS = {
  mode: 'changed',
  root: '.',
  files: `${DEFAULT_FILES.join('\n')}\n`,
  'on-unknown-base': 'all',
  upload: 'true',
  'on-conflict': 'overwrite',
  'upload-via': 'auto',
  'session-threshold': '30MB',
  guards: 'fail',
  force: 'false',
  untracked: 'include',
  shard: '1/1',
  'asset-manager': 'off',
  purge: 'true',
  deleted: 'purge',
  verify: 'off',
  'verify-timeout': '60',
  summary: 'pictures',
  'rate-limits': 'upload=2/s, purge=10/s, get=10/s, refresh=10/m, default=4/s',
  concurrency: '8',
  'dry-run': 'false',
  ...CLIENT_DEFAULTS,
} as const
