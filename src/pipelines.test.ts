import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Command } from 'commander';
import { parseDocument } from 'yaml';
import { scenarioNames } from './commands/context.ts';
import { program } from './commands/program.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const ci = readdirSync(join(root, 'docs/ci')).map((name) => `docs/ci/${name}`);
const pages = ['README.md', 'docs/gamedays.md', 'docs/results.md'];

/** What is not Holdfast's business ends a command line in a shell. */
const ends = /\s(?:\|\||&&|[|;>]|>>|>&2|#)(?:\s|$)|\)"|\s2>&1/;

/** The arguments of each call of Holdfast in a text of shell lines, YAML with such lines, or systemd units. */
function callsIn(text: string): readonly (readonly string[])[] {
  const { scripts } = JSON.parse(read('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const lines = text.replace(/\\\n\s*/g, ' ').split('\n');
  return lines.flatMap((line) => {
    if (/^\s*#/.test(line)) return [];
    const [, direct] = /(?:npx holdfast|bin\/holdfast\.js) (.*)/.exec(line) ?? [];
    const [, script = '', rest = ''] = /npm run (?:-s )?([a-z:]+)(.*)/.exec(line) ?? [];
    const of = /bin\/holdfast\.js (.*)/.exec(scripts[script] ?? '')?.[1];
    const call = direct ?? (of === undefined ? undefined : `${of}${rest.replace(' -- ', ' ')}`);
    return call === undefined ? [] : [wordsOf(call.split(ends)[0] ?? '')];
  });
}

/** The blocks of shell lines of a page. */
function codeIn(page: string): string {
  const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return blocks
    .filter(([, language]) => language === 'sh' || language === '')
    .map(([, , code]) => code)
    .join('\n');
}

function wordsOf(call: string): readonly string[] {
  return [...call.trim().matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, word = '']) => quoted ?? word,
  );
}

/** Reads a call as the program does, without doing anything. @throws commander's error */
function parse(words: readonly string[]): void {
  const all = program();
  const disarm = (command: Command): void => {
    command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
      .action(() => undefined);
    command.commands.forEach(disarm);
  };
  all.commands.forEach(disarm);
  all.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  all.parse(words, { from: 'user' });
}

describe('the pipelines of docs/ci', () => {
  const yaml = ci.filter((name) => name.endsWith('.yml'));

  it('are YAML without a doubled key or a warning', () => {
    expect(yaml).to.have.length(3);
    for (const name of yaml) {
      const document = parseDocument(read(name), { strict: true, uniqueKeys: true });
      expect([...document.errors, ...document.warnings], name).to.deep.equal([]);
    }
  });

  it("have the shape of their system's files", () => {
    for (const name of yaml.filter((one) => one.includes('github'))) {
      const { on, jobs } = parseDocument(read(name)).toJS() as {
        readonly on: object;
        readonly jobs: Readonly<Record<string, { steps: { uses?: string; run?: string }[] }>>;
      };
      expect(on, name).to.be.an('object');
      for (const { steps } of Object.values(jobs))
        for (const step of steps) expect('uses' in step !== 'run' in step, name).to.equal(true);
    }
    const gitlab = parseDocument(read('docs/ci/gitlab-ci.yml')).toJS() as Readonly<
      Record<string, { script?: readonly unknown[]; stage?: string; extends?: string | string[] }>
    >;
    const { stages, ...jobs } = gitlab;
    for (const [name, { script, stage, extends: bases = [] }] of Object.entries(jobs)) {
      for (const base of [bases].flat()) expect(jobs, name).to.have.property(base);
      if (name.startsWith('.') || name === 'default') continue;
      expect(stages, name).to.include(stage);
      // A line with a colon in it would be a map.
      expect(
        script?.every((line) => typeof line === 'string'),
        name,
      ).to.equal(true);
    }
  });

  for (const name of [...ci, 'docs/systemd/holdfast.service', ...pages])
    it(`call Holdfast as it can be called: ${name}`, () => {
      const calls = callsIn(name.endsWith('.md') ? codeIn(read(name)) : read(name));
      if (!name.endsWith('README.md') || name === 'README.md')
        expect(calls, 'no call was found').to.have.length.greaterThan(0);
      for (const words of calls) {
        expect(() => parse(words), words.join(' ')).to.not.throw();
        const [command, first = ''] = words;
        if (command === 'run' && first !== '' && !first.startsWith('-'))
          expect(scenarioNames()).to.include(first);
        for (const word of words.filter((one) => one.startsWith('scenarios/')))
          expect(existsSync(join(root, word)), word).to.equal(true);
      }
    });

  it('would be found out if they did not', () => {
    const wrong = 'npx holdfast run leader-loss --clutser "a b.yaml" || code=$?';
    const [words = []] = callsIn(wrong);
    expect(words).to.deep.equal(['run', 'leader-loss', '--clutser', 'a b.yaml']);
    expect(() => parse(words)).to.throw(/unknown option '--clutser'/);
    expect(() => parse(['gameday', 'x.yaml'])).to.throw(/required option '--cluster/);
    expect(() => parse(['run', 'x', '--trials', 'many'])).to.throw(/a whole number/);
    expect(() => parse(['gmaeday'])).to.throw(/unknown command/);
  });

  describe('upgrade-gate.sh', () => {
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'holdfast-upgrade-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Runs it with a stand-in for Holdfast that ends as told, by command, and writes down its calls. */
    const upgrade = (codes: {
      readonly run: number;
      readonly gate: number;
    }): { status: number | null; calls: readonly string[] } => {
      const calls = join(folder, 'calls');
      const standIn = [
        '#!/bin/sh',
        `echo "$2 $(printf '%s ' "$@" | sed 's/^holdfast [a-z]* //')" >> ${calls}`,
        `mkdir -p ${folder}/night-$(wc -l < ${calls})`,
        `ln -sfn night-$(wc -l < ${calls}) ${folder}/latest`,
        `case $2 in run) exit ${codes.run} ;; gate) exit ${codes.gate} ;; esac`,
      ];
      writeFileSync(join(folder, 'npx'), `${standIn.join('\n')}\n`, { mode: 0o755 });
      const { status } = spawnSync(
        'sh',
        [join(root, 'docs/ci/upgrade-gate.sh'), 'c.yaml', 'sh', '-c', `echo upgrade >> ${calls}`],
        { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, REPORTS: folder } },
      );
      return { status, calls: readFileSync(calls, 'utf8').trim().split('\n') };
    };

    it('measures, upgrades, measures, and ends as the gate does', () => {
      for (const [run, gate] of [
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 5],
      ] as const) {
        rmSync(join(folder, 'calls'), { force: true });
        const { status, calls } = upgrade({ run, gate });
        expect(status).to.equal(gate);
        expect(calls.map((call) => call.split(' ')[0])).to.deep.equal([
          ...['run', 'upgrade', 'run', 'gate'],
        ]);
        expect(calls[3]?.trim()).to.equal(
          `gate --before ${folder}/night-1 --after ${folder}/night-3`,
        );
      }
    });

    it('upgrades nothing where something was left behind, refused or proves nothing', () => {
      for (const run of [3, 4, 5, 64, 75]) {
        rmSync(join(folder, 'calls'), { force: true });
        const { status, calls } = upgrade({ run, gate: 0 });
        expect(status).to.equal(run);
        expect(calls).to.have.length(1);
      }
    });
  });
});
