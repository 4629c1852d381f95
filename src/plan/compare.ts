import { ImgixError } from '../imgix/errors.ts'
import { InputError } from '../inputs/reader.ts'
import { isInShard } from '../inputs/shard.ts'
import { compareWithList, type Listing, type LocalFile } from './listing.ts'
import type { Planning } from './make-plan.ts'
import { noSource } from './source.ts'

/**
 * Compares the files of a full sync with the Source's assets.
 * @returns undefined if nothing is compared, or the key lacks the permission to list assets
 * @throws ImgixError, InputError if there is no such Source
 */
export async function compareWithSource(planning: Planning): Promise<Listing | undefined> {
  const { inputs, api, emit, explain } = planning
  if (inputs.mode !== 'all' || !inputs.upload || !inputs.selectsFiles) return undefined
  if (inputs.apiKey === '' || inputs.sourceId === '') {
    const text = 'without api-key and source-id nothing is compared with the Source, so every file is taken'
    emit({ kind: 'note', level: 'info', text })
    return undefined
  }
  try {
    const listing = await compare(planning)
    emit({ kind: 'compared', listing })
    return listing
  } catch (error) {
    if (!(error instanceof ImgixError)) throw error
    if (error.status === 404) throw noSource(api.sourceId, error)
    if (error.status !== 403) throw error
    const why = `the Source's assets can't be listed to compare with: ${explain(error)}`
    if (inputs.onUnknownBase === 'fail' && !inputs.force) throw new InputError([`on-unknown-base: ${why}`])
    emit({ kind: 'unlisted', why })
    return undefined
  }
}

function compare({ inputs, api, selection, metadata, signal, emit }: Planning): Promise<Listing> {
  const { prefix, shard } = inputs
  const { files, changes } = selection
  const { rootPath } = changes
  const local = [...files].flatMap(([path, file]): LocalFile[] =>
    'problem' in file ? [] : [{ originPath: prefix + path.slice(rootPath.length), ...file }],
  )
  return compareWithList(api, local, {
    isOurs(originPath) {
      const path = originPath.slice(prefix.length)
      if (!originPath.startsWith(prefix) || files.has(rootPath + path)) return false // the file exists, but can't be uploaded
      return inputs.files(path) && isInShard(rootPath + path, shard)
    },
    withAttributes: metadata.path !== '',
    signal,
    onListed: (assets) => emit({ kind: 'listed', assets }),
  })
}
