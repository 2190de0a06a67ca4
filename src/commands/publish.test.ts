import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { metricsOf } from '../report/metrics.ts';
import { sampleResult } from '../report/testing/sample-run.ts';
import { sampleGameday } from '../report/testing/sample-trials.ts';
import { CommandError } from './context.ts';
import { publisher } from './publish.ts';

describe('what a result is handed on to', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-publish-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  describe('--metrics', () => {
    it('writes the metrics in place of those of the night before, and nothing beside them', () => {
      const metrics = join(folder, 'holdfast.prom');
      writeFileSync(metrics, 'of the night before');
      publisher({ metrics })(sampleGameday);
      expect(readFileSync(metrics, 'utf8')).to.equal(metricsOf(sampleGameday));
      expect(readdirSync(folder)).to.deep.equal(['holdfast.prom']);
    });

    it('is refused before anything is begun if it cannot be read there, or not be written', () => {
      const refused: Readonly<Record<string, RegExp>> = {
        [join(folder, 'holdfast.txt')]: /only files that end in \.prom/,
        [join(folder, 'nowhere', 'holdfast.prom')]: /nowhere cannot be written to: ENOENT/,
        [join('/dev/null', 'holdfast.prom')]: /\/dev\/null cannot be written to: it is no folder/,
      };
      for (const [metrics, because] of Object.entries(refused))
        expect(() => publisher({ metrics })).to.throw(CommandError, because);
    });

    it('does not throw if it cannot be written any more', () => {
      const metrics = join(folder, 'holdfast.prom');
      const publish = publisher({ metrics });
      rmSync(folder, { recursive: true });
      publish(sampleResult());
      folder = mkdtempSync(join(tmpdir(), 'holdfast-publish-'));
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  });
});
