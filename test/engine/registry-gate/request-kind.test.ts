import { describe, expect, it } from 'vitest';
import { askedBy } from '../../../engine/registry-gate/request-kind.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('what a request to a registry wants', () => {
  it.each([
    ['PUT', '/v2/web/manifests/1.0', 'push', 'web', 'manifests', '1.0'],
    ['DELETE', `/v2/team/web/manifests/${digest}`, 'delete', 'team/web', 'manifests', digest],
    ['DELETE', `/v2/team/web/blobs/${digest}`, 'delete', 'team/web', 'blobs', digest],
    ['POST', '/v2/team/web/blobs/uploads/', 'push', 'team/web', 'uploads', ''],
    ['PATCH', '/v2/team/web/blobs/uploads/0a-1b', 'push', 'team/web', 'uploads', '0a-1b'],
    ['DELETE', '/v2/team/web/blobs/uploads/0a-1b', 'push', 'team/web', 'uploads', '0a-1b'],
    // As Distribution's own routes, which are greedy, too: the repository is what is before the last of these words.
    ['PUT', '/v2/team/manifests/web/manifests/1', 'push', 'team/manifests/web', 'manifests', '1'],
    ['PUT', '/v2/team/blobs/uploads/manifests/1', 'push', 'team/blobs/uploads', 'manifests', '1'],
    ['POST', '/v2/team/blobs/uploads/blobs/uploads/', 'push', 'team/blobs/uploads', 'uploads', ''],
  ])('is to change one repository: %s %s', (method, path, action, repository, what, reference) => {
    expect(askedBy(method, path)).toEqual({ kind: 'change', action, repository, what, reference });
  });

  it.each([
    '/v2/web/manifests/..',
    '/v2/web/manifests/.',
    '/v2/web/manifests/../other/manifests/1',
    '/v2/web/../other/manifests/1',
    '/v2/web//manifests/1',
    '/v2//web/manifests/1',
    '/v2/web/blobs/uploads/..',
    '/v2/web/blobs/uploads/../../../other/blobs/uploads/',
    '/v2/web%2f..%2fother/manifests/1',
    '/v2/web/manifests/1%2f..',
    '/v2/web/manifests/1/',
    '/v2/web/manifests/1#',
    '/v2/web\\other/manifests/1',
    'http://other/v2/web/manifests/1',
    '/v2/_catalog',
    '/v2/',
  ])('is no change where a registry could read it in another way: %s', (path) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(askedBy(method, path)).toEqual({ kind: 'unknown' });
    }
  });
});
