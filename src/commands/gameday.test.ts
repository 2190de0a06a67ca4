import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { anyResultSchema } from '../model/any-result-schema.ts';

const root = resolve(import.meta.dirname, '..', '..');

/** A cluster that nobody answers for. */
const cluster = `
apiVersion: holdfast.dev/v1
kind: Cluster
name: nowhere
platform: microk8s
cluster-id: 3f0c2a51-7c1e-4a5b-9a43-0e6d7d1f2b90
kubeconfig: { file: kubeconfig }
ssh: { user: nobody, identity: id, known-hosts: known-hosts, port: 1 }
allow: [reversible]
nodes: { pi1: { address: 127.0.0.1 } }
`;

describe('a game day that cannot begin', function () {
  this.timeout(120_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-gameday-'));
    writeFileSync(join(folder, 'cluster.yaml'), cluster);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const gameday = (
    ...more: readonly string[]
  ): Promise<{ readonly exitCode?: number; readonly stderr: string }> =>
    execa(
      process.execPath,
      [
        ...['--import', 'tsx', 'src/main.ts', 'gameday', 'scenarios/gamedays/nightly.yaml'],
        ...['--cluster', join(folder, 'cluster.yaml'), '--reports', join(folder, 'reports')],
        ...more,
      ],
      { cwd: root, reject: false },
    ).then(({ exitCode, stderr }) => ({ stderr, ...(exitCode !== undefined && { exitCode }) }));

  it('leaves a result that says why, and all of its views', async () => {
    const { exitCode, stderr } = await gameday();
    const latest = join(folder, 'reports', 'latest');
    const read = (name: string): string => readFileSync(join(latest, name), 'utf8');
    const result = anyResultSchema.parse(JSON.parse(read('result.json')));
    expect(result).to.include({ kind: 'gameday', scenario: 'nightly', exitCode });
    expect(result.outcome).to.be.oneOf(['unreachable', 'usage']);
    expect(stderr).to.include(`${result.outcome.toUpperCase()}: game day nightly`);
    expect(read('summary.md')).to.include(`## ${result.outcome.toUpperCase()}: game day nightly`);
    expect(read('metrics.prom')).to.match(
      new RegExp(`^holdfast_outcome\\{.*outcome="${result.outcome}"\\} 1$`, 'm'),
    );
    expect(read('junit.xml')).to.include('<error type="holdfast"');
  });

  it('leaves nothing if nothing was to be done', async () => {
    const { exitCode } = await gameday('--dry-run');
    expect(exitCode).to.be.oneOf([64, 69]);
    expect(readdirSync(folder)).to.deep.equal(['cluster.yaml']);
  });
});
