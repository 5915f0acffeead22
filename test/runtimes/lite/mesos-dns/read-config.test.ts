import { describe, expect, it } from 'vitest';
import { mesosDnsDefaults } from '../../../../engine/mesos-dns/mesos-dns-config.ts';
import { readMesosDnsConfig } from '../../../../runtimes/lite/mesos-dns/read-config.ts';

const files = (content: unknown, resolvConf?: string) => ({
  environment: { HOME: '/home/dns' },
  readFile: (path: string) => {
    if (path === '/etc/resolv.conf') return resolvConf;
    if (path !== '/home/dns/c.json') return undefined;
    return typeof content === 'string' ? content : JSON.stringify(content);
  },
});
const read = (content: unknown, resolvConf?: string) => readMesosDnsConfig('~/c.json', files(content, resolvConf));
const masters = ['10.0.0.1:5050'];

describe('the configuration of Mesos-DNS', () => {
  it('has the defaults of the real one', () => {
    expect(read({ masters }).config).toEqual({ ...mesosDnsDefaults, masters, file: '/home/dns/c.json' });
  });

  // docs/configuration-parameters.md.
  it('takes every key of its documentation, in any case, as they stand there', () => {
    const { config, unknown } = read({
      ...{ zk: 'zk://10.101.160.15:2181/mesos', masters: ['10.101.160.15:5050', '10.101.160.16:5050'] },
      mesosCredentials: { principal: 'my-mesos-dns-principal', secret: 'super-secret' },
      ...{ mesosAuthentication: 'basic', refreshSeconds: 30, ttl: 40, domain: 'Lab.Mesos', port: 5353 },
      ...{ resolvers: ['169.254.169.254'], zoneResolvers: { weave: ['172.17.0.1'] }, timeout: 6, httpon: true },
      ...{ dnson: true, httpport: 8124, externalon: true, listener: '10.101.160.16', SOAMname: 'ns1.lab' },
      ...{ SOARname: 'root@ns1.lab', SOARefresh: 61, SOARetry: 601, SOAExpire: 86_401, SOAMinttl: 62 },
      ...{ IPSources: ['netinfo', 'docker', 'host'], recurseon: false, enforceRFC952: true, setTruncateBit: false },
      ...{ enumerationOn: false, stateTimeoutSeconds: 9, zkDetectionTimeout: 8, srvRecordDefaultWeight: 3 },
      ...{ HTTPListener: '127.0.0.1', MesosHTTPSOn: false, CACertFile: '', SOASerial: 7, File: 'x', email: 'old' },
    });
    expect(unknown).toEqual(['email']);
    expect(config).toEqual({
      ...{ zk: 'zk://10.101.160.15:2181/mesos', masters: ['10.101.160.15:5050', '10.101.160.16:5050'] },
      mesosCredentials: { principal: 'my-mesos-dns-principal', secret: 'super-secret' },
      ...{ mesosAuthentication: 'basic', refreshSeconds: 30, ttl: 40, domain: 'lab.mesos', port: 5353 },
      ...{ resolvers: ['169.254.169.254'], zoneResolvers: { weave: ['172.17.0.1'] }, timeout: 6, httpOn: true },
      ...{ dnsOn: true, httpPort: 8124, externalOn: true, listener: '10.101.160.16', soaMname: 'ns1.lab' },
      ...{ soaRname: 'root@ns1.lab', soaRefresh: 61, soaRetry: 601, soaExpire: 86_401, soaMinttl: 62 },
      ...{ ipSources: ['netinfo', 'docker', 'host'], recurseOn: false, enforceRfc952: true, setTruncateBit: false },
      ...{ enumerationOn: false, stateTimeoutSeconds: 9, zkDetectionTimeout: 8, srvRecordDefaultWeight: 3 },
      ...{ httpListener: '127.0.0.1', file: '/home/dns/c.json' },
    });
  });

  it('takes the resolvers of the machine when it lists none, but not itself', () => {
    const resolvConf = 'search x\nnameserver 127.0.0.1\nnameserver 10.9.9.9\n';
    expect(read({ masters, resolvers: [] }, resolvConf).config.resolvers).toEqual(['10.9.9.9']);
  });

  it.each<[string, unknown, string]>([
    ['broken JSON', '{', 'failed to unmarshal config file "/home/dns/c.json": '],
    ['no object', '[]', 'failed to unmarshal config file "/home/dns/c.json": json: it is no object'],
    [
      'a value of another type',
      { masters, port: '53' },
      'json: cannot unmarshal string into Go struct field Config.Port of type int',
    ],
    ['half a second', { masters, ttl: 0.5 }, 'cannot unmarshal number 0.5 into Go struct field Config.TTL of type int'],
    ['no master', {}, 'service validation failed: specify Mesos masters or Zookeeper in config.json'],
    [
      'nothing to serve',
      { masters, dnson: false, httpon: false },
      'service validation failed: either DNS or HTTP server should be on',
    ],
    ['a master without port', { masters: ['m'] }, 'error validating masters: illegal host:port specified: m'],
    [
      'a master twice',
      { masters: [...masters, ...masters] },
      'error validating masters: duplicate found: 10.0.0.1:5050',
    ],
    [
      'a bad URL of ZooKeeper',
      { zk: 'http://x/mesos' },
      "zk: failed to create master detector: Error parsing ZooKeeper URL: Expecting 'zk://'",
    ],
    [
      'a resolver that is no address',
      { masters, resolvers: ['ns.org'] },
      'error validating resolvers: illegal ip specified: ns.org',
    ],
    [
      'a resolver twice',
      { masters, resolvers: ['8.8.8.8', '8.8.8.8:53'] },
      'error validating resolvers: duplicate found: 8.8.8.8:53',
    ],
    ['a zone without resolvers', { masters, zoneResolvers: { weave: [] } }, 'field ZoneResolver weave is empty'],
    [
      'its own zone',
      { masters, zoneResolvers: { mesos: ['1.1.1.1'] } },
      "can't specify ZoneResolver for Mesos domain (mesos)",
    ],
    [
      'zones within zones',
      { masters, zoneResolvers: { 'a.weave': ['1.1.1.1'], weave: ['1.1.1.1'] } },
      'ambiguous zone resolvers: .a.weave is masked by .weave',
    ],
    ['no source', { masters, IPSources: [] }, 'IPSources validation failed: empty ip sources'],
    [
      'a source twice',
      { masters, IPSources: ['host', 'host'] },
      'IPSources validation failed: duplicate ip source specified',
    ],
    ['another source', { masters, IPSources: ['rkt'] }, 'IPSources validation failed: invalid ip source "rkt"'],
    ['another domain', { masters, domain: 'a_b' }, 'a_b is not a valid domain name'],
    ['no time to wait', { masters, stateTimeoutSeconds: 0 }, 'stateTimeoutSeconds: 0 is not from 1 to 2000000'],
    ['a port that is none', { masters, port: 70_000 }, 'port: 70000 is not from 0 to 65535'],
    ['a name to listen at', { masters, listener: 'here' }, 'listener: unable to parse ip: here'],
    ['HTTPS', { masters, mesosHTTPSOn: true }, 'mesosHTTPSOn: the masters of the lite set are asked by HTTP'],
    [
      'IAM',
      { masters, mesosAuthentication: 'iam' },
      "mesosAuthentication: iam is not there in the lite set: '' and 'basic' are",
    ],
    ['no principal', { masters, mesosAuthentication: 'basic' }, 'mesosAuthentication: basic needs mesosCredentials'],
  ])('with %s is refused in words', (_, content, message) => {
    expect(() => read(content)).toThrow(message);
  });

  it('that is not there is named in full, and all mistakes are said at once', () => {
    expect(() => readMesosDnsConfig('/none.json', files({}))).toThrow('missing configuration file: "/none.json"');
    expect(() => read({ masters: ['m'], IPSources: ['rkt'], domain: '-.' })).toThrow(
      /illegal host:port specified: m\n.*invalid ip source "rkt"\n.*-\. is not a valid domain name/s,
    );
  });
});
