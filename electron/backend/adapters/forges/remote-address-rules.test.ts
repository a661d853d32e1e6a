import { describe, expect, it } from 'vitest'
import { compareLink, forgeKindOf, linkOn, readRemoteAddress } from './remote-address-rules.ts'

describe('the address in a remote’s URL', () => {
  it.each([
    ['https://github.com/acme/app.git', 'github.com', 'acme/app'],
    ['https://person:secret@GitHub.com/acme/app/', 'github.com', 'acme/app'],
    ['http://git.example.com:8080/acme/app', 'git.example.com:8080', 'acme/app'],
    ['git@github.com:acme/app.git', 'github.com', 'acme/app'],
    ['ssh://git@gitlab.com:2222/group/sub/app.git', 'gitlab.com', 'group/sub/app'],
  ])('%s', (url, host, repository) => {
    expect(readRemoteAddress(url)).toEqual({ host, repository })
  })

  it.each([
    '/srv/git/app.git',
    '../app.git',
    'C:/git/app',
    'file:///srv/git/app',
    'ext::sh -c id',
    'https://github.com/acme',
    'https://github.com/acme/../../evil',
    'https://github.com/acme/$(id)',
    'https://github.com/acme/app?x=y',
    'https://github.com/acme/{owner}',
    'https://github.com@evil.example/',
    'https://-oProxyCommand=x/acme/app',
    'git@work-alias:acme/app',
    'git@github.com:-acme/app',
    'javascript:alert(1)//a/b',
    'https://github.com/ac me/app',
    'https://github.com/a‮b/app',
  ])('refuses %s', (url) => {
    expect(readRemoteAddress(url)).toBeNull()
  })
})

it.each([
  ['github.com', 'https://github.com/acme/app/compare/main...switchyard%2Ffix%231?expand=1'],
  [
    'gitlab.com',
    'https://gitlab.com/acme/app/-/merge_requests/new?merge_request%5Bsource_branch%5D=switchyard%2Ffix%231&merge_request%5Btarget_branch%5D=main',
  ],
  ['bitbucket.org', 'https://bitbucket.org/acme/app/pull-requests/new?source=switchyard%2Ffix%231&dest=main'],
  ['codeberg.org', 'https://codeberg.org/acme/app/compare/main...switchyard%2Ffix%231'],
  ['example.com', null],
])('the page on %s to compare two branches', (host, link) => {
  expect(compareLink({ host, repository: 'acme/app' }, { base: 'main', branch: 'switchyard/fix#1' })).toBe(link)
})

it('knows a forge by the name of its host, and by no part of another name', () => {
  expect(forgeKindOf('github.acme.com')).toBe('github')
  expect(forgeKindOf('git.gitlab.acme.com')).toBe('gitlab')
  expect(forgeKindOf('mygithub.com')).toBeNull()
})

it('takes for a link only a page of the forge itself', () => {
  expect(linkOn('github.com', 'https://github.com/a/b/pull/1')).toBe('https://github.com/a/b/pull/1')
  for (const url of [
    'http://github.com/a',
    'https://github.com.evil.example/a',
    'https://x@github.com/a',
    'javascript:alert(1)',
    'nothing',
  ])
    expect(linkOn('github.com', url)).toBeNull()
})
