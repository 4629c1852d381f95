import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTree } from './tree.ts'

/** A command that leaves a trace where it is run. */
export type Trap = {
  /** for a shell; what git adds to it is a comment */
  command: string
  isSprung: () => boolean
  /** Writes a program that does the same.
   *  @returns its path */
  program: (path: string) => string
}

export function createTrap(): Trap {
  const mark = join(createTree(), 'sprung')
  const command = `touch '${mark}' #`
  return {
    command,
    isSprung: () => existsSync(mark),
    program(path) {
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, `#!/bin/sh\n${command}\n`)
      chmodSync(path, 0o755)
      return path
    },
  }
}

/** The files that make a folder a bare repository to git, all of which can be committed, and the one link among them.
 *  @param folder '' or ends with a slash
 *  @param settings of its configuration */
export function bareRepository(
  folder: string,
  settings: string,
): { files: Record<string, string>; link: [path: string, target: string] } {
  const up = '../'.repeat(folder.split('/').length)
  const config = `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n${settings}`
  return {
    files: {
      [`${folder}HEAD`]: 'ref: refs/heads/main\n',
      [`${folder}config`]: config,
      [`${folder}objects/info/alternates`]: `${up}.git/objects\n`,
    },
    link: [`${folder}refs/heads/main`, `${up}../.git/refs/heads/main`],
  }
}

/** Settings each of which makes git run the command, one of them for a fetch. */
export function hostileSettings({ command }: Trap, remote: keyof typeof REMOTES = 'uploadpack'): string {
  const value = `"${command}"`
  return [
    `[core]\n\tfsmonitor = ${value}\n\thooksPath = hooks\n\tpager = ${value}\n\taskPass = ${value}`,
    `\talternateRefsCommand = ${value}\n\tsshCommand = ${value}\n\tgitProxy = ${value}`,
    `[diff]\n\texternal = ${value}`,
    `[protocol "ext"]\n\tallow = always`,
    `[credential]\n\thelper = "!${command}"`,
    `[remote "origin"]\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n\t${REMOTES[remote](command)}`,
  ]
    .map((line) => `${line}\n`)
    .join('')
}

const REMOTES = {
  uploadpack: (command: string) => `url = .\n\tuploadpack = "${command}"`,
  ssh: () => 'url = ssh://git@127.0.0.1/site.git',
  ext: (command: string) => `url = "ext::sh -c ${command.replaceAll(/[ %]/g, '%$&')}"`,
  proxy: () => 'url = git://127.0.0.1/site.git',
  promisor: (command: string) =>
    `url = .\n\tuploadpack = "${command}"\n\tpromisor = true\n\tpartialCloneFilter = blob:none\n[extensions]\n\tpartialClone = origin`,
}
