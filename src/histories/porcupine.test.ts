import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { judgeHistory, usualBudget } from './judge.ts';
import { findOrder } from './linearizable.ts';
import { historyOf, usualWish } from './testing/cluster.ts';
import { findPorcupine, type Porcupine } from './testing/porcupine/porcupine.ts';
import { readJepsen, readKeyValue, type Searchable } from './testing/porcupine/published.ts';

/** Of several objects, one that is wrong is enough; so those that take long are tried only if no other is. */
function isLinearizable(objects: readonly Searchable[]): boolean {
  for (const budget of [20_000, usualBudget]) {
    const found = objects.map(({ steps, specification }) =>
      findOrder(steps, specification, budget),
    );
    if (found.includes('not linearizable')) return false;
    if (!found.includes('unknown')) return true;
  }
  throw new Error('the search spent its budget');
}

describe('the search for an order, beside Porcupine', function () {
  this.timeout(500_000);
  let porcupine: Exclude<Porcupine, { readonly missing: string }>;

  before(function () {
    const found = findPorcupine();
    if ('missing' in found) {
      console.warn(
        `    SKIPPED: histories are not judged by Porcupine as well, for ${found.missing}`,
      );
      this.skip();
    } else porcupine = found;
  });

  it('says the same of all histories that it has published', () => {
    const said = porcupine.ofPublished();
    const ours = Object.fromEntries(
      (['jepsen', 'kv'] as const).flatMap((folder) =>
        readdirSync(join(porcupine.published, folder)).map((file) => {
          const text = readFileSync(join(porcupine.published, folder, file), 'utf8');
          const objects = folder === 'jepsen' ? readJepsen(text) : readKeyValue(text);
          return [file, isLinearizable(objects)];
        }),
      ),
    );
    expect(ours).to.deep.equal(
      Object.fromEntries(said.map(({ file, linearizable }) => [file, linearizable])),
    );
    const notEmpty = said.filter(({ operations }) => operations > 0);
    expect(notEmpty.filter(({ file }) => file.startsWith('etcd_'))).to.have.length(102);
    expect(notEmpty).to.have.length(108);
    expect(notEmpty.filter(({ linearizable }) => linearizable)).to.have.length(26);
  });

  it('says the same of histories of a cluster, sound and with a stale read', () => {
    const answers = [1, 2, 3, 4].flatMap((seed) => {
      const wish = { ...usualWish, seed, objects: 3, timeouts: 0.02, blind: 0.2 };
      return [historyOf(wish), historyOf({ ...wish, defect: 'stale read' })].map((registers) => ({
        theirs: porcupine.ofRegisters(registers).linearizable,
        ours: !judgeHistory({ registers, sets: [], counters: [] }).violations.some(
          ({ wrong }) => wrong === 'not linearizable',
        ),
      }));
    });
    expect(answers.map(({ ours }) => ours)).to.deep.equal(answers.map(({ theirs }) => theirs));
    expect(answers.filter(({ theirs }) => theirs)).to.have.length.within(3, 5);
  });
});
