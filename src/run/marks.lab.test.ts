/** The fingerprint on real nodes: it holds still, and sees everything that a run could leave. */
import { expect } from 'chai';
import { unitsOf } from '../model/snapshot.ts';
import { removeFingerprints, storedFingerprints, takeFingerprint } from '../acts/fingerprint.ts';
import { fingerprintDifferences } from '../model/fingerprint.ts';
import { openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { takeMarks } from './marks.ts';

const kubectl = '/snap/bin/microk8s kubectl';
const unit = 'snap.microk8s.daemon-k8s-dqlite.service';

/** What a run could leave on pi2: how it comes, how it goes, and how the fingerprint says it. */
const marks: readonly { what: string; come: string; go: string; says: RegExp }[] = [
  {
    what: 'an nft table',
    come: "nft add table inet left; nft add chain inet left c '{ type filter hook input priority 0; }'; nft add rule inet left c tcp dport 9 counter drop",
    go: 'nft delete table inet left',
    says: /^pi2: nft: \+ inet left c: tcp dport 9 counter drop$/m,
  },
  {
    what: 'a rule in a table of iptables',
    come: 'iptables -I INPUT -p tcp --dport 9 -j DROP',
    go: 'iptables -D INPUT -p tcp --dport 9 -j DROP',
    says: /^pi2: nft: \+ ip filter INPUT: .*tcp dport 9 .*drop$/m,
  },
  {
    what: 'a queue',
    come: 'tc qdisc replace dev eth0 root tbf rate 1gbit burst 32kbit latency 400ms',
    go: 'tc qdisc delete dev eth0 root',
    says: /^pi2: qdisc: \+ qdisc tbf .*dev eth0/m,
  },
  {
    what: 'a drop-in',
    come: `mkdir -p /run/systemd/system/${unit}.d; printf '[Service]\\nRestart=no\\n' >/run/systemd/system/${unit}.d/99-left.conf; systemctl daemon-reload`,
    go: `rm -r /run/systemd/system/${unit}.d; systemctl daemon-reload`,
    says: /^pi2: unit file: \+ .*99-left\.conf [0-9a-f]{12}$/m,
  },
  {
    what: 'a unit that failed',
    come: 'systemd-run --quiet --unit=left /bin/false; sleep 1',
    go: 'systemctl reset-failed left.service',
    says: /^pi2: failed: \+ left\.service$/m,
  },
  {
    what: 'a stopped process',
    come: 'systemd-run --quiet --unit=left sleep 600; sleep 0.2; systemctl kill -s STOP left.service; sleep 0.2',
    go: 'systemctl kill -s KILL left.service; systemctl stop left.service; systemctl reset-failed left.service 2>/dev/null; sleep 0.3',
    says: /^pi2: stopped: \+ \d+ \(sleep\)$/m,
  },
  {
    what: 'a process of ours',
    come: `systemd-run --quiet --unit=left /bin/sh -c 'sleep 600; : holdfast-left'; sleep 0.2`,
    go: 'systemctl stop left.service; systemctl reset-failed left.service 2>/dev/null; sleep 0.2',
    says: /^pi2: process: \+ sh \(\d+\)$/m,
  },
  {
    what: 'a cordon',
    come: `${kubectl} cordon pi2`,
    go: `${kubectl} uncordon pi2`,
    says: /^pi2: api: \+ cordoned$/m,
  },
  {
    what: 'a taint and a label',
    come: `${kubectl} taint node pi2 left=1:NoSchedule; ${kubectl} label node pi2 left=1`,
    go: `${kubectl} taint node pi2 left-; ${kubectl} label node pi2 left-`,
    says: /^pi2: api: \+ label left=1$[^]*^pi2: api: \+ taint left=1:NoSchedule$/m,
  },
  {
    what: 'a file of ours in the datastore',
    come: 'touch /var/snap/microk8s/current/var/kubernetes/backend/holdfast-left',
    go: 'rm /var/snap/microk8s/current/var/kubernetes/backend/holdfast-left',
    says: /^pi2: file: \+ \/var\/snap\/.*\/holdfast-left$/m,
  },
  {
    what: 'a slow disk',
    come: 'echo "$(stat -c %d /var/snap/microk8s/current/var/kubernetes/backend | awk \'{ print int($1 / 256) ":" $1 % 256 }\') 100000" >/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device',
    go: 'echo "$(stat -c %d /var/snap/microk8s/current/var/kubernetes/backend | awk \'{ print int($1 / 256) ":" $1 % 256 }\') 0" >/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device',
    says: /^pi2: io limit: \+ .*write_iops_device \d+:\d+ 100000$/m,
  },
];

describe('the fingerprint on the lab', () => {
  let lab: FaultLab;

  before(async () => {
    lab = await openFaultLab();
  });
  after(() => lab.close());

  it('holds still on an idle cluster, is quick, and is kept on the nodes until it is removed', async () => {
    const run = '2026-11-21T00-00-00Z-test-ab12cd';
    const nodes = lab.cluster.nodes.map(({ name }) => name);
    const marks = await takeMarks(run, await lab.survey(), lab.world);
    for (let i = 0; i < 5; i++) {
      const since = performance.now();
      expect(await marks.prove()).to.deep.equal([]);
      expect(performance.now() - since).to.be.at.most(3000);
    }
    const stored = await storedFingerprints(nodes, lab.world);
    expect([...stored.keys()].sort()).to.deep.equal(nodes);
    expect(stored.get('pi1')?.[0]).to.deep.include({ run, lines: marks.before['pi1'] });
    expect(await marks.remove()).to.deep.equal([]);
    expect(await lab.on('pi1', 'ls -d /var/lib/holdfast 2>/dev/null || true')).to.equal('');
    expect(await removeFingerprints(nodes, lab.world)).to.deep.equal([]);
  });

  for (const { what, come, go, says } of marks)
    it(`sees ${what}, and no more once it is gone`, async () => {
      const snapshot = await lab.survey();
      const looked = {
        units: unitsOf(snapshot),
        folder: snapshot.datastore.folder,
      };
      const look = async () =>
        (await takeFingerprint(['pi1', 'pi2'], looked, lab.world)).fingerprint;
      const before = await look();
      await lab.on('pi2', come);
      let seen: readonly string[];
      try {
        seen = fingerprintDifferences(before, await look());
      } finally {
        await lab.on('pi2', go);
      }
      expect(seen.join('\n')).to.match(says);
      expect(fingerprintDifferences(before, await look())).to.deep.equal([]);
    });
});
