import { existsSync, readFileSync } from 'node:fs'
import { run } from './run.mjs'

const installLines = [
  [/debian|ubuntu/, 'sudo apt-get install build-essential python3'],
  [/fedora|rhel|centos/, 'sudo dnf install gcc-c++ make python3'],
  [/arch/, 'sudo pacman -S base-devel python'],
  [/alpine/, 'sudo apk add build-base python3'],
  [/suse/, 'sudo zypper install gcc-c++ make python3'],
]

/** The line that installs a C++ compiler on the distribution described by the text of /etc/os-release. */
export function compilerInstallLine(osRelease) {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)/gm)].map((match) => match[1]).join(' ')
  return installLines.find(([pattern]) => pattern.test(ids))?.[1]
}

/** What is missing to compile node-pty here, as a message that says what to install, or undefined. */
export async function findMissingCompiler({ runCommand = run, platform = process.platform, arch = process.arch } = {}) {
  // The terminal library comes compiled for the usual systems.
  if (['darwin', 'win32', 'linux'].includes(platform) && ['x64', 'arm64'].includes(arch)) return undefined
  const wanted = [
    ['a C++ compiler', ['c++', 'g++', 'clang++']],
    ['make', ['make', 'gmake']],
    ['Python 3', ['python3', 'python']],
  ]
  const missing = []
  for (const [label, commands] of wanted) {
    if (!(await anyRuns(runCommand, commands))) missing.push(label)
  }
  if (missing.length === 0) return undefined
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  const line = compilerInstallLine(osRelease)
  const advice = line
    ? `Install it with:\n\n    ${line}\n\nand run the command again.`
    : 'Install it and run the command again.'
  return `The terminal library must be compiled here, and this machine is without ${missing.join(' and ')}. ${advice}`
}

async function anyRuns(runCommand, commands) {
  for (const command of commands) {
    if ((await runCommand(command, ['--version'])).code === 0) return true
  }
  return false
}
