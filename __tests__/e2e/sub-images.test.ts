import { expect, test } from 'vitest'
import { began, purged, scenario, uploaded, url } from '../helpers/scenario.ts'

const subImages = { 'sub-images': '*.svg' }

test('a sub-image is purged as one on the first domain, beside its purge on each', async () => {
  const source = { imgixSubdomains: ['one', 'two'] }
  const { push, imgix, asked } = await scenario({ imgix: { source }, files: { 'old.svg': 'o' } })
  const run = await push({ 'a.png': 'a', 'mark.svg': 'm', 'old.svg': null }, subImages)
  expect([run.code, run.errors]).toEqual([0, []])
  expect(imgix.purges.filter(({ subImage }) => subImage).map((purge) => purge.url)).toEqual([
    url('old.svg', 'one.imgix.net'),
    url('mark.svg', 'one.imgix.net'),
  ])
  expect(asked().filter((line) => line === purged)).toHaveLength(6 + 2)
  expect(run.report).toMatchObject({ counts: { purged: 6 } })
  expect(run.outputs).toMatchObject({ 'purged-count': '6' })
  const { urls } = run.report as { urls: { subImage: boolean; url: string; path: string }[] }
  expect(urls.filter(({ subImage }) => subImage)).toMatchObject([
    { url: url('mark.svg', 'one.imgix.net'), path: 'mark.svg', result: 'purged' },
    { url: url('old.svg', 'one.imgix.net'), path: 'old.svg', result: 'purged' },
  ])
})

test('an imgix to which that is a duplicate', async () => {
  const { push, asked } = await scenario({ imgix: { duplicatesByUrl: true } })
  const run = await push({ 'mark.svg': 'm' }, subImages)
  expect([run.code, asked()]).toEqual([0, [...began, uploaded('mark.svg'), purged, 'POST /api/v1/purge -> 409']])
})

test('with upload: false too, and not after an upload that failed, nor with purge: false', async () => {
  const { push, imgix } = await scenario()
  const count = (): number => imgix.purges.filter(({ subImage }) => subImage).length
  expect([(await push({ 'a.svg': '1' }, { ...subImages, upload: 'false' })).code, count()]).toEqual([0, 1])
  imgix.fault({ on: { path: /upload/ }, do: { answer: { status: 400 } } })
  expect([(await push({ 'b.svg': '2' }, subImages)).code, count()]).toEqual([1, 1])
  expect([(await push({ 'c.svg': '3' }, { ...subImages, purge: 'false' })).code, count()]).toEqual([0, 1])
})

test('without source-id there is no Source whose images could use it', async () => {
  const { push, imgix } = await scenario()
  const inputs = { ...subImages, upload: 'false', 'source-id': '', domains: 'a.example' }
  const run = await push({ 'mark.svg': 'm' }, inputs)
  expect([run.code, imgix.requests]).toEqual([1, []])
  expect(run.errors).toEqual([
    "source-id: '' is not allowed; the Source's id, required for sub-images and asset-manager",
  ])
})
