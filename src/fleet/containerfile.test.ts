import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { fleetJob } from './job.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(join(root, 'Containerfile'), 'utf8');

describe('the Containerfile', () => {
  it('takes what is there, and what is not kept from it', () => {
    const copies = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)];
    const sources = copies.flatMap(([, names = '']) => names.split(' '));
    expect(sources).to.include.members(['src', 'bin', 'scenarios', 'package.json']);
    expect(sources.filter((name) => !existsSync(join(root, name)))).to.deep.equal([]);
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(sources.filter((name) => !ignored.includes(`!${name}`))).to.deep.equal([]);
    expect(ignored).to.include('*');
  });

  it('makes what the pods of a Job are told to run', () => {
    const job = fleetJob({
      ...{ name: 'j', namespace: 'n', image: 'i', targets: ['a'], parallelism: 1 },
      work: { files: {}, args: [] },
      deadlineSeconds: 60,
    });
    const pod = job.spec?.template.spec;
    const [container] = pod?.containers ?? [];
    const last = (instruction: string): string | undefined =>
      [...text.matchAll(new RegExp(`^${instruction} (.*)$`, 'gm'))].at(-1)?.[1];
    expect(container?.workingDir).to.equal(last('WORKDIR'));
    const { runAsUser, runAsGroup } = pod?.securityContext ?? {};
    expect(`${runAsUser}:${runAsGroup}`).to.equal(last('USER'));
    const entrypoint = JSON.parse(last('ENTRYPOINT') ?? '[]') as readonly string[];
    expect(container?.command?.[2]).to.include(entrypoint.join(' '));
  });
});
