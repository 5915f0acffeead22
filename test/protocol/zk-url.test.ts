import { describe, expect, test } from 'vitest';
import { hidePassword, parseZkUrl } from '../../protocol/zk-url.ts';

test('a URL has servers, a path, and a password if it needs one', () => {
  expect(parseZkUrl('zk://zk1:2181,zk2:2182,10.0.0.1:2183/mesos')).toEqual({
    servers: [
      { host: 'zk1', port: 2181 },
      { host: 'zk2', port: 2182 },
      { host: '10.0.0.1', port: 2183 },
    ],
    path: '/mesos',
  });
  expect(parseZkUrl(' zk://user:p@ss:word@[::1]:2181/a/b/ ')).toEqual({
    servers: [{ host: '::1', port: 2181 }],
    path: '/a/b',
    auth: 'user:p@ss:word',
  });
  expect(parseZkUrl('zk://digest!user:secret@zk/mesos')).toMatchObject({ auth: 'user:secret' });
  expect(parseZkUrl('zk://zk/mesos').servers).toEqual([{ host: 'zk', port: 2181 }]);
});

const chroot = "Expecting a (chroot) path for ZooKeeper ('/' is not supported)";
const parsing = 'Error parsing ZooKeeper URL: ';

describe('what is wrong is said in the words of Mesos', () => {
  test.each([
    ['', `${parsing}Expecting 'zk://' at the beginning of the URL`],
    ['zk1:2181/mesos', `${parsing}Expecting 'zk://' at the beginning of the URL`],
    ['http://zk1:2181/mesos', `${parsing}Expecting 'zk://' at the beginning of the URL`],
    ['zk://zk1:2181', chroot],
    ['zk://zk1:2181/', chroot],
    ['zk:///mesos', `${parsing}No servers in 'zk:///mesos'`],
    ['zk://a:b@/mesos', `${parsing}No servers in 'zk://a:xxxxxxxx@/mesos'`],
    ['zk://zk1:0/mesos', `${parsing}Invalid server 'zk1:0'`],
    ['zk://zk1:65536/mesos', `${parsing}Invalid server 'zk1:65536'`],
    ['zk://zk1:x/mesos', `${parsing}Invalid server 'zk1:x'`],
    ['zk://zk1:2181/a//b', `${parsing}Invalid path '/a//b'`],
    ['zk://zk1:2181/a/../b', `${parsing}Invalid path '/a/../b'`],
    ['zk://!a:b@zk1/mesos', `${parsing}Expecting Zookeeper authentication schemee before '!' in the URL`],
    ['zk://digest!@zk1/mesos', `${parsing}Expecting credentials after '!' in the URL`],
    ['zk://sasl!a:b@zk1/mesos', `${parsing}Authentication scheme 'sasl' is not supported: only 'digest' is`],
    ['zk://user@zk1/mesos', `${parsing}Expecting 'user:password' before '@' in the URL`],
  ])('%s', (text, message) => {
    expect(() => parseZkUrl(text)).toThrow(new Error(message));
  });
});

test('a password is not shown', () => {
  expect(hidePassword('zk://user:se@cret@zk1:2181/mesos')).toBe('zk://user:xxxxxxxx@zk1:2181/mesos');
  expect(hidePassword('zk://zk1:2181,zk2:2181/mesos@home')).toBe('zk://zk1:2181,zk2:2181/mesos@home');
});
