import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { claims } from './claims/table.ts';
import { faults } from './faults/table.ts';
import { exitCodeOf, outcomes } from './model/outcome.ts';
import type { ProbeKind } from './model/probe.ts';
import { probeKinds } from './probes/kinds.ts';
import { readCluster } from './read/cluster.ts';
import { readGameday } from './read/gameday.ts';
import { readScenario } from './read/scenario.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = (name: string): string => readFileSync(join(root, name), 'utf8');

describe('the pages for people', () => {
  it('link only to what is there', () => {
    const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
    const pages = [
      'README.md',
      'CHANGELOG.md',
      ...docs.map((name) => `docs/${name}`),
      'docs/ci/README.md',
    ];
    const links = pages.flatMap((name) =>
      [...page(name).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, to = '']) => ({ name, to })),
    );
    expect(links).to.have.length.greaterThan(5);
    expect(
      links.filter(({ name, to }) => !existsSync(join(root, dirname(name), to))),
    ).to.deep.equal([]);
  });

  it('show a cluster file that can be read', () => {
    const block = /```yaml\n([\s\S]*?)```/.exec(page('README.md'))?.[1] ?? '';
    const read = readCluster(block, 'README.md');
    expect(read).to.have.nested.property('cluster.nodes').with.length(4);
  });

  it('show a game day that can be read', () => {
    const block = /```yaml\n([\s\S]*?)```/.exec(page('docs/gamedays.md'))?.[1] ?? '';
    const read = readGameday(block, 'docs/gamedays.md');
    expect(read).to.have.nested.property('gameday.known').with.length(1);
  });

  it('show scenarios that can be read', () => {
    const blocks = [...page('docs/scenarios.md').matchAll(/```yaml\n([\s\S]*?)```/g)]
      .map(([, block = '']) => block)
      .filter((block) => block.includes('kind: Scenario'));
    expect(blocks).to.have.lengthOf(2);
    for (const block of blocks)
      expect(readScenario(block, 'docs/scenarios.md')).to.have.property('scenario');
  });

  it('name every outcome with its exit code, worst first', () => {
    const rows = [...page('docs/results.md').matchAll(/^\| (\d+) \| `([a-z]+)` \|/gm)];
    expect(rows.map(([, exit, outcome]) => `${exit} ${outcome}`)).to.deep.equal(
      outcomes.map((outcome) => `${exitCodeOf(outcome)} ${outcome}`),
    );
  });

  it('have a section for every fault, a row of who undoes it, and a section for every claim', () => {
    const sections = (name: string): readonly string[] =>
      [...page(name).matchAll(/^## ([a-z-]+)(?: `.*)?$/gm)].map(([, title = '']) => title);
    expect(sections('docs/faults.md')).to.deep.equal(Object.keys(faults));
    for (const name of Object.keys(faults))
      expect(page('docs/faults.md')).to.match(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
    expect(sections('docs/claims.md')).to.deep.equal(Object.keys(claims));
  });

  it('give every probe its period', () => {
    const rows = page('docs/claims.md').matchAll(
      /^\| `([a-z-]+)` \|.*\| (\d+ ms(?:, or \d+ ms)?|as its rate says) \|$/gm,
    );
    expect(Object.fromEntries([...rows].map(([, probe, ms]) => [probe, ms]))).to.deep.equal(
      Object.fromEntries(
        Object.entries<ProbeKind>(probeKinds).map(([name, { everyMs, calmMs }]) => [
          name,
          everyMs === undefined
            ? 'as its rate says'
            : `${everyMs} ms${calmMs === undefined ? '' : `, or ${calmMs} ms`}`,
        ]),
      ),
    );
  });
});
